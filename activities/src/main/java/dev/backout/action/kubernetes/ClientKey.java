package dev.backout.action.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The key of a client certificate. The Kubernetes client takes a key to be RSA's unless its first
 * line says otherwise; {@code kubectl} also reads one on an elliptic curve whose first line
 * doesn't.
 */
final class ClientKey {
  private static final String ELLIPTIC = "EC";
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ((?:EC )?PRIVATE KEY)-----([^-]*)-----END \\1-----");

  private ClientKey() {}

  /**
   * Has the client read an elliptic key as one. Any other, and one that can't be read, stays as it
   * is: the client says what is wrong with it.
   */
  static void prepare(Config config) {
    String text = text(config.getClientKeyData(), config.getClientKeyFile());
    Matcher block = BLOCK.matcher(text);
    if (block.find() && isElliptic(block.group(1), block.group(2))) {
      config.setClientKeyAlgo(ELLIPTIC);
      config.setClientKeyData(
          Base64.getEncoder().encodeToString(block.group().getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private static String text(@Nullable String data, @Nullable String file) {
    try {
      if (data != null) {
        return new String(Base64.getDecoder().decode(data), StandardCharsets.ISO_8859_1);
      }
      return file == null ? "" : Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    } catch (IOException | IllegalArgumentException e) {
      return "";
    }
  }

  private static boolean isElliptic(String kind, String content) {
    if (kind.startsWith(ELLIPTIC)) {
      return true;
    }
    try {
      byte[] key = Base64.getMimeDecoder().decode(content);
      var unused = KeyFactory.getInstance(ELLIPTIC).generatePrivate(new PKCS8EncodedKeySpec(key));
      return true;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
