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
  private static final Pattern CONFIDENTIAL =
      Pattern.compile(
          "(?i)^([ +-]\\s*(?:export\\s+)?[\\w.-]*(?:password|passwd|secret|token|api_?key|private_?key|credential)[\\w.-]*\\s*[=:]\\s*)(?!secret:)\\S.*$");
  private static final Pattern URL_PASSWORD = Pattern.compile("(://[^/@\\s:]*:)[^@\\s]+@");

  private TextDiff() {}

  public static Detail of(String name, String before, String after, ActionContext context) {
    List<String> from = lines(before);
    List<String> to = lines(after);
    List<String> diff =
        UnifiedDiffUtils.generateUnifiedDiff(name, name, from, DiffUtils.diff(from, to), CONTEXT);
    return new Detail(
        Preview.Kind.DIFF, name, diff.stream().map(line -> masked(line, context)).toList());
  }

  private static List<String> lines(String text) {
    return text.isEmpty() ? List.of() : text.lines().toList();
  }

  private static String masked(String line, ActionContext context) {
    String known = context.mask(line);
    String named = CONFIDENTIAL.matcher(known).replaceFirst("$1***");
    return URL_PASSWORD.matcher(named).replaceAll("$1***@");
  }
}
