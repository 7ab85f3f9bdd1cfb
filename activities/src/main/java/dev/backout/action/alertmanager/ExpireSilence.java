package dev.backout.action.alertmanager;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.TextOrSecret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Ends a silence. */
@ActionInfo(
    name = "alertmanager.expire",
    summary = "End a silence before its time",
    description =
        "One that has ended, or that Alertmanager has forgotten since, is as wanted: nothing is done.",
    repeatable = Repeatable.SAFE,
    because = "What has ended stays ended.")
public final class ExpireSilence implements Action<ExpireSilence.Input, ExpireSilence.Output> {

  public record Input(
      @Doc("The base URL of the Alertmanager.") URI url,
      @Doc("The silence's id, which `alertmanager.silence` gave.") String silence,
      @Doc("The bearer token to send, `secret:NAME`.") @Nullable TextOrSecret token,
      @Doc(value = "Headers to send; a value may be a secret.", defaultValue = "{}")
          Map<String, TextOrSecret> headers,
      @Doc(value = "How long each answer may take.", defaultValue = "10s") Duration timeout) {}

  public record Output(@Doc("Whether it held until now.") boolean ended) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    Alertmanager server = server(input, context);
    if (held(server, input, context).isEmpty()) {
      return new Output(false);
    }
    server.expire(input.silence(), context);
    return new Output(true);
  }

  private static Alertmanager server(Input input, ActionContext context) throws ActionException {
    try {
      var unused = UUID.fromString(input.silence());
    } catch (IllegalArgumentException e) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "silence is to be an id as alertmanager.silence gives it, and is '"
              + input.silence()
              + "'.",
          e);
    }
    return Alertmanager.at(input.url(), input.token(), input.headers(), input.timeout(), context);
  }

  private static Optional<JsonNode> held(Alertmanager server, Input input, ActionContext context)
      throws ActionException {
    for (JsonNode each : server.silences(context)) {
      if (each.path("id").asText().equals(input.silence())
          && !each.path("status").path("state").asText().equals("expired")) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Optional<JsonNode> held = held(server(input, context), input, context);
    return held.isPresent()
        ? new Preview(
            "Would end the silence " + held.get().path("comment").asText(), true, List.of(), null)
        : new Preview("The silence has ended already", false, List.of(), new Output(false));
  }
}
