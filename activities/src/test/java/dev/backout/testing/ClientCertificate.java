package dev.backout.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** An administrator's certificate for a cluster, which is its own authority, and its key. */
final class ClientCertificate {
  /** Of the curve P-256, as a block of its own in front of a key. */
  static final String CURVE = pem("EC PARAMETERS", HexFormat.of().parseHex("06082a8648ce3d030107"));

  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String OWNER = "owner";
  private static final int POINT_BYTES = 65;

  private final Certificate certificate;
  private final Key key;

  private ClientCertificate(Certificate certificate, Key key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * @param store where to keep it; nothing may be there yet
   * @param algorithm RSA or EC
   * @param options more of {@code keytool -genkeypair}
   */
  static ClientCertificate make(Path store, String algorithm, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keystore", store.toString(), "-storepass"));
    command.addAll(List.of(new String(PASSWORD), "-alias", OWNER, "-keyalg", algorithm));
    command.addAll(List.of("-dname", "CN=" + OWNER + ", O=system:masters"));
    command.addAll(List.of(options));
    DockerEngine.Said said = DockerEngine.run(command, "");
    if (said.exit() != 0) {
      throw new AssertionError(said.text());
    }
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD);
      return new ClientCertificate(keys.getCertificate(OWNER), keys.getKey(OWNER, PASSWORD));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** In PEM. */
  String certificate() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** In PEM, by PKCS #8. */
  String key() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /** In PEM, by SEC 1, with its curve P-256 and its public key, as Go writes it. */
  String sec1() {
    byte[] point = certificate.getPublicKey().getEncoded();
    HexFormat hex = HexFormat.of();
    String number = "%064x".formatted(((ECPrivateKey) key).getS());
    String sequence =
        "0201010420"
            + number
            + "a00a06082a8648ce3d030107a144034200"
            + hex.formatHex(Arrays.copyOfRange(point, point.length - POINT_BYTES, point.length));
    return pem("EC PRIVATE KEY", hex.parseHex("3077" + sequence));
  }

  static String pem(String what, byte[] content) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(what, lines.encodeToString(content));
  }
}
