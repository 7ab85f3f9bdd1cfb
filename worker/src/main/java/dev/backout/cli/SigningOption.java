package dev.backout.cli;

import dev.backout.plan.ExecutionPlan;
import dev.backout.signature.Signing;
import dev.backout.signature.SigningFailed;
import dev.backout.workflow.StartSignature;
import dev.backout.workflow.StartStatement;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether and with which key a start is signed. */
final class SigningOption {
  @Option(
      names = "--sign",
      description =
          "Sign the start with your SSH key, as the worker's policy may ask: $BACKOUT_SSH_KEY, git's"
              + " signing key, the agent's first, or one in ~/.ssh.")
  boolean sign;

  @Option(names = "--key", paramLabel = "FILE", description = "The key to sign with; means --sign.")
  @Nullable Path key;

  /** Null if nothing is to be signed. */
  @Nullable StartSignature start(
      ExecutionPlan plan, String namespace, String by, BackoutCommand command) {
    if (!sign && key == null) {
      return null;
    }
    StartStatement statement =
        StartStatement.of(plan, namespace, UUID.randomUUID().toString(), by, command.now());
    try {
      return new StartSignature(
          statement.id(), statement.at(), Signing.sign(statement.bytes(), Signing.defaultKey(key)));
    } catch (SigningFailed e) {
      throw new CommandFailure(
          ExitCode.ERROR, "Nothing was started, as it could not be signed. " + e.getMessage());
    }
  }
}
