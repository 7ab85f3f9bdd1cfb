package dev.backout.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.catalog.ActionCatalog;
import dev.backout.catalog.ActionSpec;
import dev.backout.catalog.Repeatability;
import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import dev.backout.runbook.ActionCall;
import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Suggestion;
import dev.backout.runbook.Value;
import dev.backout.runbook.expression.Names;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An action with its input, checked against the catalog. */
final class CallCompiler {
  /** The input of an action that can tell somebody of something. */
  private static final String EVENT = "event";

  private static final String HEADERS = "headers";

  /** Headers that prove who somebody is, in small letters. */
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token");

  /** Inputs of actions that are nothing but a credential, wherever they may hold a secret. */
  private static final Set<String> SECRETS = Set.of("token", "password", "routingKey", "webhook");

  private final ActionCatalog catalog;
  private final Diagnostics diagnostics;
  private final ValueCompiler values;

  CallCompiler(ActionCatalog catalog, Diagnostics diagnostics) {
    this.catalog = catalog;
    this.diagnostics = diagnostics;
    this.values = ValueCompiler.ofTemplates(diagnostics);
  }

  /** What an action call gave: empty outputs stand for an action that is not known. */
  record Call(ActionUse use, ValueType outputs, String because) {}

  Call compile(ActionCall call, Names names) {
    String name = call.action().value();
    ActionSpec spec = catalog.find(name).orElse(null);
    if (spec == null) {
      return unknown(call, names);
    }
    ObjectNode with =
        values.struct(call.with(), spec.inputs(), "`" + name + "`", call.action().range(), names);
    call.with().entries().stream()
        .filter(entry -> SECRETS.contains(entry.key().value()))
        .filter(entry -> maySecret(spec, entry.key().value()))
        .forEach(this::requireSecret);
    ValueType.Struct outputs = withoutWords(spec.outputs());
    return new Call(
        new ActionUse(
            name, with, spec.repeatability(), outputs, spec.nothingToUndo() ? true : null),
        outputs,
        spec.because());
  }

  /** Where Backout gives the action the event that it is to tell of. */
  Call compileTelling(ActionCall call, Names names) {
    String name = call.action().value();
    ActionSpec spec = catalog.find(name).orElse(null);
    if (spec != null && !spec.inputs().fields().containsKey(EVENT)) {
      diagnostics.error(
          call.action().range(),
          "tells-nobody",
          "`" + name + "` takes no `event`, so it can tell nobody of one",
          "Take one that does, such as `notify.webhook`");
    }
    call.with().entries().stream()
        .filter(entry -> entry.key().value().equals(EVENT))
        .forEach(
            entry ->
                diagnostics.error(
                    entry.key().range(),
                    "event-given",
                    "In a notification Backout gives the `event`",
                    "Take it out"));
    call.with().find(HEADERS).ifPresent(entry -> requireSecrets(entry.value()));
    return compile(call, names);
  }

  /** What proves who Backout is to a receiver would else stand in every plan and history. */
  private void requireSecrets(Value headers) {
    if (!(headers instanceof Value.Fields fields)) {
      return;
    }
    fields.entries().stream()
        .filter(header -> CREDENTIALS.contains(header.key().value().toLowerCase(Locale.ROOT)))
        .forEach(this::requireSecret);
  }

  private static boolean maySecret(ActionSpec spec, String input) {
    ValueType.Field field = spec.inputs().fields().get(input);
    return field != null
        && field.type() instanceof ValueType.Scalar scalar
        && scalar.kind() == ScalarKind.TEXT_OR_SECRET;
  }

  private void requireSecret(Value.Entry entry) {
    if (entry.value() instanceof Value.Text text
        && text.template().isLiteral()
        && !text.template().text().startsWith("secret:")) {
      diagnostics.error(
          text.range(),
          "plain-secret",
          "The value of `" + entry.key().value() + "` would stand in the plan and the history",
          "Write `secret:NAME`; the worker finds the whole value under that name");
    }
  }

  /** In places that are entered before anybody has agreed to a change. */
  Call compileReadOnly(ActionCall call, Names names, String place) {
    Call compiled = compile(call, names);
    if (catalog.find(call.action().value()).isPresent()
        && compiled.use().repeatability() != Repeatability.READ_ONLY) {
      diagnostics.error(
          call.action().range(),
          "not-read-only",
          place + " may only read, and `" + call.action().value() + "` changes something",
          "Make it a step, or choose an action that only reads");
    }
    return compiled;
  }

  private Call unknown(ActionCall call, Names names) {
    String name = call.action().value();
    if (!name.isEmpty()) {
      Optional<String> nearest = Suggestion.nearest(name, catalog.actions().keySet());
      diagnostics.error(
          call.action().range(),
          "unknown-action",
          "There is no action `" + name + "`",
          nearest
              .map(word -> "Did you mean `" + word + "`?")
              .orElse("`backout actions` lists them all"));
    }
    call.with()
        .entries()
        .forEach(entry -> values.value(entry.value(), new ValueType.Any(), true, names));
    return new Call(
        new ActionUse(
            name,
            Json.MAPPER.createObjectNode(),
            Repeatability.NEVER,
            new ValueType.Struct(Map.of())),
        new ValueType.Any(),
        "");
  }

  /** A plan needs no documentation, and its digest must not hang on it. */
  static ValueType.Struct withoutWords(ValueType.Struct type) {
    Map<String, ValueType.Field> fields = new LinkedHashMap<>();
    type.fields()
        .forEach(
            (name, field) ->
                fields.put(
                    name,
                    new ValueType.Field(withoutWords(field.type()), "", field.required(), null)));
    return new ValueType.Struct(fields);
  }

  private static ValueType withoutWords(ValueType type) {
    if (type instanceof ValueType.Struct struct) {
      return withoutWords(struct);
    } else if (type instanceof ValueType.ListOf list) {
      return new ValueType.ListOf(withoutWords(list.element()));
    } else if (type instanceof ValueType.MapOf map) {
      return new ValueType.MapOf(withoutWords(map.value()));
    }
    return type;
  }
}
