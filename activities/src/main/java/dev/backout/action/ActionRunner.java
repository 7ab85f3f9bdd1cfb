package dev.backout.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.ActionRegistry.Registered;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Runs an action by its name: reads the input, notes the act in the journal, and lets nothing
 * secret out.
 */
public final class ActionRunner {
  private static final long PAUSE_MILLIS = 200;

  private final ActionRegistry registry;
  private final Journal journal;

  public ActionRunner(ActionRegistry registry, Journal journal) {
    this.registry = registry;
    this.journal = journal;
  }

  /**
   * Whether the action may change something.
   *
   * @throws ActionException if there is no such action
   */
  public boolean changes(String name) throws ActionException {
    return registry.find(name).info().repeatable() != Repeatable.READ_ONLY;
  }

  /**
   * That the action could be given this.
   *
   * @throws ActionException if there is no such action, or its input is something else
   */
  public void requireFits(String name, JsonNode input) throws ActionException {
    Record ignored = ActionJson.read(input, registry.find(name).input(), name);
  }

  /** Whether the action, if there is one of that name, never begins without a durable note. */
  public boolean isNotedFirst(String name) {
    try {
      return registry.find(name).info().repeatable() == Repeatable.NEVER;
    } catch (ActionException e) {
      return false;
    }
  }

  /**
   * @return the output as JSON, masked; what is too big is an excerpt, and the whole is kept
   * @throws ActionException whatever went wrong, masked
   * @throws CancelledException if it was cancelled
   */
  public JsonNode run(String name, JsonNode input, ActionContext context) throws ActionException {
    Registered registered = registry.find(name);
    Record typed = ActionJson.read(input, registered.input(), name);
    if (registered.info().repeatable() == Repeatable.READ_ONLY) {
      return outputs(registered, typed, context);
    }
    Journal.Act act;
    try {
      act = begin(name, registered.info().repeatable() == Repeatable.SAFE, context);
    } catch (Journal.BegunBeforeException e) {
      return e.outputs();
    }
    return noted(act, () -> outputs(registered, typed, context));
  }

  private static JsonNode outputs(Registered registered, Record input, ActionContext context)
      throws ActionException {
    JsonNode all = masked(context, () -> ActionJson.write(registered.action().run(input, context)));
    return WholeOutputs.bounded(all, context);
  }

  /** Waits for as long as a former attempt of the step goes on. */
  private Journal.Act begin(String name, boolean repeatable, ActionContext context)
      throws ActionException {
    while (true) {
      try {
        return journal.begin(context.call(), name, repeatable);
      } catch (Journal.StillUnderWayException e) {
        context.heartbeat(String.valueOf(e.getMessage()));
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("The worker is shutting down.");
    }
  }

  private interface Masked {
    JsonNode result() throws ActionException;
  }

  private static JsonNode noted(Journal.Act act, Masked work) throws ActionException {
    try {
      JsonNode output = work.result();
      act.end(new Journal.Done(output));
      return output;
    } catch (CancelledException e) {
      act.end(new Journal.Cancelled());
      throw e;
    } catch (ActionException e) {
      act.end(new Journal.Failed(e.kind(), e.getMessage()));
      throw e;
    } catch (Error e) {
      // The process lives on, so without a note it would look as if the act did too.
      act.end(new Journal.Failed(Kind.UNKNOWN_OUTCOME, "It broke off: " + e));
      throw e;
    }
  }

  /**
   * @return the {@link Preview} as JSON, masked
   */
  public JsonNode preview(String name, JsonNode input, ActionContext context)
      throws ActionException {
    Registered registered = registry.find(name);
    Record typed = ActionJson.read(input, registered.input(), name);
    JsonNode all =
        masked(
            context,
            () -> ActionJson.write(BoundedPreview.of(registered.action().preview(typed, context))));
    return Excerpt.of(all, WholeOutputs.MOST_BYTES).value();
  }

  private interface Work {
    JsonNode result() throws Exception;
  }

  private static JsonNode masked(ActionContext context, Work work) throws ActionException {
    try {
      return mask(work.result(), context::mask);
    } catch (CancelledException e) {
      throw e;
    } catch (ActionException e) {
      // The cause may say what the message no longer does, so it stays on the worker.
      throw new ActionException(
          e.kind(), said(context, e.getMessage()), e.retryAfter().orElse(null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("The worker is shutting down.");
    } catch (IOException e) {
      throw new ActionException(Kind.TRANSIENT, said(context, sentence(e)));
    } catch (Exception e) {
      throw new ActionException(Kind.PERMANENT, said(context, sentence(e)));
    }
  }

  private static String said(ActionContext context, String message) {
    return Messages.bounded(context.mask(message));
  }

  /** An exception that no one has put into words yet: its type often says more than its message. */
  private static String sentence(Exception e) {
    String type = e.getClass().getSimpleName().replaceFirst("Exception$", "");
    return e.getMessage() == null ? type : type + ": " + e.getMessage();
  }

  static JsonNode mask(JsonNode json, UnaryOperator<String> mask) {
    if (json.isTextual()) {
      return JsonNodeFactory.instance.textNode(mask.apply(json.textValue()));
    }
    if (json.isArray()) {
      var masked = JsonNodeFactory.instance.arrayNode();
      json.forEach(element -> masked.add(mask(element, mask)));
      return masked;
    }
    if (json.isObject()) {
      ObjectNode masked = JsonNodeFactory.instance.objectNode();
      json.properties()
          .forEach(field -> masked.set(mask.apply(field.getKey()), mask(field.getValue(), mask)));
      return masked;
    }
    return json;
  }
}
