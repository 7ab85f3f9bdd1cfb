package dev.backout.cli;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a command finds around it.
 *
 * @param in what is typed or piped in
 * @param isTyped whether {@code in} is a terminal, so that a person can be asked
 * @param isShown whether {@code out} is a terminal
 * @param columns of that terminal; what is piped gets a width that suits a log
 */
public record Surroundings(
    Map<String, String> environment,
    BufferedReader in,
    PrintStream out,
    PrintStream err,
    boolean isTyped,
    boolean isShown,
    boolean isErrorShown,
    int columns,
    Clock clock) {
  private static final int PIPE_COLUMNS = 120;
  private static final int USUAL_COLUMNS = 80;

  /** Those of this process. */
  public static Surroundings ofProcess() {
    boolean isShown = isTerminal(1);
    return new Surroundings(
        System.getenv(),
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        isTerminal(0),
        isShown,
        isTerminal(2),
        columns(isShown),
        Clock.systemDefaultZone());
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** On Linux the kernel says it; elsewhere Java knows it of input and output together. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null;
    }
  }

  private static int columns(boolean isTerminal) {
    String given = System.getenv().getOrDefault("COLUMNS", "");
    if (given.matches("[1-9][0-9]{0,3}")) {
      return Integer.parseInt(given);
    }
    return isTerminal ? askTheTerminal() : PIPE_COLUMNS;
  }

  private static int askTheTerminal() {
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

  /** What a terminal in a C locale can't show; a pipe is read as UTF-8. */
  boolean canShowUnicode() {
    String locale =
        Stream.of("LC_ALL", "LC_CTYPE", "LANG")
            .map(name -> environment.getOrDefault(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("");
    String upper = locale.toUpperCase(Locale.ROOT);
    return !isShown || upper.contains("UTF-8") || upper.contains("UTF8");
  }

  boolean wantsNoColour() {
    return !environment.getOrDefault("NO_COLOR", "").isEmpty()
        || environment.getOrDefault("TERM", "").equals("dumb");
  }

  String person() {
    String named = environment.getOrDefault("BACKOUT_USER", "");
    if (!named.isBlank()) {
      return named;
    }
    String login = environment.getOrDefault("USER", "");
    return login.isBlank() ? System.getProperty("user.name", "somebody") : login;
  }
}
