package dev.backout.cli;

import dev.backout.config.Flags;
import dev.backout.config.Settings;
import dev.backout.config.WorkerConfiguration;
import dev.backout.policy.Answer;
import dev.backout.policy.Policy;
import dev.backout.policy.PolicyCheck;
import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.DiagnosticRenderer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    header = "Say what is wrong with a policy, or whether somebody may do something.",
    description = {
      "",
      "Reports every problem with its line and column, and what is well said and hardly meant: a"
          + " member without a key, a rule that never counts, a file that others may write. With --as"
          + " and --start, --choice or --action it answers whether they may, and names the rule that"
          + " decides. Asks no server and touches nothing.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no errors, or they may",
      "1:there is no policy to ask",
      "2:the command was not understood",
      "3:the policy has errors",
      "4:they may not"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout policy check",
      "  backout policy check policy.yaml -o json",
      "  backout policy check --as ada@example.org --start emergency --target billing-eu",
      "  backout policy check --as ada@example.org --choice approve --kind planned --target web",
      "  backout policy check --action command.run",
      "",
      "Without FILE it is this machine's policy.yaml, as `backout doctor` shows it."
    })
final class PolicyCheckCommand extends BackoutCommand {
  @Parameters(paramLabel = "FILE", arity = "0..1", description = "A policy.")
  @Nullable String file;

  @Mixin PolicyQuestion question = new PolicyQuestion();

  @Mixin OutputOption output = new OutputOption();

  /**
   * For machines.
   *
   * @param hash of the policy with its keys; null where it has errors
   */
  record Result(
      String file, @Nullable String hash, List<Diagnostic> diagnostics, @Nullable Answer answer) {}

  @Override
  public Integer call() {
    question.check(this);
    Path path = path();
    String shownAs = file == null ? path.toString() : file;
    if (file == null && !Files.exists(path)) {
      return none(shownAs);
    }
    PolicyCheck check = PolicyCheck.of(path, shownAs, Catalogs.own().actions().keySet());
    Optional<Answer> answer = check.policy().flatMap(question::answer);
    if (output.isText()) {
      show(shownAs, check, answer);
    } else {
      print(
          new Result(
              shownAs,
              check.policy().map(Policy::hash).orElse(null),
              check.diagnostics(),
              answer.orElse(null)),
          output.format);
    }
    if (check.hasErrors()) {
      return ExitCode.PROBLEMS;
    }
    return answer.map(Answer::allowed).orElse(true) ? ExitCode.DONE : ExitCode.NOT_ALLOWED;
  }

  private Path path() {
    if (file != null) {
      return Path.of(file);
    }
    Settings settings = settings(Flags.NONE);
    return WorkerConfiguration.read(settings.configDirectory(), settings.state()).policy().file();
  }

  private int none(String path) {
    throw new CommandFailure(
        ExitCode.ERROR,
        "There is no policy ("
            + path
            + "): everybody may do everything, and all of it is unverified. docs/reference/policy.md"
            + " says how to write one.");
  }

  private void show(String shownAs, PolicyCheck check, Optional<Answer> answer) {
    List<Diagnostic> diagnostics = check.diagnostics();
    // Who asks whether somebody may do something wants that, and no more unless it can't be said.
    if (!diagnostics.isEmpty() && (answer.isEmpty() || check.hasErrors())) {
      out()
          .println(
              DiagnosticRenderer.text(
                  diagnostics,
                  name -> name.equals(shownAs) ? check.source().orElse(null) : null,
                  colour(around().isShown())));
    }
    if (answer.isPresent()) {
      out().println(answer.get().sentence());
      return;
    }
    say(
        shownAs
            + ": "
            + (diagnostics.isEmpty() ? "nothing wrong" : RunbookFile.count(diagnostics))
            + check.policy().map(policy -> ", " + policy.hash()).orElse(""));
  }
}
