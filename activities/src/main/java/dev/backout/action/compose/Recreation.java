package dev.backout.action.compose;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.program.ComposeProject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Compose would do with one container of a service when the project is brought up, and why.
 *
 * @param container null if there is none yet
 * @param toImage null if the service has no image of its own name
 * @param toId of the image's content; null if it is not here yet
 */
record Recreation(
    String service,
    @Nullable Container container,
    @Nullable String toImage,
    @Nullable String toId,
    Why why) {

  enum Why {
    NONE("stays as it is"),
    STARTED("is started"),
    CREATED("is made: there is none"),
    IMAGE("is made anew: another image"),
    SETTINGS("is made anew: other settings");

    private final String words;

    Why(String words) {
      this.words = words;
    }
  }

  /**
   * @param then the project as it will be
   * @param ids of images' contents by name, where they will be others than the daemon has now
   */
  static List<Recreation> of(
      ComposeProject then, List<String> services, Map<String, String> ids, ActionContext context)
      throws ActionException, InterruptedException {
    Configuration configuration = Configuration.of(then, context);
    Map<String, String> hashes = Configuration.hashes(then, context);
    List<Container.Made> made = Container.made(then, services, context);
    List<Recreation> recreations = new ArrayList<>();
    for (String service : services) {
      String image = configuration.image(service).orElse(null);
      String id = image == null ? null : idOf(image, ids, then, context);
      List<Container.Made> own =
          made.stream().filter(each -> each.container().service().equals(service)).toList();
      if (own.isEmpty()) {
        recreations.add(new Recreation(service, null, image, id, Why.CREATED));
      }
      for (Container.Made each : own) {
        Why why = why(each, image, id, hashes.getOrDefault(service, ""));
        recreations.add(new Recreation(service, each.container(), image, id, why));
      }
    }
    return recreations;
  }

  /** The services that get a new container, or one that is started. */
  static List<String> changed(List<Recreation> recreations) {
    return recreations.stream()
        .filter(Recreation::changes)
        .map(Recreation::service)
        .distinct()
        .toList();
  }

  private static @Nullable String idOf(
      String image, Map<String, String> ids, ComposeProject project, ActionContext context)
      throws ActionException, InterruptedException {
    if (ids.containsKey(image)) {
      return ids.get(image);
    }
    Optional<Image> local = Image.local(image, project, context);
    return local.map(Image::id).orElse(null);
  }

  private static Why why(
      Container.Made made, @Nullable String image, @Nullable String id, String hash) {
    Container container = made.container();
    boolean sameImage =
        image == null || (container.image().equals(image) && container.imageId().equals(id));
    if (!sameImage) {
      return Why.IMAGE;
    }
    if (!made.settings().equals(hash)) {
      return Why.SETTINGS;
    }
    return container.isRunning() ? Why.NONE : Why.STARTED;
  }

  boolean changes() {
    return why != Why.NONE;
  }

  static Detail table(String title, List<Recreation> recreations) {
    List<String> rows = new ArrayList<>(List.of("service\tcontainer\tfrom\tto\twhat happens"));
    for (Recreation each : recreations) {
      Container container = each.container();
      rows.add(
          String.join(
              "\t",
              each.service(),
              container == null ? "-" : container.name(),
              container == null ? "-" : content(container.image(), container.imageId()),
              each.toImage() == null ? "-" : content(each.toImage(), each.toId()),
              each.why().words));
    }
    return new Detail(Preview.Kind.TABLE, title, rows);
  }

  /** The tag and the content: the rest of the name is long, and the same before and after. */
  private static String content(String image, @Nullable String id) {
    return image.substring(image.lastIndexOf('/') + 1) + " " + Image.brief(id);
  }
}
