package dev.backout.action.compose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.program.ComposeProject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image that the Docker daemon has.
 *
 * @param id of its content, the same on every machine
 * @param digest that its registry knows it by; null if it came from none
 */
record Image(String id, @Nullable String digest) {
  private static final int SHOWN = 19;

  /**
   * @param reference a name with a tag, or an id
   * @return empty if the daemon has no such image
   */
  static Optional<Image> local(String reference, ComposeProject project, ActionContext context)
      throws ActionException, InterruptedException {
    String said;
    try {
      said = project.askDocker(List.of("image", "inspect", reference), context);
    } catch (ActionException e) {
      if (e.getMessage().toLowerCase(Locale.ROOT).contains("no such image")) {
        return Optional.empty();
      }
      throw e;
    }
    JsonNode image = DockerJson.read(said, "the image " + reference).path(0);
    return Optional.of(new Image(image.path("Id").asText(), digest(image, reference)));
  }

  /** An image may have come under several names; of these the one that was asked for counts. */
  private static @Nullable String digest(JsonNode image, String reference) {
    String digest = null;
    for (JsonNode each : image.path("RepoDigests")) {
      String[] parts = each.asText().split("@", 2);
      if (parts.length == 2 && (digest == null || parts[0].equals(repository(reference)))) {
        digest = parts[1];
      }
    }
    return digest;
  }

  /** The reference without its tag and digest. */
  static String repository(String reference) {
    String name = reference.split("@", 2)[0];
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }

  /** A digest as people compare them. */
  static String brief(@Nullable String digest) {
    return digest == null ? "not here yet" : digest.substring(0, Math.min(SHOWN, digest.length()));
  }
}
