package dev.backout.signature;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types of keys that may sign. DSA is left out: OpenSSH has dropped it. */
enum KeyType {
  ED25519("ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com"),
  ECDSA_256("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256-cert-v01@openssh.com"),
  ECDSA_384("ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384-cert-v01@openssh.com"),
  ECDSA_521("ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521-cert-v01@openssh.com"),
  RSA("ssh-rsa", "ssh-rsa-cert-v01@openssh.com"),
  HARDWARE_ED25519("sk-ssh-ed25519@openssh.com", "sk-ssh-ed25519-cert-v01@openssh.com"),
  HARDWARE_ECDSA(
      "sk-ecdsa-sha2-nistp256@openssh.com", "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com");

  final String name;
  final String certificateName;

  KeyType(String name, String certificateName) {
    this.name = name;
    this.certificateName = certificateName;
  }

  /** The type with this name, be it the key's or its certificate's. */
  static KeyType of(String name) throws Flaw {
    for (KeyType type : values()) {
      if (name.equals(type.name) || name.equals(type.certificateName)) {
        return type;
      }
    }
    throw new Flaw(
        "Its key has the type '"
            + name
            + "'; expected one of "
            + Stream.of(values()).map(type -> type.name).collect(Collectors.joining(", "))
            + ".");
  }

  boolean isCurve() {
    return this == ECDSA_256 || this == ECDSA_384 || this == ECDSA_521 || this == HARDWARE_ECDSA;
  }

  boolean isHardware() {
    return this == HARDWARE_ED25519 || this == HARDWARE_ECDSA;
  }
}
