package dev.backout.demo;

import dev.backout.signature.ThrowAwayKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Who acts in the demo, each with an SSH key that was made for it: Ada starts the run, and Grace,
 * who is on call, has to approve it. The reader is Grace.
 *
 * @param directory of the keys
 */
record DemoPeople(Path directory) {
  static final String STARTER = "ada";
  static final String APPROVER = "grace";

  private static final String POLICY =
      """
      # Who may do what in this demo. The worker reads it, and nothing else counts.
      apiVersion: backout/v1
      groups:
        commanders: [ada]
        oncall: [grace]
      start:
        - { who: [group:commanders, group:oncall] }
      decide:
        - { who: group:oncall, choices: "*" }
        - { who: group:commanders, choices: [retry, skip, undo, stop, settle, tick] }
      """;

  /**
   * Makes their keys, and a policy that knows them.
   *
   * @param config the directory of the worker's configuration
   */
  void introduce(Path config) throws IOException {
    StringBuilder signers = new StringBuilder();
    for (String name : List.of(STARTER, APPROVER)) {
      ThrowAwayKey key = ThrowAwayKey.create(Files.createDirectories(directory.resolve(name)));
      signers.append(name).append(' ').append(key.publicKeyLine()).append('\n');
    }
    Files.writeString(config.resolve("allowed_signers"), signers);
    Files.writeString(config.resolve("policy.yaml"), POLICY);
  }

  Path key(String name) {
    return directory.resolve(name).resolve("id_ed25519");
  }

  /** What makes the reader Grace: her name, and the key that signs what is decided. */
  Map<String, String> environment() {
    return Map.of("BACKOUT_USER", APPROVER, "BACKOUT_SSH_KEY", key(APPROVER).toString());
  }
}
