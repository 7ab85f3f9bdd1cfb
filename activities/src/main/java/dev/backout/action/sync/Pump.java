package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads PostgreSQL on threads of its own, and hands the rows to whoever writes them. What is on the
 * way is bounded in bytes, so that memory doesn't grow with the data.
 */
final class Pump {
  private static final int READERS = 2;

  /** In units of a KiB. */
  private static final int ON_THE_WAY = 16 << 10;

  private final PostgresSnapshot snapshot;
  private final Queue<Load> loads;
  private final int readers;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(ON_THE_WAY);
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;

  /** What writes. */
  interface Sink {
    void write(Batch batch) throws SQLException, ActionException;

    /** All of them are written. */
    void ended(Load load, long rows) throws SQLException, ActionException;
  }

  private sealed interface Event {}

  private record Rows(Batch batch) implements Event {}

  private record Ended(Load load, long rows) implements Event {}

  private record Failed(@Nullable Load load, Throwable problem) implements Event {}

  private record Idle() implements Event {}

  Pump(PostgresSnapshot snapshot, List<Load> loads) {
    this.snapshot = snapshot;
    List<Load> largest = new ArrayList<>(loads);
    largest.sort(Comparator.comparingLong((Load load) -> load.match().source().bytes()).reversed());
    this.loads = new ConcurrentLinkedQueue<>(largest);
    this.readers = snapshot.readers(Math.min(READERS, loads.size()));
  }

  /**
   * Until all is written.
   *
   * @throws ReadException if the source couldn't be read
   */
  void run(Sink sink, Progress progress)
      throws SQLException, ActionException, InterruptedException, ReadException {
    List<Thread> threads = new ArrayList<>();
    try {
      for (int i = 0; i < readers; i++) {
        Thread thread = new Thread(this::read, "backout-sync-" + i);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
      }
      int busy = readers;
      while (busy > 0) {
        Event event = events.poll(200, TimeUnit.MILLISECONDS);
        if (event instanceof Rows rows) {
          write(rows.batch(), sink, progress);
        } else if (event instanceof Ended ended) {
          sink.ended(ended.load(), ended.rows());
        } else if (event instanceof Failed failed) {
          throw ReadException.of(failed.load(), failed.problem());
        } else if (event instanceof Idle) {
          busy--;
        }
        progress.tell("copying");
      }
    } finally {
      stop(threads);
    }
  }

  private void write(Batch batch, Sink sink, Progress progress)
      throws SQLException, ActionException, ReadException {
    try {
      sink.write(batch);
    } catch (OutOfMemoryError e) {
      throw new ReadException(batch.load().toString(), e);
    }
    room.release(units(batch));
    progress.copied(batch.rows(), batch.bytes(), batch.load());
  }

  private void stop(List<Thread> threads) throws InterruptedException {
    stopped = true;
    for (Connection connection : connections) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        // It is gone already.
      }
    }
    for (Thread thread : threads) {
      thread.interrupt();
      thread.join(10_000);
    }
  }

  private void read() {
    Load current = null;
    try (Connection connection = join()) {
      for (current = loads.poll(); current != null && !stopped; current = loads.poll()) {
        read(connection, current);
      }
      events.add(new Idle());
    } catch (Throwable e) {
      events.add(new Failed(current, e));
    }
  }

  private Connection join() throws SQLException {
    Connection connection = snapshot.join();
    connections.add(connection);
    return connection;
  }

  private void read(Connection connection, Load load)
      throws SQLException, IOException, ActionException, InterruptedException {
    long count = 0;
    try (BinaryRows rows = BinaryRows.of(connection, load.fromPostgres(), load.forms())) {
      Checks checks = new Checks(load);
      Batch batch = new Batch(load);
      long before = 0;
      while (rows.next(batch.values(), batch.end())) {
        checks.require(batch);
        batch.added(rows.bytes() - before);
        before = rows.bytes();
        count++;
        if (batch.isFull()) {
          send(batch);
          batch = new Batch(load);
        }
      }
      send(batch);
    }
    events.add(new Ended(load, count));
  }

  private void send(Batch batch) throws InterruptedException {
    if (batch.rows() > 0) {
      room.acquire(units(batch));
      events.add(new Rows(batch));
    }
  }

  private static int units(Batch batch) {
    return (int) Math.min(ON_THE_WAY, 1 + (batch.bytes() >> 10));
  }

  /** Values that SQLite's columns would change, seen while they pass. */
  private static final class Checks {
    private final Load load;
    private final int[] columns;

    Checks(Load load) {
      this.load = load;
      this.columns =
          IntStream.range(0, load.pairs().size())
              .filter(i -> load.pairs().get(i).check() != Pair.Check.NONE)
              .toArray();
    }

    void require(Batch batch) throws ActionException {
      for (int column : columns) {
        Object value = batch.values()[batch.end() + column];
        if (value instanceof byte[] text && !passes(load.pairs().get(column), text)) {
          throw refusal(batch, load.pairs().get(column));
        }
      }
    }

    private static boolean passes(Pair pair, byte[] text) {
      return pair.check() == Pair.Check.EXACT_NUMBER
          ? SqliteNumbers.holds(text)
          : !SqliteNumbers.looksLikeOne(text);
    }

    private ActionException refusal(Batch batch, Pair pair) {
      boolean number = pair.check() == Pair.Check.EXACT_NUMBER;
      return new ActionException(
          Kind.PERMANENT,
          load
              + "."
              + pair.source().name()
              + " has "
              + (number
                  ? "a number that can't be held exactly"
                  : "a text that would become a number")
              + " in SQLite's column "
              + pair.target().name()
              + " "
              + pair.target().type().declared()
              + ", in "
              + batch.describe(batch.rows())
              + ": declare the column TEXT there"
              + (number ? ", or let it be rounded by the rule approximate" : "")
              + ". Nothing was changed.");
    }
  }

  /** The source couldn't be read, or its rows not be held. */
  static final class ReadException extends Exception {
    private static final long serialVersionUID = 1L;

    private ReadException(String message, Throwable cause) {
      super(message, cause);
    }

    /** What it is, where the action has already said it in its own words. */
    static ReadException of(@Nullable Load load, Throwable problem) throws ActionException {
      if (problem instanceof ActionException known) {
        throw known;
      }
      return new ReadException(String.valueOf(load), problem);
    }
  }
}
