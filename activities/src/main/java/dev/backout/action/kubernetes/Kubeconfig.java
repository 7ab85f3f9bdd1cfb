package dev.backout.action.kubernetes;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the worker finds its clusters: the files that {@code KUBECONFIG} names, or {@code
 * ~/.kube/config}. The worker's own, never a runbook's: a kubeconfig may name a program to be run.
 */
record Kubeconfig(List<Path> files) {
  private static final int REQUEST_MILLIS = 10_000;

  static Kubeconfig of(Map<String, String> environment) {
    String named = environment.get("KUBECONFIG");
    List<Path> files =
        named == null || named.isBlank()
            ? List.of(Path.of(System.getProperty("user.home"), ".kube", "config"))
            : Stream.of(named.split(File.pathSeparator))
                .filter(file -> !file.isBlank())
                .map(Path::of)
                .toList();
    return new Kubeconfig(files);
  }

  boolean isThere() {
    return files.stream().anyMatch(Files::exists);
  }

  /**
   * How the cluster of a context is reached; what is confidential in it is masked from now on.
   *
   * @throws ActionException if there is no such context, naming those that there are
   */
  Config config(String context, ActionContext action) throws ActionException {
    List<String> others = new ArrayList<>();
    for (Path file : files) {
      Config config = read(file, context);
      if (config == null) {
        continue;
      }
      NamedContext current = config.getCurrentContext();
      if (current != null && context.equals(current.getName())) {
        conceal(config, action);
        ClientKey.prepare(config);
        conceal(config, action);
        // An API server that refuses the credentials closes an HTTP/2 connection, and the refusal
        // is lost.
        config.setHttp2Disable(true);
        config.setRequestRetryBackoffLimit(1);
        config.setRequestTimeout(REQUEST_MILLIS);
        config.setConnectionTimeout(REQUEST_MILLIS);
        return config;
      }
      config.getContexts().forEach(each -> others.add(each.getName()));
    }
    throw new ActionException(
        Kind.PERMANENT,
        "The worker's kubeconfig has no context '"
            + context
            + "': "
            + (others.isEmpty()
                ? "there is none in " + files
                : "there are "
                    + String.join(", ", others.stream().sorted().toList())
                    + " in "
                    + files)
            + ". Nothing was changed; correct `context`, or give the worker's user a kubeconfig with it ($KUBECONFIG or ~/.kube/config).");
  }

  private static @Nullable Config read(Path file, String context) throws ActionException {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return Config.fromKubeconfig(context, Files.readString(file), file.toString());
    } catch (IOException | RuntimeException e) {
      // Its text may hold secrets, and so may what a parser says of it.
      throw new ActionException(
          Kind.PERMANENT,
          "The worker's kubeconfig "
              + file
              + " can't be read ("
              + e.getClass().getSimpleName()
              + "). Nothing was changed; see what `kubectl config view` says of it, then retry.",
          e);
    }
  }

  private static void conceal(Config config, ActionContext action) {
    Stream.of(
            config.getOauthToken(),
            config.getAutoOAuthToken(),
            config.getPassword(),
            config.getClientKeyData(),
            config.getClientKeyPassphrase(),
            config.getProxyPassword())
        .filter(secret -> secret != null && !secret.isBlank())
        .forEach(action::conceal);
  }
}
