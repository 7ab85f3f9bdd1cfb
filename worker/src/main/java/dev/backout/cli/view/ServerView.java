package dev.backout.cli.view;

import dev.backout.config.StateDirectory;
import dev.backout.history.Elapsed;
import dev.backout.server.ServerRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The background server; its key is never shown. */
public final class ServerView {
  private ServerView() {}

  public static Page page(ServerRecord server, StateDirectory state, Instant now, Look look) {
    Page page = new Page(look);
    boolean inMemory = server.kind() == ServerRecord.Kind.IN_MEMORY;
    page.wrapped(
        Line.of(Tone.GOOD, "Running "),
        Tone.PLAIN,
        "at "
            + server.address()
            + " for "
            + Times.took(Elapsed.between(server.startedAt(), now))
            + ", process "
            + server.pid()
            + ", Temporal "
            + server.version()
            + ".");
    page.wrapped(
        "",
        inMemory
            ? "In memory: runs end with it, their record stays in the archive."
            : "With a database file: runs go on after a restart.");
    Table table = new Table(look, "  ", 1);
    table.row(Line.of(Tone.FAINT, "log"), Line.of(state.serverLog().toString()));
    table.row(Line.of(Tone.FAINT, "archive"), Line.of(state.archive().toString()));
    return page.add(table.wrapped());
  }

  public static Map<String, Object> data(ServerRecord server) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("running", true);
    data.put("kind", server.kind());
    data.put("address", server.address());
    data.put("pid", server.pid());
    data.put("version", server.version());
    data.put("startedAt", server.startedAt());
    return data;
  }
}
