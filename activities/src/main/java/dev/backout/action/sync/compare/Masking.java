package dev.backout.action.sync.compare;

import com.google.re2j.Pattern;
import dev.backout.action.ActionContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which columns' values nobody is to see: those that are named, and those whose names say so.
 *
 * @param columns as {@code column} or {@code table.column}
 */
record Masking(List<String> columns, ActionContext context) {
  private static final Pattern CONFIDENTIAL =
      Pattern.compile(
          "(?i)passw|passphrase|secret|token|api_?key|private_?key|access_?key|credential|authorization|cookie|otp|salt");

  private static final int LONGEST = 120;

  String of(String table, String column, @Nullable String value) {
    if (value == null) {
      return "NULL";
    }
    if (hides(table, column)) {
      return "***";
    }
    String masked = context.mask(value);
    return masked.length() <= LONGEST ? masked : masked.substring(0, LONGEST) + "…";
  }

  private boolean hides(String table, String column) {
    return CONFIDENTIAL.matcher(column).find() || Selection.named(columns, table, column);
  }
}
