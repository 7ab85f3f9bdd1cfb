package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext;
import dev.backout.action.Manifest;
import dev.backout.action.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps an object as it was before it was changed, for people. */
final class Evidence {
  private Evidence() {}

  /** Without what is secret. */
  static Path keep(JsonNode object, ActionContext context) throws IOException {
    Path file = PrivateFiles.create(context.evidence("before.yaml"));
    return Files.writeString(file, Manifest.yaml(Manifest.shown(object, context), context));
  }
}
