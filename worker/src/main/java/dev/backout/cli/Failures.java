package dev.backout.cli;

import dev.backout.cli.view.RunNames;
import dev.backout.cli.view.Times;
import dev.backout.client.ConnectionException;
import dev.backout.client.UnknownRunException;
import dev.backout.config.ConfigurationException;
import dev.backout.history.Elapsed;
import dev.backout.server.ServerException;
import dev.backout.workflow.TargetHeldException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.PrintStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The last resort for what a command throws: a sentence, and a stack trace only on demand. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult parsed) {
    if (failure instanceof ParameterException usage) {
      return handleParseException(usage, new String[0]);
    }
    PrintStream err = err(commandLine);
    err.println("backout: " + message(failure, Instant.now()));
    if (isDebugging(commandLine)) {
      failure.printStackTrace(err);
    } else if (!isExpected(failure)) {
      err.println("This should not happen. The same command with --debug shows where it did.");
    }
    return exitCode(failure);
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine commandLine = failure.getCommandLine();
    PrintStream err = err(commandLine);
    err.println("backout: " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println(
        "`" + commandLine.getCommandSpec().qualifiedName() + " --help` says what there is.");
    return ExitCode.USAGE;
  }

  private static PrintStream err(CommandLine commandLine) {
    return ((Backout) commandLine.getCommandSpec().root().userObject()).surroundings().err();
  }

  private static boolean isDebugging(CommandLine commandLine) {
    return commandLine.getCommand() instanceof BackoutCommand command && command.isDebugging();
  }

  private static int exitCode(Exception failure) {
    if (failure instanceof CommandFailure expected) {
      return expected.exitCode();
    }
    return failure instanceof TargetHeldException ? ExitCode.HELD : ExitCode.ERROR;
  }

  private static boolean isExpected(Exception failure) {
    return failure instanceof CommandFailure
        || failure instanceof ConnectionException
        || failure instanceof ConfigurationException
        || failure instanceof UnknownRunException
        || failure instanceof ServerException
        || failure instanceof TargetHeldException
        || status(failure) != null;
  }

  private static String message(Exception failure, Instant now) {
    if (failure instanceof TargetHeldException held) {
      return held(held, now);
    }
    Status status = status(failure);
    if (status != null) {
      return "The Temporal server did not do what it was asked ("
          + status.getCode()
          + (status.getDescription() == null ? "" : ": " + status.getDescription())
          + "). `backout doctor` says how it is.";
    }
    String message = failure.getMessage();
    return isExpected(failure) && message != null
        ? message
        : failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static String held(TargetHeldException held, Instant now) {
    String run = held.runId() == null ? held.target() : RunNames.prefix(held.runId());
    Instant since = held.since();
    return "The target "
        + held.target()
        + " is held by "
        + (held.runId() == null ? "another run" : "run " + run)
        + (held.runbook() == null ? "" : " of " + held.runbook())
        + (since == null ? "" : ", started " + age(since, now) + " ago")
        + (held.startedBy() == null ? "" : " by " + held.startedBy())
        + ". A target has one run at a time. Follow it: `backout watch "
        + run
        + "`. End it: `backout stop "
        + run
        + " --reason …`.";
  }

  private static String age(Instant since, Instant now) {
    return Times.took(Elapsed.between(since, now));
  }

  private static @Nullable Status status(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StatusRuntimeException refused) {
        return refused.getStatus();
      }
    }
    return null;
  }
}
