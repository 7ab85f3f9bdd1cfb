package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Says what Kubernetes noted of late. */
@ActionInfo(
    name = "kubernetes.events",
    summary = "Say what Kubernetes has noted of late in a namespace",
    description =
        """
        Kubernetes forgets its events after an hour: collect them while the incident is fresh.

        ```yaml
        uses: kubernetes.events
        with: { context: production, namespace: payments, warningsOnly: true }
        ```

        The worker needs `list` on events.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks the API server.")
public final class Events implements Action<Events.Input, Events.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc(
              value = "Only of the objects whose name begins so. Of all if empty.",
              defaultValue = "\"\"")
          String about,
      @Doc(value = "Whether only warnings count.", defaultValue = "false") boolean warningsOnly,
      @Doc(value = "How many at most, the last ones.", defaultValue = "100") int most) {}

  public record Output(
      @Doc(value = "The events, the oldest first.", reading = true) List<Event> events) {}

  public record Event(
      @Doc("When it was last so, as Kubernetes says it.") String at,
      @Doc("`Normal` or `Warning`.") String type,
      @Doc("The reason, one word.") String reason,
      @Doc("What it is about, as `Pod/poller-1`.") String object,
      @Doc("How often.") int count,
      @Doc("What Kubernetes says.") String message) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      List<Event> events =
          cluster.list(Type.EVENT, "", input.warningsOnly() ? "type=Warning" : "").stream()
              .filter(
                  each ->
                      each.path("involvedObject").path("name").asText().startsWith(input.about()))
              .map(Events::event)
              .sorted(Comparator.comparing(Event::at))
              .toList();
      return new Output(events.subList(Math.max(0, events.size() - input.most()), events.size()));
    }
  }

  private static Event event(JsonNode event) {
    JsonNode object = event.path("involvedObject");
    return new Event(
        Stream.of("lastTimestamp", "eventTime", "firstTimestamp")
            .filter(event::hasNonNull)
            .map(name -> event.path(name).asText())
            .findFirst()
            .orElse(event.path("metadata").path("creationTimestamp").asText()),
        event.path("type").asText(),
        event.path("reason").asText(),
        object.path("kind").asText() + "/" + object.path("name").asText(),
        Math.max(1, event.path("count").asInt()),
        event.path("message").asText());
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Output output = run(input, context);
    List<String> rows = new ArrayList<>(List.of("at\treason\tabout\tKubernetes says"));
    output
        .events()
        .forEach(
            each ->
                rows.add(
                    String.join("\t", each.at(), each.reason(), each.object(), each.message())));
    return new Preview(
        output.events().size() + " events",
        false,
        List.of(new Detail(Preview.Kind.TABLE, "Events", rows)),
        output);
  }
}
