package dev.backout.action.compose;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Durations;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.program.ComposeProject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stops services of a Compose project. */
@ActionInfo(
    name = "compose.stop",
    summary = "Stop services of a Compose project and see that they are stopped",
    description =
        """
        The containers stay, and `compose.up` starts them again. One that takes no notice of TERM is killed after
        `grace`, which the result says: a service whose first process takes no notice wants `init: true`.
        """,
    repeatable = Repeatable.SAFE,
    because = "What is stopped stays stopped.")
public final class StopServices implements Action<StopServices.Input, StopServices.Output> {
  private static final Duration MARGIN = Duration.ofMinutes(1);
  private static final int KILLED = 137;

  public record Input(
      @Doc("The directory of the Compose project, on the worker.") Path project,
      @Doc(value = "The services. All if empty.", defaultValue = "[]") List<String> services,
      @Doc(
              value = "How long a container may take before it is killed; whole seconds.",
              defaultValue = "10s")
          Duration grace,
      @Doc(
              value =
                  "Its Compose files, relative to `project`. Those that Compose finds by itself if empty.",
              defaultValue = "[]")
          List<Path> files,
      @Doc("Its env file, relative to `project`. `.env` if absent.") @Nullable Path envFile) {}

  public record Output(@Doc("The containers that ran and were stopped.") List<Stopped> stopped) {}

  public record Stopped(
      @Doc("Its service.") String service,
      @Doc("Its name.") String name,
      @Doc("Its exit code.") int exitCode,
      @Doc("Whether it took no notice of TERM and was killed.") boolean killed) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    ComposeProject project =
        ComposeProject.at(input.project(), input.files(), input.envFile(), context);
    List<String> services = Configuration.of(project, context).require(input.services());
    List<Container> before = running(project, services, context);
    if (before.isEmpty()) {
      return new Output(List.of());
    }
    List<String> words =
        new ArrayList<>(List.of("stop", "--timeout", Long.toString(input.grace().toSeconds())));
    words.addAll(services);
    var unused = project.act(words, input.grace().plus(MARGIN), "stop.txt", context);
    List<Container> left = running(project, services, context);
    if (!left.isEmpty()) {
      throw new ActionException(
          Kind.TRANSIENT,
          "Still running after the stop: "
              + String.join(", ", left.stream().map(Container::name).toList())
              + ". Something starts them again; find out what, then retry.");
    }
    List<Container> after = Container.of(project, services, context);
    return new Output(before.stream().map(each -> stopped(each, after)).toList());
  }

  private static Stopped stopped(Container before, List<Container> after) {
    Optional<Container> now =
        after.stream().filter(each -> each.name().equals(before.name())).findFirst();
    int exitCode = now.map(Container::exitCode).orElse(0);
    return new Stopped(before.service(), before.name(), exitCode, exitCode == KILLED);
  }

  private static List<Container> running(
      ComposeProject project, List<String> services, ActionContext context)
      throws ActionException, InterruptedException {
    return Container.of(project, services, context).stream()
        .filter(each -> each.isRunning() || each.state().equals("restarting"))
        .toList();
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    ComposeProject project =
        ComposeProject.at(input.project(), input.files(), input.envFile(), context);
    List<String> services = Configuration.of(project, context).require(input.services());
    List<Container> running = running(project, services, context);
    if (running.isEmpty()) {
      return new Preview(
          "Nothing of " + String.join(", ", services) + " runs",
          false,
          List.of(),
          new Output(List.of()));
    }
    return new Preview(
        "Would stop " + running.size() + " containers of " + String.join(", ", services),
        true,
        List.of(
            new Detail(
                Preview.Kind.NOTE,
                "Containers, killed if they have not ended after " + Durations.print(input.grace()),
                running.stream().map(Container::toString).toList())),
        null);
  }
}
