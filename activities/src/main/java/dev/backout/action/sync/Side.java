package dev.backout.action.sync;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.TextOrSecret;
import dev.backout.action.postgres.PostgresUrl;
import dev.backout.action.sync.schema.Dialect;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** One of the two databases. */
public sealed interface Side permits PostgresSide, SqliteSide {
  Pattern SERVER = Pattern.compile("(?is)(?:jdbc:)?postgres(?:ql)?(?:\\+[a-z0-9_]+)?://.*");
  Pattern FILE_URL = Pattern.compile("(?is)(?:jdbc:sqlite:|sqlite(?:\\+[a-z0-9_]+)?:///)(.+)");

  Dialect dialect();

  /**
   * @param field what it is called in the input, for a message
   * @param where a URL of a server, or the path of a SQLite file, also as SQLAlchemy and JDBC write
   *     it
   * @param schema which of PostgreSQL's schemas
   */
  static Side of(String field, TextOrSecret where, String schema, ActionContext context)
      throws ActionException {
    String text = context.reveal(where.text()).strip();
    if (SERVER.matcher(text).matches()) {
      return new PostgresSide(PostgresUrl.parse(text), schema);
    }
    var url = FILE_URL.matcher(text);
    String path = url.matches() ? url.group(1) : text;
    if (path.isEmpty() || path.contains("://")) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          field
              + " is neither a URL of a PostgreSQL server nor the path of a SQLite file. Write"
              + " postgresql://USER:PASSWORD@HOST:PORT/DATABASE, a secret that holds one, or a path.");
    }
    try {
      return new SqliteSide(context.allowed(Path.of(path)));
    } catch (InvalidPathException e) {
      throw new ActionException(Kind.INVALID_INPUT, field + " is no path: " + e.getReason(), e);
    }
  }
}
