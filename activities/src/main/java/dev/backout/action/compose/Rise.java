package dev.backout.action.compose;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Durations;
import dev.backout.action.program.ComposeProject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Brings services up and says what came of it: what was replaced, what is not well, and why. */
final class Rise {
  /** For what comes before the waiting: images that are pulled, containers that are stopped. */
  private static final Duration MARGIN = Duration.ofMinutes(10);

  private static final Pattern PROGRESS =
      Pattern.compile(
          "(?m)(?<=^|: )\\h*(Container|Network|Volume) \\S+ +"
              + "(Healthy|Running|(Creat|Recreat|Start|Wait|Stopp|Remov|Kill)(e|ed|ing))$\\R?");
  private static final String LAST_LINES = "10";

  private final ComposeProject project;
  private final List<String> services;
  private final ActionContext context;

  /**
   * @param services that are meant, all of them there
   */
  Rise(ComposeProject project, List<String> services, ActionContext context) {
    this.project = project;
    this.services = services;
    this.context = context;
  }

  /**
   * @param recreated the services that have other containers than before
   */
  record Risen(List<Container> containers, List<String> recreated) {}

  /**
   * @param options of {@code docker compose up} besides
   * @throws ActionException saying in which state each container is
   */
  Risen up(Duration within, List<String> options)
      throws ActionException, IOException, InterruptedException {
    List<Container> before = Container.of(project, services, context);
    List<String> words =
        new ArrayList<>(
            List.of(
                "up", "--detach", "--wait", "--wait-timeout", Long.toString(within.toSeconds())));
    words.addAll(options);
    words.addAll(services);
    try {
      var unused = project.act(words, within.plus(MARGIN), "up.txt", context);
    } catch (ActionException e) {
      throw e.kind() == Kind.PERMANENT ? failed(e, within, before) : e;
    }
    List<Container> after = Container.of(project, services, context);
    requireWell(after);
    return new Risen(after, recreated(before, after));
  }

  private static List<String> recreated(List<Container> before, List<Container> after) {
    Set<String> ids = before.stream().map(Container::id).collect(Collectors.toSet());
    return after.stream()
        .filter(each -> !ids.contains(each.id()))
        .map(Container::service)
        .distinct()
        .toList();
  }

  private ActionException failed(ActionException cause, Duration within, List<Container> before)
      throws InterruptedException {
    StringBuilder text = new StringBuilder();
    text.append(String.join(", ", services))
        .append(" did not get well within ")
        .append(Durations.print(within))
        .append(".");
    try {
      List<Container> now = Container.of(project, services, context);
      List<String> replaced = recreated(before, now);
      now.stream()
          .filter(each -> !each.isWell())
          .forEach(each -> text.append(' ').append(each).append('.'));
      if (now.stream().allMatch(Container::isWell)) {
        text.append(" By now all of them are well: a retry sees that.");
      }
      if (!before.isEmpty() && !replaced.isEmpty()) {
        text.append(" The former containers of ")
            .append(String.join(", ", replaced))
            .append(" are gone.");
      }
      for (Container each : now) {
        if (!each.isWell()) {
          text.append(lastWords(each));
        }
      }
    } catch (ActionException e) {
      text.append(" In which state they are can't be told: ").append(e.getMessage());
    }
    text.append("\nCompose says: ").append(withoutProgress(String.valueOf(cause.getMessage())));
    return new ActionException(cause.kind(), text.toString(), cause);
  }

  /** Which container was made and begun when is in the evidence, and buries what went wrong. */
  private static String withoutProgress(String said) {
    return PROGRESS.matcher(said).replaceAll("");
  }

  private String lastWords(Container container) throws InterruptedException {
    try {
      String log =
          project.ask(
              List.of("logs", "--no-log-prefix", "--tail", LAST_LINES, container.service()),
              context);
      return log.isBlank()
          ? "\n" + container.name() + " has written nothing."
          : "\nThe last words of " + container.name() + ":\n" + context.mask(log.strip());
    } catch (ActionException e) {
      return "";
    }
  }

  /** Compose takes it for done when no container is unhealthy; a service may have none. */
  private void requireWell(List<Container> after) throws ActionException {
    List<String> problems = new ArrayList<>();
    for (String service : services) {
      if (after.stream().noneMatch(each -> each.service().equals(service) && each.isWell())) {
        problems.add(
            after.stream()
                .filter(each -> each.service().equals(service))
                .map(Container::toString)
                .findFirst()
                .orElse(service + " has no container"));
      }
    }
    if (!problems.isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          "Compose is through, and "
              + String.join(", ", problems)
              + ". See what `docker compose logs` says of it, then retry.");
    }
  }
}
