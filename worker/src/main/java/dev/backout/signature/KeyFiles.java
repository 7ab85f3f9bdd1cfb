package dev.backout.signature;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files with a key on each line. */
final class KeyFiles {
  /** Far more keys than people; what is longer was not meant. */
  private static final long MAX_BYTES = 64L << 20;

  /**
   * A line that says something.
   *
   * @param place file and line number
   */
  record Line(String place, String text) {}

  private KeyFiles() {}

  static byte[] bytes(Path file) throws UnreadableKeys {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new UnreadableKeys(
            file + ": expected a list of keys, found a file of more than 64 MiB.");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new UnreadableKeys(
          file + ": expected a list of keys, found no such file. Make it, or correct the path.");
    } catch (IOException e) {
      throw new UnreadableKeys(
          file
              + ": expected a list of keys, but it can't be read ("
              + e.getClass().getSimpleName()
              + "). Check its owner and mode.");
    }
  }

  static String text(Path file) throws UnreadableKeys {
    return text(bytes(file), file.toString());
  }

  static String text(byte[] bytes, String source) throws UnreadableKeys {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UnreadableKeys(source + ": expected text in UTF-8, found other bytes.");
    }
  }

  /** Without blank lines and comments. */
  static List<Line> lines(String text, String source) {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      String content = line.strip();
      if (!content.isEmpty() && !content.startsWith("#")) {
        lines.add(new Line(source + ":" + number, content));
      }
    }
    return lines;
  }

  static void report(List<String> problems) throws UnreadableKeys {
    if (!problems.isEmpty()) {
      throw new UnreadableKeys(String.join("\n", problems));
    }
  }
}
