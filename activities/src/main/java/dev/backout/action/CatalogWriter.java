package dev.backout.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.classgraph.ClassGraph;
import io.github.classgraph.ScanResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Writes {@code backout-catalog.json} into the folder given as the only argument, from the action
 * classes on the classpath. Part of the build.
 */
public final class CatalogWriter {
  private CatalogWriter() {}

  public static void main(String[] args) throws IOException {
    ObjectNode catalog = ActionJson.MAPPER.createObjectNode();
    ArrayNode actions = catalog.putArray("actions");
    for (Class<?> action : actions()) {
      actions.add(describe(action));
    }
    Files.writeString(
        Path.of(args[0], ActionRegistry.CATALOG),
        ActionJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(catalog) + "\n");
  }

  private static List<Class<?>> actions() {
    try (ScanResult scan =
        new ClassGraph().acceptPackages("dev.backout.action").enableAnnotationInfo().scan()) {
      return scan.getClassesWithAnnotation(ActionInfo.class).loadClasses().stream()
          .sorted(Comparator.comparing(action -> action.getAnnotation(ActionInfo.class).name()))
          .toList();
    }
  }

  private static JsonNode describe(Class<?> action) {
    ActionInfo info = action.getAnnotation(ActionInfo.class);
    ObjectNode described = ActionJson.MAPPER.createObjectNode();
    described.put("name", info.name());
    described.put("class", action.getName());
    described.put("summary", info.summary());
    described.put("description", info.description());
    described.put("repeatability", info.repeatable().name());
    described.put("because", info.because());
    if (info.nothingToUndo()) {
      described.put("nothingToUndo", true);
    }
    described.set("inputs", Schemas.of(ActionRegistry.typeArgument(action, 0)));
    described.set("outputs", Schemas.of(ActionRegistry.typeArgument(action, 1)));
    return described;
  }
}
