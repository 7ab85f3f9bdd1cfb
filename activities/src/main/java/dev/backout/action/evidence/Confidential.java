package dev.backout.action.evidence;

import com.google.re2j.Pattern;

/**
 * Takes out of a line what looks like a credential by the name before it, where nobody has said
 * what is secret: in a configuration, and in logs that should not hold it.
 */
final class Confidential {
  /** {@code Authorization: Bearer …}, {@code db_password = "…"}, {@code "apiKey": "…"}. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)([A-Za-z0-9_.-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credential|routing[_-]?key|dsn|authorization|cookie)[A-Za-z0-9_.-]*[\"']?\\s*[:=]\\s*)(?:(?:bearer|basic|oauth)\\s+)?(?:\"[^\"]*\"|'[^']*'|[^\\s,;&}\\]]+)");

  private static final Pattern AFTER_SCHEME =
      Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{8,}");

  /** {@code postgresql://user:password@host}. */
  private static final Pattern IN_URL = Pattern.compile("(://[^/\\s:@\"']*:)[^@\\s\"']+@");

  private static final Pattern KEY_BEGINS = Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----");
  private static final Pattern KEY_ENDS = Pattern.compile("-----END [A-Z ]*PRIVATE KEY-----");

  private boolean inKey;

  /** The next line of a file. */
  String line(String line) {
    if (inKey) {
      inKey = !KEY_ENDS.matcher(line).find();
      return "***";
    }
    if (KEY_BEGINS.matcher(line).find()) {
      inKey = !KEY_ENDS.matcher(line).find();
      return "***";
    }
    String masked = IN_URL.matcher(line).replaceAll("$1***@");
    masked = NAMED.matcher(masked).replaceAll("$1***");
    return AFTER_SCHEME.matcher(masked).replaceAll("$1 ***");
  }
}
