package dev.backout.signature;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * OpenSSH's binary list of revoked keys (PROTOCOL.krl, {@code ssh-keygen -k}). Left out are signed
 * lists: OpenSSH never offered a way to make one and has dropped them. They are refused, as is
 * every section that is not known here, since it may be the one that revokes.
 */
final class BinaryRevocations {
  private static final byte[] MAGIC = "SSHKRL\n\0".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int CERTIFICATES = 1;
  private static final int KEYS = 2;
  private static final int SHA1 = 3;
  private static final int SIGNATURE = 4;
  private static final int SHA256 = 5;
  private static final int EXTENSION = 255;

  private BinaryRevocations() {}

  static boolean isOne(byte[] bytes) {
    return bytes.length >= MAGIC.length
        && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  static Revocations parse(byte[] bytes, String source) throws UnreadableKeys {
    try {
      return parse(new WireReader(bytes));
    } catch (Flaw e) {
      throw new UnreadableKeys(
          source
              + ": expected a list of revoked keys as ssh-keygen -k makes it. "
              + e.getMessage()
              + " Make it again; until then no signature counts.");
    }
  }

  private static Revocations parse(WireReader in) throws Flaw {
    in.bytes(MAGIC.length);
    int version = in.uint32();
    if (version != VERSION) {
      throw new Flaw(
          "It has version " + Integer.toUnsignedString(version) + ", not " + VERSION + ".");
    }
    in.uint64(); // The list's own number, made at, flags: none changes what is revoked.
    in.uint64();
    in.uint64();
    in.string();
    in.string();
    Revocations revocations = Revocations.empty();
    while (!in.isEmpty()) {
      addSection(revocations, in.uint8(), in.nested());
    }
    return revocations;
  }

  private static void addSection(Revocations revocations, int type, WireReader in) throws Flaw {
    switch (type) {
      case CERTIFICATES -> revocations.addCertificates(RevokedCertificates.parse(in));
      case KEYS -> {
        while (!in.isEmpty()) {
          revocations.addKey(in.string());
        }
      }
      case SHA1 -> {
        while (!in.isEmpty()) {
          revocations.addSha1(hash(in, 20));
        }
      }
      case SHA256 -> {
        while (!in.isEmpty()) {
          revocations.addSha256(hash(in, 32));
        }
      }
      case EXTENSION -> requireNotCritical(in);
      case SIGNATURE -> throw new Flaw("It is signed, which is not understood here.");
      default -> throw new Flaw("It has a section that is not known here (" + type + ").");
    }
  }

  private static byte[] hash(WireReader in, int length) throws Flaw {
    byte[] hash = in.string();
    if (hash.length != length) {
      throw new Flaw("A fingerprint has " + hash.length + " bytes, not " + length + ".");
    }
    return hash;
  }

  private static void requireNotCritical(WireReader in) throws Flaw {
    String name = in.text();
    if (in.uint8() != 0) {
      throw new Flaw("It has the critical extension '" + name + "', which is not known here.");
    }
  }
}
