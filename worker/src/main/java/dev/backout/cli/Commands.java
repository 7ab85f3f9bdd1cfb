package dev.backout.cli;

import dev.backout.demo.DemoCommand;
import dev.backout.runbook.expression.ExpressionChecker;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The commands, in the order in which the help shows them. */
final class Commands {
  static final List<Class<?>> ALL =
      List.of(
          DemoCommand.class,
          LintCommand.class,
          PlanCommand.class,
          RunCommand.class,
          PredictCommand.class,
          AssessCommand.class,
          WatchCommand.class,
          StatusCommand.class,
          RunsCommand.class,
          ApprovalsCommand.class,
          ApproveCommand.class,
          RejectCommand.class,
          WithdrawCommand.class,
          SubmitCommand.class,
          RetryCommand.class,
          SkipCommand.class,
          SettleCommand.class,
          TickCommand.class,
          StopCommand.class,
          UndoCommand.class,
          ResumeCommand.class,
          PauseCommand.class,
          ContinueCommand.class,
          HistoryCommand.class,
          VerifyCommand.class,
          PostmortemCommand.class,
          ActionsCommand.class,
          SchemaCommand.class,
          PolicyCommand.class,
          DoctorCommand.class,
          ServerCommand.class,
          WorkerCommand.class,
          CompletionCommand.class,
          HelpCommand.class);

  private static final Set<Class<?>> SEE_THE_OTHERS =
      Set.of(HelpCommand.class, CompletionCommand.class);

  private static final Set<Class<?>> READ_RUNBOOKS =
      Set.of(
          LintCommand.class,
          PlanCommand.class,
          RunCommand.class,
          PredictCommand.class,
          AssessCommand.class);

  private Commands() {}

  /** Has another thread load what reading a runbook needs, where one will be read. */
  static void prepare(String... arguments) {
    if (needed(arguments).stream().allMatch(READ_RUNBOOKS::contains)) {
      Thread thread = new Thread(ExpressionChecker::prepare, "expressions");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /**
   * Those that have to be known to understand the arguments: the one that they begin with, if it is
   * one, as reading all of them takes longer than many a command does.
   */
  static List<Class<?>> needed(String... arguments) {
    return ALL.stream()
        .filter(command -> arguments.length > 0 && readsAlone(command, arguments[0]))
        .findFirst()
        .<List<Class<?>>>map(List::of)
        .orElse(ALL);
  }

  private static boolean readsAlone(Class<?> command, String name) {
    return !SEE_THE_OTHERS.contains(command)
        && command.getAnnotation(Command.class).name().equals(name);
  }
}
