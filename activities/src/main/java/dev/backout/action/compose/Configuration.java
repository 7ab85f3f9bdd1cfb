package dev.backout.action.compose;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.program.ComposeProject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A project as its files and its variables make it: the services, their images, who needs whom.
 *
 * @param images by service; one that is only built has none
 * @param needs the services that each depends on
 */
record Configuration(Map<String, String> images, Map<String, Set<String>> needs) {

  static Configuration of(ComposeProject project, ActionContext context)
      throws ActionException, InterruptedException {
    return of(project, Map.of(), context);
  }

  /**
   * @param overrides variables that go before the env file's
   */
  static Configuration of(
      ComposeProject project, Map<String, String> overrides, ActionContext context)
      throws ActionException, InterruptedException {
    JsonNode json =
        DockerJson.read(
            project.ask(List.of("config", "--format", "json"), overrides, context),
            "the configuration of " + project.directory());
    Map<String, String> images = new LinkedHashMap<>();
    Map<String, Set<String>> needs = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> service : json.path("services").properties()) {
      if (service.getValue().hasNonNull("image")) {
        images.put(service.getKey(), service.getValue().get("image").asText());
      }
      Set<String> on = new TreeSet<>();
      service.getValue().path("depends_on").fieldNames().forEachRemaining(on::add);
      needs.put(service.getKey(), on);
    }
    return new Configuration(images, needs);
  }

  /**
   * Each service's hash of its settings, by which Compose tells whether a container is as wanted.
   */
  static Map<String, String> hashes(ComposeProject project, ActionContext context)
      throws ActionException, InterruptedException {
    Map<String, String> hashes = new HashMap<>();
    project
        .ask(List.of("config", "--hash", "*"), context)
        .lines()
        .map(line -> line.split(" ", 2))
        .filter(parts -> parts.length == 2)
        .forEach(parts -> hashes.put(parts[0], parts[1].strip()));
    return hashes;
  }

  Optional<String> image(String service) {
    return Optional.ofNullable(images.get(service));
  }

  Set<String> services() {
    return needs.keySet();
  }

  /**
   * @return the services that are meant, all if none is named
   * @throws ActionException if one is not there, naming those that are
   */
  List<String> require(List<String> named) throws ActionException {
    for (String service : named) {
      if (!services().contains(service)) {
        throw new ActionException(
            Kind.INVALID_INPUT,
            "There is no service '"
                + service
                + "' in this project; there are "
                + String.join(", ", services())
                + ". Nothing was changed; correct `services`.");
      }
    }
    return named.isEmpty() ? List.copyOf(services()) : List.copyOf(named);
  }

  /** These and what they need, which Compose brings up with them. */
  List<String> withNeeds(List<String> named) {
    Set<String> all = new HashSet<>();
    List<String> open = new ArrayList<>(named);
    while (!open.isEmpty()) {
      String service = open.remove(0);
      if (all.add(service)) {
        open.addAll(needs.getOrDefault(service, Set.of()));
      }
    }
    return services().stream().filter(all::contains).toList();
  }
}
