package dev.backout.action.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Durations;
import dev.backout.action.LoaderVariables;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.ProcessTree;
import dev.backout.action.TextOrSecret;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Gives an event to a program. */
@ActionInfo(
    name = "notify.command",
    summary = "Tell a program of an event",
    description =
        """
        Starts the program with the event as JSON, one line, on its standard input. The command is a list of words; no shell reads
        them. The worker's operator allows programs by name in `worker.yaml`, as for `command.run`. Its place is under
        `notifications`, where Backout gives it the `event`; as a step it gives what the step gives it.

        Exit code 0 says that it was taken; after any other it is tried again, with the same `id` in the event, by which the
        program can know a repeat. After `timeout` it is ended with all the processes that it has started.
        """,
    repeatable = Repeatable.SAFE,
    because = "The program can know a repeat by the event's id.")
public final class PipeEvent implements Action<PipeEvent.Input, PipeEvent.Output> {
  private static final long POLL_MILLIS = 20;
  private static final int TURNS_BETWEEN_LOOKS = 50;
  private static final Duration GRACE = Duration.ofSeconds(2);

  public record Input(
      @Doc("The program and its arguments, word by word.") List<String> command,
      @Doc(value = "Variables for its environment, on top of the worker's.", defaultValue = "{}")
          Map<String, TextOrSecret> environment,
      @Doc(value = "After this it is ended, at most 60s.", defaultValue = "30s") Duration timeout,
      @Doc("What is given. Under `notifications` Backout gives it.") @Nullable JsonNode event) {}

  public record Output(@Doc("How long it ran.") Duration took) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    if (input.event() == null) {
      throw new ActionException(
          Kind.INVALID_INPUT, "notify.command needs an `event` to give. Nothing was run.");
    }
    requireAllowed(input, context);
    long began = System.nanoTime();
    String mark = UUID.randomUUID().toString();
    Process process = start(input, mark, context);
    ProcessTree tree = new ProcessTree(process, ProcessTree.MARK + "=" + mark);
    LastWords words = LastWords.of(process.getInputStream());
    try {
      give(process, context.mask(input.event().toString()));
      awaitEnd(process, tree, input, context);
    } catch (CancelledException | InterruptedException | ActionException e) {
      var unused = tree.end(GRACE);
      throw e;
    }
    if (process.exitValue() != 0) {
      throw new ActionException(
          Kind.TRANSIENT,
          input.command().get(0)
              + " did not take the event: exit code "
              + process.exitValue()
              + words.said(context::mask));
    }
    return new Output(Duration.ofNanos(System.nanoTime() - began));
  }

  private static void requireAllowed(Input input, ActionContext context) throws ActionException {
    if (input.command().isEmpty()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "notify.command needs a command: the program and its arguments as a list.");
    }
    context.allowProgram(input.command().get(0));
    LoaderVariables.refuse(input.environment().keySet(), input.command().get(0));
  }

  private static Process start(Input input, String mark, ActionContext context)
      throws ActionException {
    ProcessBuilder builder = new ProcessBuilder(input.command()).redirectErrorStream(true);
    for (Map.Entry<String, TextOrSecret> variable : input.environment().entrySet()) {
      builder.environment().put(variable.getKey(), context.reveal(variable.getValue().text()));
    }
    builder.environment().put(ProcessTree.MARK, mark);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new ActionException(
          Kind.PERMANENT,
          "'"
              + input.command().get(0)
              + "' can't be run on this worker: "
              + e.getMessage()
              + ". Install it, or correct the command.",
          e);
    }
  }

  /** In a thread of its own: a program that doesn't read must not hold anything up. */
  private static void give(Process process, String event) {
    Thread writer =
        new Thread(
            () -> {
              try (OutputStream input = process.getOutputStream()) {
                input.write((event + "\n").getBytes(StandardCharsets.UTF_8));
              } catch (IOException e) {
                // It ended, or closed its input, without having read all: its exit code counts.
              }
            },
            "backout-notify");
    writer.setDaemon(true);
    writer.start();
  }

  private static void awaitEnd(
      Process process, ProcessTree tree, Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Duration limit =
        input.timeout().compareTo(Duration.ofSeconds(60)) > 0
            ? Duration.ofSeconds(60)
            : input.timeout();
    long deadline = System.nanoTime() + limit.toNanos();
    for (int turn = 0; !process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS); turn++) {
      if (System.nanoTime() > deadline) {
        throw new ActionException(
            Kind.TRANSIENT,
            input.command().get(0)
                + " did not end within "
                + Durations.print(limit)
                + " and was ended.");
      }
      if (turn % TURNS_BETWEEN_LOOKS == 0) {
        tree.look();
        context.heartbeat("telling " + input.command().get(0));
      }
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    requireAllowed(input, context);
    return new Preview(
        "Would tell " + input.command().get(0),
        true,
        List.of(
            new Detail(Preview.Kind.NOTE, "Command", List.of(String.join(" ", input.command())))),
        null);
  }
}
