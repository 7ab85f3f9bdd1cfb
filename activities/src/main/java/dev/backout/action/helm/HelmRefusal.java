package dev.backout.action.helm;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.util.regex.Pattern;

/** What helm's words mean, and what to do. */
final class HelmRefusal {
  private static final Pattern NO_RELEASE = Pattern.compile("release: not found");
  private static final Pattern NO_REVISION = Pattern.compile("release has no \\d+ version");
  private static final Pattern LOCKED =
      Pattern.compile("another operation \\(.*\\) is in progress");
  private static final Pattern LATE =
      Pattern.compile("context deadline exceeded|timed out waiting|client rate limiter Wait");
  private static final Pattern FORBIDDEN = Pattern.compile("is forbidden|cannot .* resource");
  private static final Pattern EXPIRED =
      Pattern.compile("Unauthorized|provide credentials|must be logged in");
  private static final Pattern LOGGED_OUT =
      Pattern.compile("getting credentials: |system:anonymous");
  private static final Pattern UNTRUSTED = Pattern.compile("x509: |failed to verify certificate");
  private static final Pattern NO_CONTEXT = Pattern.compile("context .* does not exist");
  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "(?i)connection refused|no such host|i/o timeout|cluster unreachable|connection reset|EOF");

  private HelmRefusal() {}

  static boolean isNoRelease(ActionException refusal) {
    return NO_RELEASE.matcher(refusal.getMessage()).find();
  }

  static ActionException of(String said, Helm helm, ActionContext context) {
    return of(context.mask(said.strip()), Kind.PERMANENT, helm);
  }

  /** Of one that has run, and whose last words are in its failure. */
  static ActionException of(ActionException failed, Helm helm, ActionContext context) {
    return of(context.mask(failed.getMessage()), failed.kind(), helm);
  }

  private static ActionException of(String said, Kind kind, Helm helm) {
    String says = "\nhelm says: " + said;
    if (NO_RELEASE.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "There is no such release in "
              + helm.place()
              + ". Nothing was changed; correct `release`, `namespace` or `context`: `helm list --all` shows what there is."
              + says);
    }
    if (NO_REVISION.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "The release has no such revision any more: Helm keeps the last ten. Nothing was changed; choose one of `helm history`, or install the chart with the values that it had."
              + says);
    }
    if (LOCKED.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "The release is in the middle of another operation, or was left there by one that was killed. Nothing was changed; wait for it, or if nothing is under way any more, take the release out of it with `helm.unlock`, then retry."
              + says);
    }
    if (EXPIRED.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "The API server does not accept the worker's credentials for "
              + helm.place()
              + ": they have expired, or are another cluster's. Log in again as the worker's user, then retry."
              + says);
    }
    if (LOGGED_OUT.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "The worker has no credentials for "
              + helm.place()
              + ": its kubeconfig has none for this context, or the program that it names to log in has failed. Nothing was changed; log in again as the worker's user, then retry."
              + says);
    }
    if (UNTRUSTED.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "The API server of "
              + helm.place()
              + " shows a certificate that the kubeconfig's context does not trust. Nothing was changed; see that it is the right cluster and that certificate-authority-data is its own, then retry."
              + says);
    }
    if (FORBIDDEN.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "The worker lacks a right in "
              + helm.place()
              + "; which one, helm says. Let an administrator allow it, then retry."
              + says);
    }
    if (NO_CONTEXT.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "The worker's kubeconfig has no such context. Nothing was changed; correct `context`."
              + says);
    }
    if (LATE.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "The release's objects were written, and did not get ready in time: the release is `failed`, and what it wants goes on being tried. `kubernetes.pods` says why its pods are not ready; then retry, or undo."
              + says);
    }
    if (UNREACHABLE.matcher(said).find()) {
      return new ActionException(
          Kind.TRANSIENT,
          "The API server of "
              + helm.place()
              + " can't be reached. See whether it is up, then retry."
              + says);
    }
    return new ActionException(kind, "helm refuses, in " + helm.place() + ": " + said);
  }
}
