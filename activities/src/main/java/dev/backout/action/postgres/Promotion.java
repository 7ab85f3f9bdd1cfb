package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The change of two names in one transaction.
 *
 * <p>A rename holds the database against whoever wants in, and waits for those who are in for five
 * seconds. So connections are ended while it waits: who was ended can't be back before it is done.
 */
record Promotion(String next, String live, String keepAs, boolean terminate) {
  static final Duration LIMIT = Duration.ofMinutes(5);

  private static final int ATTEMPTS = 3;
  private static final long PAUSE_MILLIS = 100;
  private static final String IN_USE = "55006";

  /**
   * @param second another connection, by which others are ended meanwhile
   * @return how many were ended
   */
  int carryOut(Connection connection, Connection second, ActionContext context)
      throws SQLException, ActionException, InterruptedException {
    Set<Integer> ended = new TreeSet<>();
    for (int attempt = 1; ; attempt++) {
      requireFree(second);
      try {
        rename(connection, second, ended, context);
        return ended.size();
      } catch (SQLException e) {
        if (!IN_USE.equals(e.getSQLState()) || attempt == ATTEMPTS || !terminate) {
          throw e;
        }
        context.heartbeat("ending the connections to " + live);
      }
    }
  }

  private void requireFree(Connection connection) throws SQLException, ActionException {
    List<Session> sessions = sessions(connection);
    if (!terminate && !sessions.isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          "Somebody is connected: "
              + Session.listed(sessions)
              + ". Nothing was changed. Stop what uses "
              + live
              + " and "
              + next
              + ", then retry, or say `terminate: true`.");
    }
  }

  private List<Session> sessions(Connection connection) throws SQLException {
    List<Session> sessions = new ArrayList<>(Session.of(live, connection));
    sessions.addAll(Session.of(next, connection));
    return sessions;
  }

  private void rename(
      Connection connection, Connection second, Set<Integer> ended, ActionContext context)
      throws SQLException, InterruptedException {
    FutureTask<Void> renaming = new FutureTask<>(() -> renameNow(connection));
    Thread thread = new Thread(renaming, "backout-postgres-promotion");
    thread.setDaemon(true);
    thread.start();
    while (true) {
      try {
        Void unused = renaming.get(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        end(second, ended, context);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof SQLException refusal
            ? refusal
            : new SQLException(e.getCause());
      }
    }
  }

  private void end(Connection second, Set<Integer> ended, ActionContext context)
      throws SQLException {
    context.heartbeat("waiting for the connections to " + live);
    if (terminate) {
      sessions(second).forEach(each -> ended.add(each.pid()));
      Session.endAll(live, second);
      Session.endAll(next, second);
    }
  }

  private Void renameNow(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try {
      Belongings.carryOver(live, next, connection);
      Sql.execute(connection, rename(live, keepAs));
      Sql.execute(connection, rename(next, live));
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
    return null;
  }

  private static String rename(String from, String to) {
    return "ALTER DATABASE " + Sql.identifier(from) + " RENAME TO " + Sql.identifier(to);
  }
}
