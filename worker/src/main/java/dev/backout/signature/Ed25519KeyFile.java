package dev.backout.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * OpenSSH's private key file (PROTOCOL.key), as far as Java alone can use it: one ed25519 key
 * without a passphrase. No error says anything of what the file holds beyond its header.
 */
final class Ed25519KeyFile {
  private static final String BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----";
  private static final String END = "-----END OPENSSH PRIVATE KEY-----";
  private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");
  private static final String TYPE = KeyType.ED25519.name;
  private static final int SEED_LENGTH = 32;
  private static final int BLOCK = 8;
  private static final int LINE = 68;

  private final byte[] publicBlob;
  private final PrivateKey privateKey;

  private Ed25519KeyFile(byte[] publicBlob, PrivateKey privateKey) {
    this.publicBlob = publicBlob;
    this.privateKey = privateKey;
  }

  static Ed25519KeyFile parse(String text) throws Flaw {
    String body = text.strip();
    if (!body.startsWith(BEGIN) || !body.endsWith(END)) {
      throw unusable();
    }
    String base64 =
        body.substring(BEGIN.length(), Math.max(BEGIN.length(), body.length() - END.length()));
    try {
      WireReader in = new WireReader(Base64.getDecoder().decode(base64.replaceAll("\\s", "")));
      if (!isLocked(in)) {
        return unlocked(in);
      }
    } catch (Flaw | IllegalArgumentException | GeneralSecurityException e) {
      throw unusable(); // What these say could quote what was read.
    }
    throw new Flaw(
        "It has a passphrase, for which ssh-keygen is needed. Install OpenSSH's client.");
  }

  private static boolean isLocked(WireReader in) throws Flaw {
    if (!Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
      throw unusable();
    }
    return !in.text().equals("none");
  }

  private static Ed25519KeyFile unlocked(WireReader in) throws Flaw, GeneralSecurityException {
    in.string(); // How a passphrase becomes a key: there is none.
    in.string();
    int count = in.uint32();
    SshKey publicKey = SshKey.parse(in.string());
    if (count != 1 || publicKey.type() != KeyType.ED25519) {
      throw unusable();
    }
    return new Ed25519KeyFile(publicKey.blob(), privateKey(in.string(), publicKey));
  }

  private static PrivateKey privateKey(byte[] section, SshKey publicKey)
      throws Flaw, GeneralSecurityException {
    WireReader in = new WireReader(section);
    int check = in.uint32();
    boolean isIntact = in.uint32() == check;
    byte[] publicBlob = new WireWriter().string(in.string()).string(in.string()).bytes();
    byte[] secret = in.string();
    if (!isIntact || secret.length != 64 || !Arrays.equals(publicBlob, publicKey.blob())) {
      throw unusable();
    }
    return privateKey(Arrays.copyOf(secret, SEED_LENGTH));
  }

  private static PrivateKey privateKey(byte[] seed) throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_LENGTH);
    System.arraycopy(seed, 0, encoded, PKCS8_PREFIX.length, SEED_LENGTH);
    return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private static Flaw unusable() {
    return new Flaw(
        "Without ssh-keygen on the PATH only an undamaged ed25519 key in OpenSSH's format and without a passphrase can be used. Install OpenSSH's client.");
  }

  SshSignature sign(byte[] message, String namespace) throws Flaw {
    String hash = "sha512";
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(privateKey);
      signature.update(SshSignature.covered(message, namespace, hash));
      byte[] blob = new WireWriter().string(TYPE).string(signature.sign()).bytes();
      return SshSignature.of(publicBlob, namespace, hash, blob);
    } catch (GeneralSecurityException e) {
      throw unusable();
    }
  }

  /**
   * The text of a private key file without a passphrase.
   *
   * @param seed the private key's 32 bytes
   * @param publicKey its public key's 32 bytes
   * @param check any number; it stands twice in the file, to tell a wrong passphrase
   */
  static String text(byte[] seed, byte[] publicKey, int check, String comment) {
    WireWriter section =
        new WireWriter()
            .uint32(check)
            .uint32(check)
            .string(TYPE)
            .string(publicKey)
            .uint32(seed.length + publicKey.length)
            .raw(seed)
            .raw(publicKey)
            .string(comment);
    for (int pad = 1; section.bytes().length % BLOCK != 0; pad++) {
      section.uint8(pad);
    }
    byte[] blob =
        new WireWriter()
            .raw(MAGIC)
            .string("none")
            .string("none")
            .string("")
            .uint32(1)
            .string(publicBlob(publicKey))
            .string(section.bytes())
            .bytes();
    return BEGIN
        + "\n"
        + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(blob)
        + "\n"
        + END
        + "\n";
  }

  static byte[] publicBlob(byte[] publicKey) {
    return new WireWriter().string(TYPE).string(publicKey).bytes();
  }
}
