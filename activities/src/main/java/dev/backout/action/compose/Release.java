package dev.backout.action.compose;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.DotenvText;
import dev.backout.action.TextFile;
import dev.backout.action.program.ComposeProject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A change of the variable that the images of services depend on.
 *
 * @param images what the services' images will be, by service
 * @param file the env file as it is now
 * @param edited its text with the new tag
 */
record Release(Map<String, String> images, TextFile file, String edited) {
  /** No tag looks like it, so what changes with it depends on the variable. */
  private static final String OTHER = "backout-looks-what-depends-on-it";

  /**
   * @throws ActionException if no image depends on the variable, or not that of a service that is
   *     named
   */
  static Release of(SetImage.Input input, ComposeProject project, ActionContext context)
      throws ActionException, InterruptedException {
    if (!input.tag().matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?")) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "'"
              + input.tag()
              + "' is not a tag: up to 128 letters, digits, `_`, `.` and `-`. Nothing was changed.");
    }
    Map<String, String> images = images(input, project, context);
    TextFile file = TextFile.read(project.envFile(), false, context);
    DotenvText text = new DotenvText(Optional.ofNullable(file.text()).orElse(""), file.lineEnd());
    return new Release(images, file, text.with(input.variable(), input.tag()).toString());
  }

  private static Map<String, String> images(
      SetImage.Input input, ComposeProject project, ActionContext context)
      throws ActionException, InterruptedException {
    Configuration then = Configuration.of(project, Map.of(input.variable(), input.tag()), context);
    Configuration other = Configuration.of(project, Map.of(input.variable(), OTHER), context);
    Map<String, String> images = new LinkedHashMap<>();
    for (String service : then.require(input.services())) {
      Optional<String> image = then.image(service);
      if (image.isPresent() && !image.equals(other.image(service))) {
        images.put(service, image.get());
      } else if (!input.services().isEmpty()) {
        throw unchanged("The image of " + service + " does not depend", input, then);
      }
    }
    if (images.isEmpty()) {
      throw unchanged("No service's image depends", input, then);
    }
    return images;
  }

  private static ActionException unchanged(
      String what, SetImage.Input input, Configuration project) {
    return new ActionException(
        Kind.INVALID_INPUT,
        what
            + " on "
            + input.variable()
            + ". The images are "
            + project.images().entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue())
                .collect(Collectors.joining(", "))
            + ", and the Compose file must say something like `image: registry/name:${"
            + input.variable()
            + "}`. Nothing was changed; give the name of the variable that it really has as"
            + " `variable`, or correct `services`.");
  }

  /** Each once. */
  List<String> references() {
    return images.values().stream().distinct().toList();
  }

  List<String> services() {
    return new ArrayList<>(images.keySet());
  }
}
