package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.program.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dump as {@code pg_restore} reads it.
 *
 * @param server the version of the server that it was taken from
 * @param contents the lines of its table of contents
 */
record Archive(
    Path path, DumpFormat format, String database, Version server, List<String> contents) {
  private static final Duration LISTED_WITHIN = Duration.ofMinutes(1);
  private static final String TABLE_OF_CONTENTS = "toc.dat";

  /**
   * Reads the table of contents.
   *
   * @throws ActionException with pg_restore's own words if it isn't a dump that it can read
   */
  static Archive of(Path path, ActionContext context) throws ActionException, InterruptedException {
    Answer answer =
        new ClientPrograms(context)
            .read(List.of(ClientPrograms.RESTORE, "--list", path.toString()), LISTED_WITHIN);
    if (answer.exitCode() != 0) {
      throw unreadable(path, answer.err().strip());
    }
    List<String> lines = answer.out().lines().toList();
    return new Archive(
        path,
        Files.isDirectory(path) ? DumpFormat.DIRECTORY : DumpFormat.CUSTOM,
        header(lines, "dbname"),
        Version.in(header(lines, "Dumped from database version")),
        lines.stream().filter(line -> !line.startsWith(";") && !line.isBlank()).toList());
  }

  private static ActionException unreadable(Path path, String said) {
    return new ActionException(
        Kind.PERMANENT,
        path
            + " is no dump that this worker's pg_restore can read: "
            + said
            + (said.contains("unsupported version")
                ? ". It was written by a newer pg_dump: install PostgreSQL's client programs of that version on the worker."
                : ". Choose another dump."));
  }

  private static String header(List<String> lines, String name) {
    Pattern form = Pattern.compile(";\\s+" + name + ": (.*)");
    return lines.stream()
        .map(form::matcher)
        .filter(Matcher::matches)
        .map(found -> found.group(1).strip())
        .findFirst()
        .orElse("");
  }

  /** Whether a path may be a dump: a file, or a directory as pg_dump writes one. */
  static boolean mayBe(Path path) {
    return Files.isRegularFile(path) || Files.isRegularFile(path.resolve(TABLE_OF_CONTENTS));
  }

  /**
   * @param table SCHEMA.TABLE, or a table of the schema public
   */
  boolean hasTable(String table) {
    String[] parts = table.contains(".") ? table.split("\\.", 2) : new String[] {"public", table};
    String entry = " TABLE " + parts[0] + " " + parts[1] + " ";
    return contents.stream().anyMatch(line -> (line + " ").contains(entry));
  }

  long tables() {
    return contents.stream().filter(line -> line.contains(" TABLE ")).count();
  }

  /**
   * Reads and unpacks all of it.
   *
   * @throws ActionException with pg_restore's own words if it is damaged
   */
  void readAll(Duration within, ActionContext context)
      throws ActionException, InterruptedException {
    Answer answer =
        new ClientPrograms(context)
            .read(List.of(ClientPrograms.RESTORE, "--file=/dev/null", path.toString()), within);
    if (answer.exitCode() != 0) {
      throw new ActionException(
          Kind.PERMANENT, path + " is damaged: " + answer.err().strip() + ". Choose another dump.");
    }
  }
}
