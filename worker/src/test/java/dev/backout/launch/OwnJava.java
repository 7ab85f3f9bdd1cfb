package dev.backout.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Starts programs of this build in processes of their own. In a full build it does so as the
 * launcher does, from jars and with an archive of loaded classes, which halves what a start costs;
 * while one is editing, the archive would cost more than it saves.
 */
public final class OwnJava {
  /**
   * For a process that lives for seconds, in which the second compiler costs more than it gains.
   */
  public static final String BRIEF = "-XX:TieredStopAtLevel=1";

  private static final Optional<ArchivedClasses> ARCHIVED =
      Boolean.getBoolean("backout.rehearsed")
          ? Optional.of(ArchivedClasses.ofThisBuild())
          : Optional.empty();

  private OwnJava() {}

  /** The program with its options and the class path, to be followed by a class's name. */
  public static List<String> command(String... options) {
    List<String> command = new ArrayList<>();
    command.add(program());
    command.addAll(options(options));
    return command;
  }

  private static List<String> options(String... more) {
    List<String> options = new ArrayList<>(List.of(BRIEF, "-XX:+UseSerialGC"));
    options.addAll(List.of(more));
    options.addAll(
        ARCHIVED
            .map(ArchivedClasses::options)
            .orElse(List.of("-cp", System.getProperty("java.class.path"))));
    return options;
  }

  /**
   * The options and the class path for {@code java @FILE CLASS}: a process shows no more than the
   * beginning of a long command line.
   */
  public static void writeArguments(Path file) throws IOException {
    Files.writeString(
        file,
        options().stream()
            .map(option -> "\"" + option.replace("\\", "\\\\") + "\"\n")
            .collect(Collectors.joining()));
  }

  /** From now on, the background servers that this process starts are started the same way. */
  public static void useForServers() {
    ARCHIVED.ifPresent(
        archived -> {
          System.setProperty("backout.cds", archived.archive().toString());
          System.setProperty("java.class.path", archived.classPath());
        });
  }

  static String program() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
