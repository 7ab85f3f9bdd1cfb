package dev.backout.action.program;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What of the worker's environment `docker` sees: how to reach a daemon, and nothing that a Compose
 * file could take for one of its own variables. Compose prefers the environment to the .env file,
 * so an IMAGE_TAG that somebody has left in the worker's shell would quietly win.
 */
final class DockerEnvironment {
  private static final Set<String> NAMES =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "TMPDIR",
          "LANG",
          "TZ",
          "XDG_RUNTIME_DIR",
          "XDG_CONFIG_HOME",
          "SSH_AUTH_SOCK",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "ALL_PROXY",
          "NO_PROXY");

  private DockerEnvironment() {}

  static Map<String, String> of(Map<String, String> worker) {
    Map<String, String> passed = new TreeMap<>();
    worker.forEach(
        (name, value) -> {
          if (isDockers(name) && !name.startsWith("COMPOSE_")) {
            passed.put(name, value);
          }
        });
    return passed;
  }

  /** Whether the variable is one by which docker or Compose would do something else. */
  static boolean isDockers(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return NAMES.contains(upper) || upper.startsWith("DOCKER_") || upper.startsWith("COMPOSE_");
  }
}
