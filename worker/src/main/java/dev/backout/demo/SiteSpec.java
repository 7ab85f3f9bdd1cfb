package dev.backout.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * What a site should be like.
 *
 * @param rows how many rows the good backup holds, and how many more PostgreSQL has
 * @param paddingPerArtifact bytes of text in each artifact, for databases of a given size
 * @param postgres whether PostgreSQL really runs; otherwise the service is laid out as it is when
 *     PostgreSQL has gone
 * @param goodBackupAge how long ago the newest good backup was taken
 */
public record SiteSpec(
    Rows rows, int paddingPerArtifact, boolean postgres, Duration goodBackupAge) {

  public record Rows(int artifacts, int topics, int entities) {
    Rows plus(Rows more) {
      return new Rows(artifacts + more.artifacts, topics + more.topics, entities + more.entities);
    }

    Rows minus(Rows fewer) {
      return new Rows(
          artifacts - fewer.artifacts, topics - fewer.topics, entities - fewer.entities);
    }

    @Override
    public String toString() {
      return artifacts + " artifacts, " + topics + " topics, " + entities + " entities";
    }
  }

  /** What PostgreSQL has that the newest good backup has not. */
  static final Rows WRITTEN_SINCE = new Rows(33, 2, 7);

  /** What the newest good backup has that the older one has not. */
  static final Rows WRITTEN_BETWEEN = new Rows(80, 4, 20);

  /** What the older backup has that the database before the migration had not. */
  static final Rows WRITTEN_AFTER_MIGRATION = new Rows(100, 5, 30);

  /** How long ago the older backup was taken, the service moved to PostgreSQL, and opened. */
  static final Duration OLDER = Duration.ofHours(20);

  static final Duration MIGRATION = Duration.ofDays(9);
  private static final Duration OPENED = Duration.ofDays(40);

  /** The demo's: small, and on a PostgreSQL that runs. */
  public static SiteSpec demo() {
    return new SiteSpec(new Rows(567, 45, 123), 0, true, Duration.ofMinutes(38));
  }

  /** As the demo's right after PostgreSQL has gone; takes no time to lay out. */
  public static SiteSpec withoutPostgres() {
    return new SiteSpec(new Rows(567, 45, 123), 0, false, Duration.ofMinutes(38));
  }

  /** A backup of about that many bytes, PostgreSQL gone. */
  public static SiteSpec ofSize(long bytes) {
    int padding = 8_000;
    return new SiteSpec(
        new Rows((int) Math.max(200, bytes / 8_200), 45, 123),
        padding,
        false,
        Duration.ofMinutes(38));
  }

  Rows inPostgres() {
    return rows.plus(WRITTEN_SINCE);
  }

  Rows inOlderBackup() {
    return rows.minus(WRITTEN_BETWEEN);
  }

  Rows beforeMigration() {
    return inOlderBackup().minus(WRITTEN_AFTER_MIGRATION);
  }

  /**
   * When a row was written: the same in every database of the site that has it, and before that was
   * taken.
   *
   * @param table how many rows of its table there are
   * @param now when the site is laid out
   */
  Instant writtenAt(ToIntFunction<Rows> table, int id, Instant now) {
    int before = 0;
    Instant since = now.minus(OPENED);
    Map<Integer, Instant> taken = new TreeMap<>();
    taken.put(table.applyAsInt(beforeMigration()), now.minus(MIGRATION));
    taken.put(table.applyAsInt(inOlderBackup()), now.minus(OLDER));
    taken.put(table.applyAsInt(rows), now.minus(goodBackupAge));
    taken.put(table.applyAsInt(inPostgres()), now);
    for (Map.Entry<Integer, Instant> database : taken.entrySet()) {
      if (id <= database.getKey()) {
        Duration span = Duration.between(since, database.getValue());
        return since
            .plus(span.multipliedBy(id - before).dividedBy(database.getKey() - before))
            .truncatedTo(ChronoUnit.SECONDS);
      }
      before = database.getKey();
      since = database.getValue();
    }
    throw new IllegalArgumentException("No database of the site has the row " + id);
  }
}
