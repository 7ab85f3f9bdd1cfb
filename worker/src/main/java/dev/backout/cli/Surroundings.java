package dev.backout.cli;

import dev.backout.cli.view.Terminal;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
  /** Those of this process. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(),
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        Terminal.isAt(0),
        Terminal.isAt(1),
        Terminal.isAt(2),
        Terminal.columns(),
        Clock.systemDefaultZone());
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
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
