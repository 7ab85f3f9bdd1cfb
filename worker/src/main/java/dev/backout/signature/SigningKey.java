package dev.backout.signature;

import java.nio.file.Path;

/** A key to sign with. */
public sealed interface SigningKey {
  /** Where it was found, for people: {@code the first key of the SSH agent}. */
  String origin();

  /**
   * A private key's file, or a public key's whose private half an agent or a hardware key holds.
   */
  record KeyFile(Path path, String origin) implements SigningKey {}

  /** A public key known by its text alone; an agent holds the private half. */
  record AgentKey(String publicKey, String origin) implements SigningKey {}
}
