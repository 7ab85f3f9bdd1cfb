package dev.backout.action.compose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.Doc;
import dev.backout.action.program.ComposeProject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A container of a service, as it is now. */
public record Container(
    @Doc("The service it belongs to.") String service,
    @Doc("Its name.") String name,
    @Doc("Its id, shortened.") String id,
    @Doc("The image it was made from, as the project's files name it.") String image,
    @Doc("The id of that image's content, the same on every machine.") String imageId,
    @Doc("The digest by which its registry knows that image; absent if it came from none.")
        @Nullable String digest,
    @Doc("`running`, `exited`, `created`, `restarting`, `paused` or `dead`.") String state,
    @Doc("`healthy`, `unhealthy` or `starting`; absent if the service has no health check.")
        @Nullable String health,
    @Doc("The exit code of its last run; 0 while it runs.") int exitCode) {
  private static final int ID = 12;

  /** With the hash of the settings that it was made with. */
  record Made(Container container, String settings) {}

  boolean isRunning() {
    return state.equals("running");
  }

  boolean isWell() {
    return isRunning() && (health == null || health.equals("healthy"));
  }

  @Override
  public String toString() {
    return name
        + " is "
        + state
        + (isRunning() ? "" : " (exit code " + exitCode + ")")
        + (health == null || !isRunning() ? "" : " and " + health);
  }

  /**
   * @param services none for all
   * @return also those that have ended, by service
   */
  static List<Container> of(ComposeProject project, List<String> services, ActionContext context)
      throws ActionException, InterruptedException {
    return made(project, services, context).stream().map(Made::container).toList();
  }

  static List<Made> made(ComposeProject project, List<String> services, ActionContext context)
      throws ActionException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("ps", "--all", "--quiet"));
    words.addAll(services);
    List<String> ids = project.ask(words, context).lines().filter(id -> !id.isBlank()).toList();
    if (ids.isEmpty()) {
      return List.of();
    }
    List<String> inspect = new ArrayList<>(List.of("inspect", "--type", "container"));
    inspect.addAll(ids);
    List<Made> made = new ArrayList<>();
    Map<String, Optional<Image>> images = new HashMap<>();
    for (JsonNode json :
        DockerJson.read(project.askDocker(inspect, context), "the project's containers")) {
      String imageId = json.path("Image").asText();
      if (!images.containsKey(imageId)) {
        images.put(imageId, Image.local(imageId, project, context));
      }
      made.add(of(json, images.get(imageId)));
    }
    made.sort(Comparator.comparing(each -> each.container().name()));
    return made;
  }

  private static Made of(JsonNode json, Optional<Image> image) {
    JsonNode labels = json.path("Config").path("Labels");
    JsonNode state = json.path("State");
    return new Made(
        new Container(
            labels.path("com.docker.compose.service").asText(),
            json.path("Name").asText().replaceFirst("^/", ""),
            json.path("Id").asText().substring(0, ID),
            json.path("Config").path("Image").asText(),
            json.path("Image").asText(),
            image.map(Image::digest).orElse(null),
            state.path("Status").asText(),
            state.path("Health").path("Status").asText(null),
            state.path("ExitCode").asInt()),
        labels.path("com.docker.compose.config-hash").asText());
  }
}
