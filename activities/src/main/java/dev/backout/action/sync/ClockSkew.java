package dev.backout.action.sync;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is to be said where a server's clock and this machine's differ: times by which rows are told
 * to be new are written by one of them, and compared with the other.
 */
final class ClockSkew {
  private static final Duration USUAL = Duration.ofSeconds(5);

  private ClockSkew() {}

  static List<String> notes(Connection server, Duration overlap) throws SQLException {
    try (Statement statement = server.createStatement()) {
      Instant before = Instant.now();
      try (ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
        row.next();
        return notes(
            before, row.getObject(1, OffsetDateTime.class).toInstant(), Instant.now(), overlap);
      }
    }
  }

  /**
   * @param before by this machine's clock, before the server was asked
   * @param server by the server's
   * @param after by this machine's, when the answer was there
   * @param overlap how much earlier than {@code since} rows are read
   * @return nothing if they go as one
   */
  static List<String> notes(Instant before, Instant server, Instant after, Duration overlap) {
    Duration skew =
        server.isAfter(after)
            ? Duration.between(after, server)
            : server.isBefore(before) ? Duration.between(server, before) : Duration.ZERO;
    if (skew.compareTo(USUAL) < 0) {
      return List.of();
    }
    return List.of(
        "the clock of the PostgreSQL server is "
            + seconds(skew)
            + (server.isAfter(after) ? " ahead of" : " behind")
            + " this worker's: rows dated by one of them and a since taken from the other miss each other by as much; "
            + (skew.compareTo(overlap) <= 0
                ? "overlap covers that"
                : "overlap, " + seconds(overlap) + ", is less than that, and should be more"));
  }

  /** These notes and those of how the tables go together. */
  static List<String> with(List<String> others, List<String> notes) {
    List<String> all = new ArrayList<>(others);
    all.addAll(notes);
    return all;
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%,d s", duration.toSeconds());
  }
}
