package dev.backout.action.alertmanager;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.backout.action.TextOrSecret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Silences alerts for a time. */
@ActionInfo(
    name = "alertmanager.silence",
    summary = "Silence alerts for a time, so that a rollback pages nobody by what it stops",
    description =
        """
        The silence ends by itself after `lasting`; `alertmanager.expire` ends it sooner, and is its undo:

        ```yaml
        uses: alertmanager.silence
        with: { url: http://127.0.0.1:9093, matchers: ['service="orders"'], lasting: 30m, comment: Rollback of orders }
        undo:
          uses: alertmanager.expire
          with: { url: http://127.0.0.1:9093, silence: "${{ outputs.silence }}" }
        ```

        Its comment names the run and the step. By that the step knows its own silence when it is done again, and makes no second
        one. Matchers that fit every alert are refused.
        """,
    repeatable = Repeatable.SAFE,
    because = "It finds its own silence by the run and the step in the comment.")
public final class SilenceAlerts implements Action<SilenceAlerts.Input, SilenceAlerts.Output> {

  public record Input(
      @Doc("The base URL of the Alertmanager.") URI url,
      @Doc(
              "Which alerts: all of these must fit, written as `service=\"orders\"`, with `=`, `!=`, `=~` or `!~`.")
          List<String> matchers,
      @Doc("How long, at the longest.") Duration lasting,
      @Doc("Why, for those who look at the silence.") String comment,
      @Doc("The bearer token to send, `secret:NAME`.") @Nullable TextOrSecret token,
      @Doc(value = "Headers to send; a value may be a secret.", defaultValue = "{}")
          Map<String, TextOrSecret> headers,
      @Doc(value = "How long each answer may take.", defaultValue = "10s") Duration timeout) {}

  public record Output(
      @Doc("The silence's id.") String silence, @Doc("When it ends by itself.") Instant endsAt) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    ObjectNode wanted = wanted(input, context);
    Alertmanager server = server(input, context);
    Optional<JsonNode> own = own(server, wanted, context);
    if (own.isPresent()) {
      return new Output(
          own.get().path("id").asText(), Instant.parse(own.get().path("endsAt").asText()));
    }
    String id = server.put(wanted, context);
    return new Output(id, Instant.parse(wanted.path("endsAt").asText()));
  }

  private static Alertmanager server(Input input, ActionContext context) throws ActionException {
    return Alertmanager.at(input.url(), input.token(), input.headers(), input.timeout(), context);
  }

  private static ObjectNode wanted(Input input, ActionContext context) throws ActionException {
    if (input.lasting().isZero() || input.lasting().isNegative()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "lasting must be longer than nothing, such as 30m, and is "
              + Durations.print(input.lasting())
              + ".");
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    ObjectNode silence = Alertmanager.JSON.createObjectNode();
    silence.set("matchers", Matcher.json(input.matchers()));
    silence.put("startsAt", now.toString());
    silence.put("endsAt", now.plus(input.lasting()).toString());
    silence.put("createdBy", "backout");
    silence.put("comment", context.mask(input.comment()) + " " + mark(context));
    return silence;
  }

  private static String mark(ActionContext context) {
    return "(backout run " + context.call().runId() + ", step " + context.call().step() + ")";
  }

  /** That of an earlier attempt of the step, if it still holds. */
  private static Optional<JsonNode> own(
      Alertmanager server, ObjectNode wanted, ActionContext context) throws ActionException {
    for (JsonNode each : server.silences(context)) {
      boolean holds = !each.path("status").path("state").asText().equals("expired");
      if (holds && each.path("comment").asText().equals(wanted.path("comment").asText())) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    ObjectNode wanted = wanted(input, context);
    JsonNode now = server(input, context).silences(context);
    long held =
        now.valueStream()
            .filter(each -> each.path("status").path("state").asText().equals("active"))
            .count();
    return new Preview(
        "Would silence the alerts that fit "
            + String.join(", ", input.matchers())
            + " for "
            + Durations.print(input.lasting()),
        true,
        List.of(
            new Detail(
                Preview.Kind.NOTE,
                "Silence",
                List.of(wanted.path("comment").asText(), held + " other silences hold now"))),
        null);
  }
}
