package dev.backout.cli;

import dev.backout.config.Flags;
import dev.backout.config.Settings;
import dev.backout.config.WorkerConfiguration;
import dev.backout.config.WorkerConfiguration.PolicyPlace;
import dev.backout.policy.Policy;
import dev.backout.policy.PolicyException;
import dev.backout.proof.Authority;
import dev.backout.signature.AllowedSigners;
import dev.backout.signature.RevokedKeys;
import dev.backout.signature.UnreadableKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By whose word signatures are judged again: what is named here, else this machine's policy. */
final class KeysOption {
  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "The policy to judge by, with the keys that it names. Default: this machine's.")
  @Nullable Path policy;

  @Option(
      names = "--allowed-signers",
      paramLabel = "FILE",
      description = "Only the keys to judge by, in OpenSSH's allowed_signers format.")
  @Nullable Path allowedSigners;

  @Option(
      names = "--revoked-keys",
      paramLabel = "FILE",
      description = "Keys that count no more, with --allowed-signers.")
  @Nullable Path revokedKeys;

  Authority authority(BackoutCommand command) {
    if (policy != null && allowedSigners != null) {
      throw command.usage("Give --policy or --allowed-signers: the policy names its own keys.");
    }
    if (revokedKeys != null && allowedSigners == null) {
      throw command.usage("--revoked-keys goes with --allowed-signers; a policy names its own.");
    }
    try {
      return allowedSigners == null ? byPolicy(command) : byKeys(allowedSigners);
    } catch (PolicyException | UnreadableKeys e) {
      throw new CommandFailure(ExitCode.ERROR, "Nothing was checked. " + e.getMessage());
    }
  }

  private Authority byKeys(Path file) throws UnreadableKeys {
    return Authority.ofKeys(
        AllowedSigners.read(file),
        revokedKeys == null ? RevokedKeys.none() : RevokedKeys.read(revokedKeys),
        file.toString());
  }

  private Authority byPolicy(BackoutCommand command) throws PolicyException {
    if (policy != null) {
      return Authority.of(Policy.read(policy), policy.toString());
    }
    Settings settings = command.settings(Flags.NONE);
    PolicyPlace place =
        WorkerConfiguration.read(settings.configDirectory(), settings.state()).policy();
    return Files.exists(place.file()) || place.named()
        ? Authority.of(Policy.read(place.file()), place.file().toString())
        : Authority.of(Policy.none(), "");
  }
}
