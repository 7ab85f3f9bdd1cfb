package dev.backout.policy;

import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.SourceText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A policy looked over: what is wrong with it, and what is allowed but hardly meant.
 *
 * @param policy empty where there is any error
 * @param source the text of the policy, to show the lines that are wrong
 */
public record PolicyCheck(
    Optional<Policy> policy, List<Diagnostic> diagnostics, Optional<SourceText> source) {

  /**
   * @param shownAs how the file is named to people
   * @param actions the names of all actions that there are
   */
  public static PolicyCheck of(Path file, String shownAs, Collection<String> actions) {
    PolicyReading reading = PolicyReader.read(file, shownAs);
    List<Diagnostic> diagnostics = new ArrayList<>(reading.diagnostics());
    reading
        .policy()
        .ifPresent(
            policy ->
                diagnostics.addAll(
                    new Doubts(policy, reading.rules().orElseThrow(), shownAs, actions).found()));
    return new PolicyCheck(reading.policy(), List.copyOf(diagnostics), reading.source());
  }

  public boolean hasErrors() {
    return policy.isEmpty();
  }
}
