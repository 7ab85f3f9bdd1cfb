package dev.backout.launch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Answers what a kill switch asks a Kubernetes API server, as one with a single deployment would,
 * so that a rehearsal loads what talks to a real one: the client, its models, TLS.
 */
final class StandInCluster implements AutoCloseable {
  static final String CONTEXT = "rehearsal";
  private static final char[] PASSWORD = "rehearsal".toCharArray();

  private final HttpsServer server;

  private StandInCluster(HttpsServer server) {
    this.server = server;
  }

  /**
   * @param folder for its key
   * @param kubeconfig is written, and must not exist
   */
  static StandInCluster start(Path folder, Path kubeconfig)
      throws IOException, InterruptedException, GeneralSecurityException {
    KeyStore keys = keys(folder.resolve("stand-in.p12"));
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(keys)));
    server.createContext("/", StandInCluster::answer);
    server.start();
    String text =
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: stand-in, cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}}]
        users: [{name: nobody, user: {token: none}}]
        contexts: [{name: %s, context: {cluster: stand-in, user: nobody}}]
        """
            .formatted(server.getAddress().getPort(), authority(keys), CONTEXT);
    Files.writeString(kubeconfig, text, StandardOpenOption.CREATE_NEW);
    return new StandInCluster(server);
  }

  /** The JDK makes certificates by a program of its own alone. */
  private static KeyStore keys(Path file)
      throws IOException, InterruptedException, GeneralSecurityException {
    List<String> keytool =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            CONTEXT,
            "-keyalg",
            "EC",
            "-dname",
            "CN=127.0.0.1",
            "-ext",
            "SAN=ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-storepass",
            String.valueOf(PASSWORD),
            "-keystore",
            file.toString());
    int exit = new ProcessBuilder(keytool).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException("keytool ended with " + exit);
    }
    return KeyStore.getInstance(file.toFile(), PASSWORD);
  }

  private static SSLContext tls(KeyStore keys) throws GeneralSecurityException {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), null, null);
    return context;
  }

  private static String authority(KeyStore keys) throws GeneralSecurityException {
    String certificate =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate(CONTEXT).getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    return Base64.getEncoder().encodeToString(certificate.getBytes(StandardCharsets.US_ASCII));
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange;
        InputStream asked = exchange.getRequestBody()) {
      asked.readAllBytes();
      byte[] body = body(exchange.getRequestURI().getPath()).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String body(String path) {
    if (path.endsWith("/selfsubjectaccessreviews")) {
      return """
          {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": {}, "status": {"allowed": true}}""";
    }
    if (path.endsWith("/scale")) {
      return """
          {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "poller"}, "spec": {}, "status": {"replicas": 0}}""";
    }
    if (path.endsWith("/poller")) {
      return """
          {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "poller", "generation": 1},
           "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "poller"}}}, "status": {"observedGeneration": 1}}""";
    }
    return """
        {"apiVersion": "v1", "kind": "List", "metadata": {}, "items": []}""";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
