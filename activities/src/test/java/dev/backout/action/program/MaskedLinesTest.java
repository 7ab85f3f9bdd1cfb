package dev.backout.action.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MaskedLinesTest {
  @Test
  void aSecretAtTheCutOfAnEndlessLineShowsNoPart() {
    List<String> lines = new ArrayList<>();
    MaskedLines masked = new MaskedLines(line -> line.replace("s3cr3t-value", "***"), lines::add);
    char[] text =
        ("x".repeat(MaskedLines.LONGEST + MaskedLines.SPARE - 6) + "s3cr3t-value").toCharArray();

    masked.add(text, text.length);
    masked.end();

    assertEquals(1, lines.size());
    assertFalse(lines.get(0).contains("s3cr"));
  }
}
