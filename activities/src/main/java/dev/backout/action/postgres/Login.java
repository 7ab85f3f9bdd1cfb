package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.postgresql.Driver;

/** Gets in, and says why it doesn't. */
public final class Login {
  /** No connection, one too many, and a server that starts or stops: it may be better later. */
  private static final Set<String> PASSING =
      Set.of("08000", "08001", "08003", "08006", "53300", "57P01", "57P02", "57P03");

  private Login() {}

  /**
   * @param timeout how long each answer may take; rounded up to seconds
   */
  public static Connection connect(PostgresUrl url, Duration timeout) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(url.properties());
    String seconds = Long.toString(Math.max(1, timeout.plusNanos(999_999_999).toSeconds()));
    for (String limit : List.of("loginTimeout", "connectTimeout", "socketTimeout")) {
      properties.setProperty(limit, seconds);
    }
    properties.putIfAbsent("ApplicationName", "backout");
    Connection connection = new Driver().connect(url.server(), properties);
    if (connection == null) {
      throw new SQLException("the driver does not know such a server: " + url.server());
    }
    return connection;
  }

  /** The driver's sentence, and where that says little its cause; never with the password. */
  public static String describe(SQLException problem, PostgresUrl url, ActionContext context) {
    String text = String.valueOf(problem.getMessage()).strip();
    Throwable cause = problem.getCause();
    if (cause != null && cause.getMessage() != null && !text.contains(cause.getMessage())) {
      text += " " + cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
    String password = url.properties().getProperty("password", "");
    return context.mask(password.isEmpty() ? text : text.replace(password, "***"));
  }

  /** The same as a failure, with PostgreSQL's code. */
  public static ActionException failure(
      String what, SQLException problem, PostgresUrl url, ActionContext context) {
    String state = problem.getSQLState();
    return new ActionException(
        PASSING.contains(String.valueOf(state)) ? Kind.TRANSIENT : Kind.PERMANENT,
        what
            + ": "
            + describe(problem, url, context)
            + (state == null ? "" : " (" + state + ")")
            + remedy(String.valueOf(state)),
        problem);
  }

  private static String remedy(String state) {
    return switch (state) {
      case "28P01", "28000" -> ". Correct the user or the password of the URL.";
      case "3D000" -> ". Correct the name of the database in the URL.";
      default -> "";
    };
  }
}
