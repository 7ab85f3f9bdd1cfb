package dev.backout.signature;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;

/** Whether a key made a signature over some bytes: the arithmetic, and nothing of who may sign. */
final class SignatureCheck {
  /** What a hardware key's owner must have done. */
  enum Touch {
    NOT_REQUIRED(0),
    REQUIRED(1),
    REQUIRED_WITH_PIN(1 | 4);

    private final int flags;

    Touch(int flags) {
      this.flags = flags;
    }
  }

  private static final int ED25519_LENGTH = 64;

  private SignatureCheck() {}

  /**
   * Checks one.
   *
   * @param blob the signature's wire form: algorithm, bytes and, for a hardware key, flags and
   *     counter
   * @throws Flaw if it is damaged, of a refused algorithm, or not made by {@code key} over {@code
   *     signed}
   */
  static void check(SshKey key, byte[] blob, byte[] signed, Touch touch) throws Flaw {
    WireReader in = new WireReader(blob);
    String algorithm = in.text();
    byte[] value = in.string();
    byte[] covered = signed;
    if (key.type().isHardware()) {
      int flags = in.uint8();
      covered = hardwareMessage(key, flags, in.uint32(), signed);
      requireTouch(flags, touch);
    }
    in.end();
    if (!isBy(key, algorithm, value, covered)) {
      throw new Flaw(
          "It was not made by its key "
              + key.fingerprint()
              + " over these bytes: one of the two was altered, or it belongs to something else.");
    }
  }

  private static boolean isBy(SshKey key, String algorithm, byte[] value, byte[] covered)
      throws Flaw {
    try {
      Signature check = Signature.getInstance(javaName(key.type(), algorithm));
      check.initVerify(key.publicKey());
      check.update(covered);
      return check.verify(javaForm(key, value));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // The JDK's way to say that the value is out of range for the key.
      return false;
    }
  }

  private static String javaName(KeyType type, String algorithm) throws Flaw {
    if (type == KeyType.RSA) {
      return switch (algorithm) {
        case "rsa-sha2-256" -> "SHA256withRSA";
        case "rsa-sha2-512" -> "SHA512withRSA";
        case "ssh-rsa" ->
            throw new Flaw(
                "It is an RSA signature over SHA-1, which can be forged; expected rsa-sha2-256 or rsa-sha2-512. Sign again with a newer ssh-keygen or agent.");
        default -> throw mismatch(type, algorithm);
      };
    }
    if (!algorithm.equals(type.name)) {
      throw mismatch(type, algorithm);
    }
    return type.isCurve() ? Curve.of(type).signatureAlgorithm : "Ed25519";
  }

  private static Flaw mismatch(KeyType type, String algorithm) {
    return new Flaw("Its algorithm '" + algorithm + "' does not fit its key, a " + type.name + ".");
  }

  private static byte[] javaForm(SshKey key, byte[] value) throws Flaw {
    if (key.type().isCurve()) {
      return der(Curve.of(key.type()), value);
    }
    if (key.publicKey() instanceof RSAPublicKey rsa) {
      return padded(value, (rsa.getModulus().bitLength() + 7) / 8);
    }
    if (value.length != ED25519_LENGTH) {
      throw new Flaw("It has " + value.length + " bytes, not " + ED25519_LENGTH + ".");
    }
    return value;
  }

  /** SSH may leave out leading zeros, Java wants them. */
  private static byte[] padded(byte[] value, int length) throws Flaw {
    if (value.length == 0 || value.length > length) {
      throw new Flaw("It has " + value.length + " bytes, not " + length + ".");
    }
    byte[] padded = new byte[length];
    System.arraycopy(value, 0, padded, length - value.length, value.length);
    return padded;
  }

  private static byte[] der(Curve curve, byte[] value) throws Flaw {
    WireReader in = new WireReader(value);
    byte[] r = inRange(curve, in.positive());
    byte[] s = inRange(curve, in.positive());
    in.end();
    int length = 4 + r.length + s.length;
    WireWriter out = new WireWriter().uint8(0x30);
    if (length > 127) {
      out.uint8(0x81);
    }
    out.uint8(length).uint8(2).uint8(r.length).raw(r);
    return out.uint8(2).uint8(s.length).raw(s).bytes();
  }

  private static byte[] inRange(Curve curve, BigInteger number) throws Flaw {
    if (number.compareTo(curve.order()) >= 0) {
      throw new Flaw("A number in it is too large for " + curve.name + ".");
    }
    return number.toByteArray();
  }

  private static byte[] hardwareMessage(SshKey key, int flags, int counter, byte[] signed) {
    return new WireWriter()
        .raw(Digests.sha256(key.application().getBytes(StandardCharsets.UTF_8)))
        .uint8(flags)
        .uint32(counter)
        .raw(Digests.sha256(signed))
        .bytes();
  }

  private static void requireTouch(int flags, Touch touch) throws Flaw {
    if ((flags & touch.flags) != touch.flags) {
      throw new Flaw(
          touch == Touch.REQUIRED
              ? "Nobody touched the hardware key when it was made. Sign again, and touch it."
              : "The hardware key's PIN was not asked for when it was made, as its certificate wants. Use a key that was made with -O verify-required.");
    }
  }
}
