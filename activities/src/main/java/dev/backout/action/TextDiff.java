package dev.backout.action;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.backout.action.Preview.Detail;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A unified diff that may be shown: what looks like a secret is masked, also in lines that are only
 * context.
 */
public final class TextDiff {
  private static final int CONTEXT = 3;
  private static final String CONFIDENTIAL_NAME =
      "(?:password|passwd|secret|token|api_?key|private_?key|credential)";
  private static final Pattern CONFIDENTIAL =
      Pattern.compile(
          "(?i)^([ +-]\\s*(?:export\\s+)?[\\w.-]*"
              + CONFIDENTIAL_NAME
              + "[\\w.-]*\\s*[=:]\\s*)(?!secret:)\\S.*$");
  private static final Pattern URL_PASSWORD = Pattern.compile("(://[^/@\\s:]*:)[^@\\s]+@");

  /** As JDBC has it: {@code jdbc:postgresql://host/db?user=app&password=…}. */
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([?&;][\\w.-]*" + CONFIDENTIAL_NAME + "[\\w.-]*=)[^&;\\s\"']+");

  private TextDiff() {}

  public static Detail of(String name, String before, String after, ActionContext context) {
    List<String> from = lines(before);
    List<String> to = lines(after);
    List<String> diff =
        UnifiedDiffUtils.generateUnifiedDiff(name, name, from, DiffUtils.diff(from, to), CONTEXT);
    return new Detail(
        Preview.Kind.DIFF, name, diff.stream().map(line -> masked(line, context)).toList());
  }

  /** Whether a variable, by its name or its value, looks like one that nobody should see. */
  public static boolean isConfidential(String name, String value) {
    return Pattern.compile(CONFIDENTIAL_NAME, Pattern.CASE_INSENSITIVE).matcher(name).find()
        || URL_PASSWORD.matcher(value).find()
        || PARAMETER.matcher(value).find();
  }

  private static List<String> lines(String text) {
    return text.isEmpty() ? List.of() : text.lines().toList();
  }

  private static String masked(String line, ActionContext context) {
    String known = context.mask(line);
    String named = CONFIDENTIAL.matcher(known).replaceFirst("$1***");
    String parameters = PARAMETER.matcher(named).replaceAll("$1***");
    return URL_PASSWORD.matcher(parameters).replaceAll("$1***@");
  }
}
