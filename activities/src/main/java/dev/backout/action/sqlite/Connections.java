package dev.backout.action.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** How a database file is opened. */
final class Connections {
  private Connections() {}

  /** To read what is there, with whatever locks the query string asks for. */
  static Connection reading(Path database, String query) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:file:" + database.toUri().getRawPath() + query);
  }

  /** As an application would; SQLite first mends what a crash has left. */
  static Connection writing(Path database) throws SQLException {
    return reading(database, "?mode=rw");
  }

  /** Whether SQLite says that the file itself is unusable, rather than busy or out of reach. */
  static boolean isDamage(SQLException problem) {
    if (!(problem instanceof SQLiteException e)) {
      return false;
    }
    SQLiteErrorCode code = e.getResultCode();
    return code == SQLiteErrorCode.SQLITE_NOTADB
        || primary(e) == SQLiteErrorCode.SQLITE_CORRUPT.code;
  }

  static boolean isBusy(SQLException problem) {
    return problem instanceof SQLiteException e
        && (primary(e) == SQLiteErrorCode.SQLITE_BUSY.code
            || primary(e) == SQLiteErrorCode.SQLITE_LOCKED.code);
  }

  private static int primary(SQLiteException problem) {
    return problem.getResultCode().code & 0xff;
  }
}
