package dev.backout.action;

import dev.backout.action.Preview.Detail;
import java.util.ArrayList;
import java.util.List;

/** A preview as far as a person can take it in and a history can hold it. */
final class BoundedPreview {
  private static final int MOST_CHARACTERS = 24 * 1024;
  private static final int LONGEST_LINE = 4 * 1024;

  private int left = MOST_CHARACTERS;

  private BoundedPreview() {}

  static Preview of(Preview preview) {
    BoundedPreview bounded = new BoundedPreview();
    return new Preview(
        Messages.bounded(preview.summary()),
        preview.changes(),
        preview.details().stream().map(bounded::detail).toList(),
        preview.outputs());
  }

  private Detail detail(Detail detail) {
    List<String> lines = new ArrayList<>();
    for (String line : detail.lines()) {
      String shown =
          line.length() <= LONGEST_LINE ? line : Excerpt.head(line, LONGEST_LINE) + "… [cut]";
      if (shown.length() > left) {
        lines.add(
            "… " + (detail.lines().size() - lines.size()) + " more lines are not shown [cut]");
        break;
      }
      left -= shown.length();
      lines.add(shown);
    }
    return new Detail(detail.kind(), Messages.bounded(detail.title()), lines);
  }
}
