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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what runs of a Compose project. */
@ActionInfo(
    name = "compose.ps",
    summary = "Say which containers of a Compose project run, from which image, and how they are",
    description =
        """
        Containers that have ended are among them. Nothing that is found fails the step: say with `expect` what
        has to hold.

        ```yaml
        uses: compose.ps
        with: { project: /srv/reports, services: [api, jobs] }
        expect: outputs.well && outputs.containers.all(c, c.image.endsWith(':2025-12-15-rc1'))
        ```
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks Docker.")
public final class ListContainers implements Action<ListContainers.Input, ListContainers.Output> {

  public record Input(
      @Doc("The directory of the Compose project, on the worker.") Path project,
      @Doc(value = "The services. All if empty.", defaultValue = "[]") List<String> services,
      @Doc(
              value =
                  "Its Compose files, relative to `project`. Those that Compose finds by itself if empty.",
              defaultValue = "[]")
          List<Path> files,
      @Doc("Its env file, relative to `project`. `.env` if absent.") @Nullable Path envFile) {}

  public record Output(
      @Doc("The containers, by name.") List<Container> containers,
      @Doc(
              "Whether each of the services has a container, and all of them run and are healthy where they have a health check.")
          boolean well) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    ComposeProject project =
        ComposeProject.at(input.project(), input.files(), input.envFile(), context);
    List<String> services = Configuration.of(project, context).require(input.services());
    List<Container> containers = Container.of(project, services, context);
    boolean complete =
        services.stream()
            .allMatch(
                service -> containers.stream().anyMatch(each -> each.service().equals(service)));
    return new Output(containers, complete && containers.stream().allMatch(Container::isWell));
  }

  private static String counted(Output output) {
    int number = output.containers().size();
    return number == 1
        ? "1 container, " + (output.well() ? "well" : "not well")
        : number + " containers, " + (output.well() ? "all well" : "not all of them well");
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Output output = run(input, context);
    List<String> rows = new ArrayList<>(List.of("service\timage\tcontent\tstate\thealth"));
    for (Container each : output.containers()) {
      rows.add(
          String.join(
              "\t",
              each.service(),
              each.image(),
              Image.brief(each.imageId()),
              each.state(),
              each.health() == null ? "-" : each.health()));
    }
    return new Preview(
        counted(output),
        false,
        List.of(new Detail(Preview.Kind.TABLE, "Containers now", rows)),
        output);
  }
}
