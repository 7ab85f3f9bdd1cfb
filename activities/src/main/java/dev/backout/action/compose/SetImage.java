package dev.backout.action.compose;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.DotenvText;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextDiff;
import dev.backout.action.TextFile;
import dev.backout.action.program.ComposeProject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Points a Compose project at another tag of its image. */
@ActionInfo(
    name = "compose.setImage",
    summary = "Point a Compose project at another tag of its image, once the image is here",
    description =
        """
        For projects whose files say something like `image: registry/api:${IMAGE_TAG}`, with the tag in the env file. The new
        image is fetched first, so a tag that the registry doesn't have fails before anything is touched. Then the env file is
        edited, as by `dotenv.edit`. No container is touched: `compose.up` does that.

        The images that the services have run until now are kept under a tag of their own, `before-RUN-STEP-SERVICE`, so that no
        clean-up takes them. `compose.putBack` with `outputs.former` and `outputs.formerFile` goes back to exactly these, also if
        somebody has pushed something else under the former tag, and with the registry down.
        """,
    repeatable = Repeatable.SAFE,
    because =
        "What is there isn't fetched again, a file that already says so is not written, and the former file and images are kept once.")
public final class SetImage implements Action<SetImage.Input, SetImage.Output> {
  private static final int LONGEST_TAG = 128;

  public record Input(
      @Doc("The directory of the Compose project, on the worker.") Path project,
      @Doc("The tag to go to.") String tag,
      @Doc(value = "The variable that the images depend on.", defaultValue = "IMAGE_TAG")
          String variable,
      @Doc(
              value = "The services. All whose image depends on the variable if empty.",
              defaultValue = "[]")
          List<String> services,
      @Doc(
              value =
                  "Whether the image is fetched. False takes the one that this machine has, without asking the registry.",
              defaultValue = "true")
          boolean pull,
      @Doc(
              value =
                  "Its Compose files, relative to `project`. Those that Compose finds by itself if empty.",
              defaultValue = "[]")
          List<Path> files,
      @Doc("Its env file, relative to `project`. `.env` if absent.") @Nullable Path envFile) {}

  public record Output(
      @Doc("The tag before; absent if the variable wasn't set.") @Nullable String formerTag,
      @Doc("The images that the services' containers were made from.") List<FormerImage> former,
      @Doc("Where the env file is kept as it was; absent if it already said so.")
          @Nullable Path formerFile,
      @Doc("The services that the new tag is for.") List<String> services,
      @Doc("The ids of the new images' contents.") List<String> imageIds) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    ComposeProject project =
        ComposeProject.at(input.project(), input.files(), input.envFile(), context);
    Release release = Release.of(input, project, context);
    Registry registry = new Registry(project, context);
    if (input.pull()) {
      registry.pull(release.references());
    } else {
      registry.requireHere(release.images());
    }
    List<FormerImage> former = keep(release, project, context);
    TextFile file = release.file();
    Path changed = file.replace(release.edited(), context).orElse(null);
    Path formerFile = changed == null ? file.kept(context.call()).orElse(null) : changed;
    return new Output(
        tag(input.variable(), formerFile == null ? file.path() : formerFile, context),
        former,
        formerFile,
        release.services(),
        ids(release, project, context));
  }

  /** A repetition finds what the first attempt has kept, whatever has become of the containers. */
  private static List<FormerImage> keep(
      Release release, ComposeProject project, ActionContext context)
      throws ActionException, InterruptedException {
    List<FormerImage> former = new ArrayList<>();
    for (Container each : Container.of(project, release.services(), context)) {
      if (former.stream().anyMatch(other -> other.service().equals(each.service()))) {
        continue;
      }
      String kept = keptName(each, context);
      Optional<Image> before = Image.local(kept, project, context);
      if (before.isEmpty()) {
        var unused = project.askDocker(List.of("tag", each.imageId(), kept), context);
      }
      former.add(
          new FormerImage(
              each.service(), each.image(), before.map(Image::id).orElse(each.imageId()), kept));
    }
    return former;
  }

  private static String keptName(Container container, ActionContext context) {
    String tag = "before-" + context.call().label() + "-" + container.service();
    return Image.repository(container.image())
        + ":"
        + tag.substring(0, Math.min(LONGEST_TAG, tag.length()));
  }

  private static @Nullable String tag(String variable, Path file, ActionContext context)
      throws ActionException {
    TextFile former = TextFile.read(file, false, context);
    return new DotenvText(Optional.ofNullable(former.text()).orElse(""), former.lineEnd())
        .value(variable)
        .orElse(null);
  }

  private static List<String> ids(Release release, ComposeProject project, ActionContext context)
      throws ActionException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (String image : release.references()) {
      Optional<Image> local = Image.local(image, project, context);
      if (local.isEmpty()) {
        throw new ActionException(
            Kind.TRANSIENT, image + " was here and is gone: something cleans up. Retry.");
      }
      ids.add(local.get().id());
    }
    return ids;
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    ComposeProject project =
        ComposeProject.at(input.project(), input.files(), input.envFile(), context);
    Release release = Release.of(input, project, context);
    List<Detail> details = new ArrayList<>();
    Map<String, String> ids = expected(input, release, project, context, details);
    String before = Optional.ofNullable(release.file().text()).orElse("");
    if (!before.equals(release.edited())) {
      details.add(TextDiff.of(project.envFile().toString(), before, release.edited(), context));
    }
    List<Recreation> recreations;
    try (EditedEnvironment edited = EditedEnvironment.of(release.edited())) {
      recreations = Recreation.of(project.with(edited.file()), release.services(), ids, context);
    }
    details.add(Recreation.table("Containers, when they are brought up afterwards", recreations));
    return new Preview(
        "Would fetch "
            + String.join(", ", release.references())
            + " and set "
            + input.variable()
            + "="
            + input.tag(),
        !before.equals(release.edited()),
        details,
        null);
  }

  /** The new images' contents, as the registry says or this machine has them. */
  private static Map<String, String> expected(
      Input input,
      Release release,
      ComposeProject project,
      ActionContext context,
      List<Detail> details)
      throws InterruptedException, ActionException {
    Map<String, String> ids = new HashMap<>();
    Registry registry = new Registry(project, context);
    try {
      if (input.pull()) {
        for (String image : release.references()) {
          ids.put(image, registry.ask(image));
        }
      } else {
        registry.requireHere(release.images());
      }
    } catch (ActionException e) {
      details.add(new Detail(Preview.Kind.PROBLEM, "The image", List.of(e.getMessage())));
    }
    return ids;
  }
}
