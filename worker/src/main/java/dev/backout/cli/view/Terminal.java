package dev.backout.cli.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The terminal of this process, if it has one. */
public final class Terminal {
  private static final int PIPE_COLUMNS = 120;
  private static final int USUAL_COLUMNS = 80;

  private Terminal() {}

  /**
   * On Linux the kernel says it; elsewhere Java knows it of input and output together.
   *
   * @param descriptor 0 for standard input, 1 for output, 2 for errors
   */
  public static boolean isAt(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null;
    }
  }

  /** How wide the output is, in cells: {@code COLUMNS} where it is set. */
  public static int columns() {
    String given = System.getenv().getOrDefault("COLUMNS", "");
    if (given.matches("[1-9][0-9]{0,3}")) {
      return Integer.parseInt(given);
    }
    return isAt(1) ? ask() : PIPE_COLUMNS;
  }

  private static int ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Path.of("/dev/tty").toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      String[] rowsAndColumns = size.trim().split(" ");
      int columns = rowsAndColumns.length == 2 ? Integer.parseInt(rowsAndColumns[1]) : 0;
      return columns > 0 ? columns : USUAL_COLUMNS;
    } catch (IOException | NumberFormatException e) {
      return USUAL_COLUMNS;
    }
  }
}
