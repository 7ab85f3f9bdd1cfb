package dev.backout.signature;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A detached signature as {@code ssh-keygen -Y sign} prints it (OpenSSH's PROTOCOL.sshsig). Read
 * strictly: nothing before it, in it or after it is skipped, but for white space at the end. Being
 * readable says nothing about being true: {@link SignatureVerifier} does.
 */
public final class SshSignature {
  private static final String BEGIN = "-----BEGIN SSH SIGNATURE-----";
  private static final String END = "-----END SSH SIGNATURE-----";
  private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int LINE = 70;

  /**
   * The largest real one, by an RSA key of 16,384 bits in a certificate by another, has about
   * 20,000 characters.
   */
  private static final int MAX_CHARACTERS = 100_000;

  private final byte[] blob;
  private final SshKey key;
  private final String namespace;
  private final String hashAlgorithm;
  private final byte[] signature;

  private SshSignature(
      byte[] blob, SshKey key, String namespace, String hashAlgorithm, byte[] signature) {
    this.blob = blob;
    this.key = key;
    this.namespace = namespace;
    this.hashAlgorithm = hashAlgorithm;
    this.signature = signature;
  }

  /** Reads {@code -----BEGIN SSH SIGNATURE-----} and what follows. */
  public static SshSignature parse(String armoured) throws UnacceptableSignature {
    try {
      return parse(unwrap(armoured));
    } catch (Flaw e) {
      throw new UnacceptableSignature("The signature can't be accepted. " + e.getMessage());
    }
  }

  private static SshSignature parse(byte[] blob) throws Flaw {
    WireReader in = new WireReader(blob);
    if (!Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
      throw new Flaw("It does not begin with SSHSIG as OpenSSH's signatures do.");
    }
    int version = in.uint32();
    if (version != VERSION) {
      throw new Flaw(
          "It has version " + Integer.toUnsignedString(version) + "; expected " + VERSION + ".");
    }
    SshKey key = SshKey.parse(in.string());
    String namespace = in.text();
    if (in.string().length != 0) {
      throw new Flaw("Its reserved field is not empty, as it is in version " + VERSION + ".");
    }
    String hashAlgorithm = in.text();
    if (!hashAlgorithm.equals("sha256") && !hashAlgorithm.equals("sha512")) {
      throw new Flaw("It is over a hash '" + hashAlgorithm + "'; expected sha256 or sha512.");
    }
    byte[] signature = in.string();
    in.end();
    return new SshSignature(blob, key, namespace, hashAlgorithm, signature);
  }

  private static byte[] unwrap(String armoured) throws Flaw {
    if (armoured.length() > MAX_CHARACTERS) {
      throw new Flaw(
          "It has more than " + MAX_CHARACTERS + " characters; no signature is so long.");
    }
    String text = armoured.stripTrailing();
    if (!text.startsWith(BEGIN + "\n") || !text.endsWith("\n" + END)) {
      throw new Flaw(
          "Expected '"
              + BEGIN
              + "' and '"
              + END
              + "' with base64 in the lines between them, and line ends without a carriage return. Copy all of it.");
    }
    String base64 =
        text.substring(BEGIN.length(), Math.max(BEGIN.length(), text.length() - END.length()))
            .replace("\n", "");
    return decode(base64);
  }

  private static byte[] decode(String base64) throws Flaw {
    try {
      byte[] blob = Base64.getDecoder().decode(base64);
      if (Base64.getEncoder().encodeToString(blob).equals(base64)) {
        return blob;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new Flaw(
        "What stands between its first and its last line is not base64. Copy all of it.");
  }

  /** Puts a signature together, to be printed. */
  static SshSignature of(byte[] keyBlob, String namespace, String hashAlgorithm, byte[] signature)
      throws Flaw {
    return parse(
        new WireWriter()
            .raw(MAGIC)
            .uint32(VERSION)
            .string(keyBlob)
            .string(namespace)
            .string("")
            .string(hashAlgorithm)
            .string(signature)
            .bytes());
  }

  /** The bytes that a key signs for a message. */
  static byte[] covered(byte[] message, String namespace, String hashAlgorithm) {
    byte[] hash =
        hashAlgorithm.equals("sha256") ? Digests.sha256(message) : Digests.sha512(message);
    return new WireWriter()
        .raw(MAGIC)
        .string(namespace)
        .string("")
        .string(hashAlgorithm)
        .string(hash)
        .bytes();
  }

  /** The text as {@code ssh-keygen} prints it. */
  public String armoured() {
    Base64.Encoder encoder = Base64.getEncoder();
    String base64 = encoder.encodeToString(blob);
    StringBuilder text = new StringBuilder(BEGIN).append('\n');
    for (int start = 0; start < base64.length(); start += LINE) {
      text.append(base64, start, Math.min(base64.length(), start + LINE)).append('\n');
    }
    return text.append(END).append('\n').toString();
  }

  /** What the signer said it is for. */
  public String namespace() {
    return namespace;
  }

  /** {@code sha256} or {@code sha512}. */
  public String hashAlgorithm() {
    return hashAlgorithm;
  }

  /** {@code SHA256:…} of the key that it says it was made with. */
  public String fingerprint() {
    return key.fingerprint();
  }

  SshKey key() {
    return key;
  }

  /**
   * Whether the key that it names made it over these bytes; whose key that is, and whether it may
   * sign, is another question.
   */
  public boolean covers(byte[] message) {
    try {
      check(message, SignatureCheck.Touch.NOT_REQUIRED);
      return true;
    } catch (Flaw e) {
      return false;
    }
  }

  /** Whether its key made it over {@code message}. */
  void check(byte[] message, SignatureCheck.Touch touch) throws Flaw {
    SignatureCheck.check(key, signature, covered(message, namespace, hashAlgorithm), touch);
  }
}
