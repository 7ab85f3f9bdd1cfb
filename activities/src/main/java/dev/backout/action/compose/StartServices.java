package dev.backout.action.compose;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.program.ComposeProject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings services of a Compose project up. */
@ActionInfo(
    name = "compose.up",
    summary =
        "Bring services of a Compose project up as its files want them, and wait until they are well",
    description =
        """
        Containers whose image or settings are no longer those of the project's files are made anew, the others stay.
        What a service depends on is brought up with it. Variables come from the env file alone, never from the
        worker's own environment: set them there, with `dotenv.edit` or `compose.setImage`, in a step before.

        Docker ends the former container before the new one begins. One that doesn't get well leaves nothing to go back
        to by itself, so the error says which containers are gone, and `undo` of the step that changed the
        env file brings them back.
        """,
    repeatable = Repeatable.SAFE,
    because = "Compose touches only containers that are not as they should be.")
public final class StartServices implements Action<StartServices.Input, StartServices.Output> {

  public record Input(
      @Doc("The directory of the Compose project, on the worker.") Path project,
      @Doc(value = "The services. All if empty.", defaultValue = "[]") List<String> services,
      @Doc(
              value = "How long they may take, once started, to run and be healthy; whole seconds.",
              defaultValue = "2m")
          Duration within,
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
    List<String> services = Configuration.of(project, context).require(input.services());
    Rise.Risen risen = new Rise(project, services, context).up(input.within(), List.of());
    return new Output(risen.containers(), risen.recreated());
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    ComposeProject project =
        ComposeProject.at(input.project(), input.files(), input.envFile(), context);
    Configuration configuration = Configuration.of(project, context);
    List<String> all = configuration.withNeeds(configuration.require(input.services()));
    List<Recreation> recreations = Recreation.of(project, all, Map.of(), context);
    List<String> names = Recreation.changed(recreations);
    List<Detail> details = new ArrayList<>();
    details.add(Recreation.table("Containers, with the env file as it is now", recreations));
    return new Preview(
        names.isEmpty()
            ? "Would leave all containers as they are, unless a step before changes what they are made from"
            : "Would bring up " + String.join(", ", names),
        true,
        details,
        null);
  }
}
