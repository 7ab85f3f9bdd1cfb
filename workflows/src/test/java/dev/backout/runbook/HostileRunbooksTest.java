package dev.backout.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HostileRunbooksTest {
  /** Far more than they take together; a machine may be busy. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Test
  void textsMadeToCostTimeAndMemoryAreAnsweredWithin256MiB() throws Exception {
    Process small = start();
    try {
      String said =
          assertTimeoutPreemptively(
              PATIENCE,
              () -> new String(small.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      assertEquals(0, small.waitFor(), said);
    } finally {
      small.destroyForcibly();
    }
  }

  private static Process start() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            SmallHeap.class.getName())
        .redirectErrorStream(true)
        .start();
  }

  /** A process of its own, whose heap is the limit; the last name it says is the one it died of. */
  static final class SmallHeap {
    private SmallHeap() {}

    public static void main(String[] arguments) {
      HostileRunbooks.all().forEach(SmallHeap::answer);
    }

    private static void answer(String name, String text) {
      System.out.println(name);
      SourceText source = new SourceText("hostile.yaml", text);
      ParseResult result = RunbookParser.parse(source);
      if (!result.diagnostics().isEmpty()) {
        assertFalse(DiagnosticRenderer.text(result.diagnostics(), source, false).isBlank());
      }
    }
  }
}
