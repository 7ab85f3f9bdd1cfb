package dev.backout.cli;

import dev.backout.plan.ExecutionPlan;
import dev.backout.signature.Signing;
import dev.backout.signature.SigningFailed;
import dev.backout.workflow.RunClient.Addressed;
import dev.backout.workflow.StartSignature;
import dev.backout.workflow.StartStatement;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a person signs, and with which key. */
final class SigningOption {
  @Option(
      names = "--sign",
      description =
          "Sign with your SSH key: $BACKOUT_SSH_KEY, git's signing key, the agent's first, or one in"
              + " ~/.ssh.")
  boolean sign;

  @Option(names = "--key", paramLabel = "FILE", description = "The key to sign with; means --sign.")
  @Nullable Path key;

  /** Null if nothing is to be signed: only the worker knows whether it wants that. */
  @Nullable StartSignature start(
      ExecutionPlan plan, String namespace, String by, BackoutCommand command) {
    if (!isAsked(command)) {
      return null;
    }
    StartStatement statement =
        StartStatement.of(plan, namespace, UUID.randomUUID().toString(), by, command.now());
    return new StartSignature(
        statement.id(), statement.at(), armoured(statement.bytes(), "Nothing was started"));
  }

  /**
   * The decision as it is sent.
   *
   * @param isJudged whether the run's worker has a policy, to which a signature means something
   */
  Addressed decision(Addressed addressed, boolean isJudged, BackoutCommand command) {
    return isJudged || isAsked(command)
        ? addressed.signed(armoured(addressed.statement().bytes(), "Nothing was sent"))
        : addressed;
  }

  private boolean isAsked(BackoutCommand command) {
    boolean named = !command.around().environment().getOrDefault("BACKOUT_SSH_KEY", "").isEmpty();
    return sign || key != null || named;
  }

  private String armoured(byte[] message, String whatNow) {
    try {
      return Signing.sign(message, Signing.defaultKey(key));
    } catch (SigningFailed e) {
      throw new CommandFailure(
          ExitCode.ERROR, whatNow + ", as it could not be signed. " + e.getMessage());
    }
  }
}
