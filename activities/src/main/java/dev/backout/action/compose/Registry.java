package dev.backout.action.compose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.program.ComposeProject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What the registry of an image says of it. */
final class Registry {
  private static final Duration PULL = Duration.ofMinutes(15);
  private static final Pattern MISSING =
      Pattern.compile("(?i)manifest unknown|no such manifest|not found|repository does not exist");
  private static final Pattern DENIED = Pattern.compile("(?i)unauthorized|denied|forbidden");

  private final ComposeProject project;
  private final ActionContext context;

  Registry(ComposeProject project, ActionContext context) {
    this.project = project;
    this.context = context;
  }

  /**
   * Fetches images, which changes nothing that runs. This is the proof that the registry has them.
   *
   * @throws ActionException PERMANENT if it has no such tag or lets nobody in; TRANSIENT if it
   *     can't be reached
   */
  void pull(List<String> images) throws ActionException, IOException, InterruptedException {
    for (String image : images) {
      try {
        var unused =
            project.actDocker(List.of("pull", "--quiet", image), PULL, "pull.txt", context);
      } catch (ActionException e) {
        throw e.kind() == Kind.PERMANENT ? refused(image, e) : e;
      }
    }
  }

  /**
   * Asks, and changes nothing: not even what the daemon has.
   *
   * @return the id of the image's content on this daemon's kind of machine
   */
  String ask(String image) throws ActionException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("manifest", "inspect", "--verbose"));
    if (isInsecure(image)) {
      words.add("--insecure");
    }
    words.add(image);
    try {
      JsonNode said = DockerJson.read(project.askDocker(words, context), "the image " + image);
      return said.isArray() ? ofPlatform(said, image) : id(said);
    } catch (ActionException e) {
      throw e.kind() == Kind.PERMANENT ? refused(image, e) : e;
    }
  }

  private String ofPlatform(JsonNode images, String image)
      throws ActionException, InterruptedException {
    String machine =
        project
            .askDocker(List.of("version", "--format", "{{.Server.Os}}/{{.Server.Arch}}"), context)
            .strip();
    for (JsonNode each : images) {
      JsonNode platform = each.path("Descriptor").path("platform");
      String name = platform.path("os").asText() + "/" + platform.path("architecture").asText();
      if (name.equals(machine)) {
        return id(each);
      }
    }
    throw new ActionException(
        Kind.PERMANENT,
        image
            + " is there, and not for "
            + machine
            + ", which the Docker daemon is. Nothing was changed; name a tag that was built for it.");
  }

  private static String id(JsonNode image) {
    JsonNode docker = image.path("SchemaV2Manifest");
    JsonNode manifest = docker.isMissingNode() ? image.path("OCIManifest") : docker;
    return manifest.path("config").path("digest").asText();
  }

  /** Docker's own rule, which its daemon keeps and `docker manifest` has to be told. */
  private boolean isInsecure(String image) throws ActionException, InterruptedException {
    String host = image.split("/", 2)[0];
    if (host.startsWith("127.") || host.startsWith("localhost")) {
      return true;
    }
    JsonNode registries =
        DockerJson.read(
            project.askDocker(
                List.of("info", "--format", "{{json .RegistryConfig.IndexConfigs}}"), context),
            "its registries");
    return !registries.path(host).path("Secure").asBoolean(true);
  }

  private static ActionException refused(String image, ActionException problem) {
    String said = problem.getMessage();
    if (DENIED.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "The registry does not let this worker have "
              + image
              + ". Nothing was stopped or changed; `docker login` as the worker's user, or correct the name. "
              + said,
          problem);
    }
    if (MISSING.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "The registry has no "
              + image
              + ". Nothing was stopped or changed; name a tag that is there. "
              + said,
          problem);
    }
    return new ActionException(
        Kind.TRANSIENT,
        "The registry of "
            + image
            + " can't be asked. Nothing was stopped or changed; see that it runs, then retry, or say `pull: false` if this machine still has the image. "
            + said,
        problem);
  }

  /** Those that the daemon has, with no word of the registry. */
  void requireHere(Map<String, String> images) throws ActionException, InterruptedException {
    for (String image : images.values()) {
      if (Image.local(image, project, context).isEmpty()) {
        throw new ActionException(
            Kind.PERMANENT,
            "This machine has no "
                + image
                + ", and the registry is not to be asked (`pull: false`). Nothing was stopped or changed; name a tag that is here, or let it be fetched.");
      }
    }
  }
}
