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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts services back on the settings and the images that they had. */
@ActionInfo(
    name = "compose.putBack",
    summary = "Put services of a Compose project back on the settings and the images that they had",
    description =
        """
        The `undo` of `compose.setImage`, or of a `dotenv.edit` on a project's env file, and of the `compose.up` after it: both
        may say it, since what is back already is left alone. After several edits, that of the `compose.up` names the variables of
        all, with the env file as it was before the first, so that the services start once.

        The named variables become what they are in the former env file, or go where they were not there; the rest of the file
        stays as it is now. The images come from what `compose.setImage` has kept: the former tag is made to mean the former
        content again, and no registry is asked. Then the services are brought up, and must run exactly that.
        """,
    repeatable = Repeatable.SAFE,
    because =
        "What is back is left alone, and Compose touches only containers that are not as they should be.")
public final class PutBack implements Action<PutBack.Input, PutBack.Output> {
  private static final Duration GRACE = Duration.ofSeconds(10);

  public record Input(
      @Doc("The directory of the Compose project, on the worker.") Path project,
      @Doc(
              "The env file as it was, which the step that changed it gives. The variables stay as they are if absent or empty.")
          @Nullable Path former,
      @Doc(value = "The variables to take from it.", defaultValue = "[]") List<String> variables,
      @Doc(
              value = "The images to go back to, as `compose.setImage` gives them.",
              defaultValue = "[]")
          List<FormerImage> images,
      @Doc(value = "The services to bring up. All if empty.", defaultValue = "[]")
          List<String> services,
      @Doc(
              value = "How long they may take, once started, to run and be healthy; whole seconds.",
              defaultValue = "2m")
          Duration within,
      @Doc(
              value =
                  "Whether the services are brought up. False stops them instead, for a later undo to bring up: where a schema has to be taken back first.",
              defaultValue = "true")
          boolean start,
      @Doc(
              value =
                  "Its Compose files, relative to `project`. Those that Compose finds by itself if empty.",
              defaultValue = "[]")
          List<Path> files,
      @Doc("Its env file, relative to `project`. `.env` if absent.") @Nullable Path envFile) {}

  public record Output(
      @Doc("The services' containers.") List<Container> containers,
      @Doc("The services that have a new container.") List<String> recreated) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    ComposeProject project =
        ComposeProject.at(input.project(), input.files(), input.envFile(), context);
    requireImages(input, project, context);
    TextFile file = TextFile.read(project.envFile(), false, context);
    var unusedFormer = file.replace(edited(input, file, context), context);
    for (FormerImage each : input.images()) {
      var unused = project.askDocker(List.of("tag", each.imageId(), each.image()), context);
    }
    List<String> services = Configuration.of(project, context).require(input.services());
    if (!input.start()) {
      stop(input, context);
      return new Output(Container.of(project, services, context), List.of());
    }
    Rise.Risen risen =
        new Rise(project, services, context).up(input.within(), List.of("--pull", "never"));
    requireBack(input, risen.containers());
    return new Output(risen.containers(), risen.recreated());
  }

  private static void stop(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    var unused =
        new StopServices()
            .run(
                new StopServices.Input(
                    input.project(), input.services(), GRACE, input.files(), input.envFile()),
                context);
  }

  private static void requireImages(Input input, ComposeProject project, ActionContext context)
      throws ActionException, InterruptedException {
    for (FormerImage each : input.images()) {
      if (Image.local(each.imageId(), project, context).isEmpty()) {
        throw new ActionException(
            Kind.PERMANENT,
            "The former image of "
                + each.service()
                + ", "
                + each.image()
                + " ("
                + each.imageId()
                + "), is no longer on this machine: somebody has removed "
                + each.kept()
                + ". Nothing was changed; `docker pull` it again, see that it is the same, then retry.");
      }
    }
  }

  private static String edited(Input input, TextFile file, ActionContext context)
      throws ActionException {
    DotenvText text = new DotenvText(Optional.ofNullable(file.text()).orElse(""), file.lineEnd());
    Path kept = input.former();
    if (kept == null || kept.toString().isEmpty()) {
      return text.toString();
    }
    TextFile before = TextFile.read(kept, false, context);
    DotenvText former =
        new DotenvText(Optional.ofNullable(before.text()).orElse(""), before.lineEnd());
    for (String variable : input.variables()) {
      Optional<String> value = former.value(variable);
      text = value.isPresent() ? text.with(variable, value.get()) : text.without(variable);
    }
    return text.toString();
  }

  /** The project's files may have changed since, and say another image. */
  private static void requireBack(Input input, List<Container> containers) throws ActionException {
    for (FormerImage each : input.images()) {
      for (Container container : containers) {
        if (container.service().equals(each.service())
            && !container.imageId().equals(each.imageId())) {
          throw new ActionException(
              Kind.PERMANENT,
              container.name()
                  + " runs "
                  + container.image()
                  + " ("
                  + container.imageId()
                  + "), and should be back on "
                  + each.image()
                  + " ("
                  + each.imageId()
                  + "). The project's files name another image than they did; mend that, then retry.");
        }
      }
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    ComposeProject project =
        ComposeProject.at(input.project(), input.files(), input.envFile(), context);
    TextFile file = TextFile.read(project.envFile(), false, context);
    String edited = edited(input, file, context);
    String before = Optional.ofNullable(file.text()).orElse("");
    List<Detail> details = new ArrayList<>();
    if (!before.equals(edited)) {
      details.add(TextDiff.of(file.path().toString(), before, edited, context));
    }
    Map<String, String> ids = new HashMap<>();
    input.images().forEach(each -> ids.put(each.image(), each.imageId()));
    List<Recreation> recreations;
    try (EditedEnvironment environment = EditedEnvironment.of(edited)) {
      ComposeProject then = project.with(environment.file());
      Configuration configuration = Configuration.of(then, context);
      recreations =
          Recreation.of(
              then, configuration.withNeeds(configuration.require(input.services())), ids, context);
    }
    details.add(Recreation.table("Containers", recreations));
    try {
      requireImages(input, project, context);
    } catch (ActionException e) {
      details.add(new Detail(Preview.Kind.PROBLEM, "The former images", List.of(e.getMessage())));
    }
    List<String> names = Recreation.changed(recreations);
    boolean changes = !before.equals(edited) || !names.isEmpty();
    return new Preview(
        names.isEmpty()
            ? "All containers are as they were"
            : "Would put back " + String.join(", ", names) + (input.start() ? "" : ", not started"),
        changes,
        details,
        null);
  }
}
