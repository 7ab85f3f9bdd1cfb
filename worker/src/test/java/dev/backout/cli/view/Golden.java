package dev.backout.cli.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts that are compared whole with a file under {@code src/test/resources/golden}. With {@code
 * -Dgolden.update} they are written instead: read the difference before you commit it.
 */
public final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private Golden() {}

  public static void assertIs(String name, String text) {
    Path file = FOLDER.resolve(name + ".txt");
    try {
      if (System.getProperty("golden.update") != null) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
      }
      String expected = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
      assertEquals(expected, text, file + " differs; -Dgolden.update writes it anew");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
