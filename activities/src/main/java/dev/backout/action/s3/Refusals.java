package dev.backout.action.s3;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What a server's refusal means and what to do about it.
 *
 * @param bucket which bucket was asked
 * @param place where it is
 */
record Refusals(String bucket, String place) {
  private static final Set<String> KEYS =
      Set.of("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken");
  private static final Set<String> REGION =
      Set.of("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint");
  private static final Set<String> CHANGED =
      Set.of(
          "BadDigest", "XAmzContentSHA256Mismatch", "InvalidDigest", "XAmzContentChecksumMismatch");

  ActionException of(String what, SdkException problem) {
    if (!(problem instanceof S3Exception s3)) {
      return new ActionException(
          Kind.TRANSIENT,
          what + ": " + place + " gave no answer: " + cause(problem) + ".",
          problem);
    }
    return new ActionException(kind(s3), what + ": " + sentence(s3), problem);
  }

  /** What the server answered; 0 if nothing. */
  static int status(ActionException refusal) {
    return refusal.getCause() instanceof S3Exception s3 ? s3.statusCode() : 0;
  }

  private static Kind kind(S3Exception problem) {
    int status = problem.statusCode();
    return (status >= 500 && status != 501) || status == 429 || status == 408 || isMixedUp(problem)
        ? Kind.TRANSIENT
        : Kind.PERMANENT;
  }

  private static boolean isMixedUp(S3Exception problem) {
    return Set.of("OperationAborted", "RequestTimeout", "ConditionalRequestConflict")
        .contains(code(problem));
  }

  private String sentence(S3Exception problem) {
    String code = code(problem);
    if (code.equals("NoSuchBucket")) {
      return "there is no bucket " + bucket + " at " + place + ". Correct `bucket`, or make it.";
    }
    if (KEYS.contains(code)) {
      return place
          + " does not take the keys ("
          + code
          + "). See which keys the worker has as the secrets that `store` names.";
    }
    if (code.equals("RequestTimeTooSkewed")) {
      return "the clocks of this worker and of " + place + " differ too much. Set them right.";
    }
    if (REGION.contains(code) || problem.statusCode() == 301) {
      return "the bucket is in another region than `store.region` says: " + said(problem) + ".";
    }
    if (CHANGED.contains(code)) {
      return "what arrived is not what was sent (" + code + "): " + said(problem) + ". Try again.";
    }
    if (problem.statusCode() == 412) {
      return "something was put there meanwhile, and was left as it is.";
    }
    if (problem.statusCode() == 404) {
      return "it is not there (" + (code.isEmpty() ? "404" : code) + "). Look with s3.list.";
    }
    if (problem.statusCode() == 403) {
      return place
          + " does not allow it ("
          + (code.isEmpty() ? "403" : code)
          + "). Give the key's owner that right on bucket "
          + bucket
          + ".";
    }
    return place + " refused: " + said(problem) + ".";
  }

  /** Empty where the server gave none. */
  static String code(S3Exception problem) {
    String code = problem.awsErrorDetails() == null ? null : problem.awsErrorDetails().errorCode();
    return code == null || code.matches("\\d*|NotFound|Forbidden|BadRequest") ? "" : code;
  }

  private static String said(S3Exception problem) {
    String said =
        problem.awsErrorDetails() == null ? null : problem.awsErrorDetails().errorMessage();
    return (said == null || said.isBlank()
            ? "no reason given"
            : said.strip().replaceAll("\\.$", ""))
        + " ("
        + problem.statusCode()
        + (code(problem).isEmpty() ? "" : " " + code(problem))
        + ")";
  }

  /** The deepest cause says what happened; those above it that something did. */
  private static String cause(Throwable problem) {
    Throwable deepest = problem;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = String.valueOf(deepest.getMessage()).strip().replaceAll("\\.$", "");
    return deepest.getClass().getSimpleName().replaceFirst("Exception$", "") + ": " + message;
  }
}
