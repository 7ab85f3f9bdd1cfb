package dev.backout.signature;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A public key, with the certificate it came in, if it came in one. Two are the same key if {@link
 * #blob()} is equal.
 */
final class SshKey {
  private static final int MIN_RSA_BITS = 2048;

  /** OpenSSH's limit; a longer one would cost its checker minutes. */
  private static final int MAX_RSA_BITS = 16_384;

  /** What X.509 puts before an ed25519 key's 32 bytes. */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final KeyType type;
  private final byte[] blob;
  private final PublicKey publicKey;
  private final String application;
  private final @Nullable Certificate certificate;

  private SshKey(
      KeyType type,
      byte[] blob,
      PublicKey publicKey,
      String application,
      @Nullable Certificate certificate) {
    this.type = type;
    this.blob = blob;
    this.publicKey = publicKey;
    this.application = application;
    this.certificate = certificate;
  }

  /** Reads a key or a certificate from its wire form; a certificate's signature is checked. */
  static SshKey parse(byte[] bytes) throws Flaw {
    WireReader in = new WireReader(bytes);
    String name = in.text();
    KeyType type = KeyType.of(name);
    boolean certified = name.equals(type.certificateName);
    if (certified) {
      in.string(); // The nonce: it only makes certificates differ.
    }
    WireWriter plain = new WireWriter().string(type.name);
    PublicKey publicKey = publicKey(type, in, plain);
    String application = "";
    if (type.isHardware()) {
      application = in.text();
      plain.string(application);
    }
    Certificate certificate = certified ? Certificate.parse(in, bytes) : null;
    in.end();
    return new SshKey(type, plain.bytes(), publicKey, application, certificate);
  }

  private static PublicKey publicKey(KeyType type, WireReader in, WireWriter copy) throws Flaw {
    try {
      if (type == KeyType.RSA) {
        return rsa(in, copy);
      }
      return type.isCurve() ? onCurve(Curve.of(type), in, copy) : ed25519(in, copy);
    } catch (GeneralSecurityException e) {
      throw new Flaw("Its key is none that Java can use.");
    }
  }

  private static PublicKey ed25519(WireReader in, WireWriter copy)
      throws Flaw, GeneralSecurityException {
    byte[] key = in.string();
    if (key.length != 32) {
      throw new Flaw("Its ed25519 key has " + key.length + " bytes, not 32.");
    }
    copy.string(key);
    byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + key.length);
    System.arraycopy(key, 0, encoded, ED25519_PREFIX.length, key.length);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static PublicKey onCurve(Curve curve, WireReader in, WireWriter copy)
      throws Flaw, GeneralSecurityException {
    String name = in.text();
    if (!name.equals(curve.name)) {
      throw new Flaw("Its key says curve '" + name + "' where " + curve.name + " is expected.");
    }
    byte[] point = in.string();
    copy.string(name).string(point);
    return curve.key(point);
  }

  private static PublicKey rsa(WireReader in, WireWriter copy)
      throws Flaw, GeneralSecurityException {
    BigInteger exponent = in.positive();
    BigInteger modulus = in.positive();
    int bits = modulus.bitLength();
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw new Flaw(
          "Its RSA key has "
              + bits
              + " bits; expected "
              + MIN_RSA_BITS
              + " to "
              + MAX_RSA_BITS
              + ". Make a new key: ssh-keygen -t ed25519");
    }
    if (!exponent.testBit(0) || exponent.bitLength() < 2 || exponent.bitLength() > 64) {
      throw new Flaw("Its RSA key has an exponent that no key should have.");
    }
    copy.number(exponent).number(modulus);
    return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
  }

  KeyType type() {
    return type;
  }

  /** The key's wire form, without its certificate. */
  byte[] blob() {
    return blob.clone();
  }

  PublicKey publicKey() {
    return publicKey;
  }

  /** What a hardware key was made for; empty for other keys. */
  String application() {
    return application;
  }

  @Nullable Certificate certificate() {
    return certificate;
  }

  String fingerprint() {
    return Digests.fingerprint(blob);
  }

  boolean isSameKey(SshKey other) {
    return Arrays.equals(blob, other.blob);
  }
}
