package dev.backout.action.kubernetes;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.kubernetes.Cluster.ConflictException;
import dev.backout.action.kubernetes.Cluster.Right;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What it means that an API server did not do what it was asked, and what to do. */
final class Refusal {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  private Refusal() {}

  /** As whom the API server sees somebody who has shown no credentials. */
  private static final String NOBODY = "system:anonymous";

  /**
   * @param said the server's own words; may be empty
   */
  static ActionException of(int code, String said, Right asked, Cluster cluster) {
    String words = said.isEmpty() ? "HTTP " + code : said;
    if (code == UNAUTHORIZED) {
      return new ActionException(
          Kind.PERMANENT,
          "The API server "
              + cluster.server()
              + " does not accept the worker's credentials for "
              + cluster.place()
              + ": they have expired, or are another cluster's. Nothing was changed by this request; log in again as the worker's user, so that its kubeconfig is renewed, then retry.");
    }
    if (code == FORBIDDEN && said.contains(NOBODY)) {
      return new ActionException(
          Kind.PERMANENT,
          "The worker has shown the API server "
              + cluster.server()
              + " no credentials for "
              + cluster.place()
              + ": its kubeconfig has none for this context, or the program that it names to log in has failed. Nothing was changed by this request; see what `kubectl --context "
              + cluster.context()
              + " get namespaces` says as the worker's user, log in again, then retry.");
    }
    if (code == FORBIDDEN) {
      return new ActionException(
          Kind.PERMANENT,
          "The worker may not "
              + asked
              + " in "
              + cluster.place()
              + ". Nothing was changed by this request; let an administrator allow it (a Role with the verb `"
              + asked.verb()
              + "` on `"
              + asked.resource()
              + "`), then retry. The API server says: "
              + words);
    }
    if (code == CONFLICT) {
      return new ConflictException(
          "Somebody else has changed it at the same moment (" + words + "). Retry.");
    }
    boolean passing = code == TOO_MANY || code >= SERVER_ERROR;
    return new ActionException(
        passing ? Kind.TRANSIENT : Kind.PERMANENT,
        "The API server refuses to "
            + asked
            + " in "
            + cluster.place()
            + ": "
            + words
            + (passing ? ". Retry." : ". Nothing was changed by this request."));
  }

  /** Of credentials that not even a connection can be made with. */
  static ActionException unusable(Throwable problem, String context) {
    return new ActionException(
        Kind.PERMANENT,
        "The worker's kubeconfig has credentials for context "
            + context
            + " that can't be used: "
            + last(problem)
            + ". Nothing was changed; a client certificate needs its own key in PEM, RSA or on one of the elliptic curves P-256, P-384 and P-521, without a passphrase. Correct the kubeconfig, or log in by a token, then retry.",
        problem);
  }

  static ActionException unreachable(Throwable problem, Cluster cluster) {
    if (caused(problem, SSLException.class) != null) {
      return new ActionException(
          Kind.PERMANENT,
          "The API server "
              + cluster.server()
              + " shows a certificate that the kubeconfig's context does not trust ("
              + last(problem)
              + "). Nothing was changed; see that it is the right cluster and that certificate-authority-data is its own, then retry.",
          problem);
    }
    return new ActionException(
        Kind.TRANSIENT,
        "The API server "
            + cluster.server()
            + " of "
            + cluster.place()
            + " can't be reached: "
            + last(problem)
            + ". See whether it is up and the network lets the worker through, then retry.",
        problem);
  }

  private static <T extends Throwable> @Nullable T caused(Throwable problem, Class<T> type) {
    for (Throwable each = problem; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return type.cast(each);
      }
    }
    return null;
  }

  private static String last(Throwable problem) {
    Throwable root = problem;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }
}
