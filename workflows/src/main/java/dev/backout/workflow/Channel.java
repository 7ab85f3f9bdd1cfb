package dev.backout.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.plan.ExecutionPlan.PlannedNotification;
import dev.backout.runbook.Occasion;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of what happens in a run.
 *
 * @param name the notification's name
 * @param events of what; empty for all of it
 * @param asked only of what asks one of these; empty for whoever is asked
 * @param action what tells them; null where the worker knows it, and it is none of the run's
 *     business
 * @param with the action's input but the event; null where the worker knows it
 */
public record Channel(
    String name,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Occasion> events,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> asked,
    @Nullable String action,
    @Nullable JsonNode with) {

  /** Another mapper than ours leaves out what is empty. */
  public Channel {
    events = events == null ? List.of() : events;
    asked = asked == null ? List.of() : asked;
  }

  /** One that the worker tells by itself. */
  public static Channel ofWorker(String name, List<Occasion> events, List<String> asked) {
    return new Channel(name, events, asked, null, null);
  }

  static Channel of(PlannedNotification planned) {
    return new Channel(
        planned.name(),
        planned.events(),
        planned.asked(),
        planned.use().action(),
        planned.use().with());
  }

  boolean isOfWorker() {
    return action == null;
  }

  /**
   * @param asks whom it asks; empty where it asks nobody in particular
   */
  boolean wants(Occasion occasion, Collection<String> asks) {
    return (events.isEmpty() || events.contains(occasion))
        && (asked.isEmpty() || !Collections.disjoint(asked, asks));
  }
}
