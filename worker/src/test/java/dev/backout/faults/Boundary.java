package dev.backout.faults;

import java.util.Locale;
import java.util.Map;

/**
 * A place on the way of a run: a point of the one step that it names.
 *
 * @param step the step's path
 */
record Boundary(String step, Point point) {

  /** How far a worker has come with a step. Each is reached once for each attempt. */
  enum Point {
    /** The workflow is about to ask for the step; all before it is reported. */
    ASKED,
    /** A worker has been given it and has not noted it yet. */
    TAKEN,
    /** It stands in the journal and has not begun. */
    NOTED,
    /** It has begun, and what it is for has not happened. */
    MIDWAY,
    /** What it is for is just happening, or has just happened. */
    LATE,
    /** It has happened, and its end is not noted. */
    DONE,
    /** Its end is noted, and the server has not heard of it. */
    UNREPORTED
  }

  /** A method at whose entry a process is stopped. */
  record Place(String type, String method) {}

  static final Place ASKED = new Place("dev.backout.workflow.Actions", "attempt");
  static final Place TAKEN = new Place("dev.backout.action.ActionRunner", "run");

  private static final String PROCESS = "dev.backout.action.process.";
  private static final String SQLITE = "dev.backout.action.sqlite.";
  private static final Place EDITED = new Place("dev.backout.action.TextFile", "requireAsRead");
  private static final Place COPIED = new Place("dev.backout.action.TextFile", "keepFormer");
  private static final Place SIGNALLING = new Place(PROCESS + "StopProcess", "signal");
  private static final Place SIGNALLED = new Place(PROCESS + "StopProcess", "await");
  private static final Place LAUNCHING = new Place(PROCESS + "StartProcess", "launch");
  private static final Place LAUNCHED = new Place(PROCESS + "Startup", "await");

  /** The inside of an act is a matter of its own. */
  private static final Map<String, Map<Point, Place>> INSIDE =
      Map.of(
          "stop_scheduler", Map.of(Point.MIDWAY, SIGNALLING, Point.LATE, SIGNALLED),
          "stop_api", Map.of(Point.MIDWAY, SIGNALLING, Point.LATE, SIGNALLED),
          "environment", Map.of(Point.MIDWAY, EDITED, Point.LATE, COPIED),
          "settings", Map.of(Point.MIDWAY, EDITED, Point.LATE, COPIED),
          "restore",
              Map.of(
                  Point.MIDWAY, new Place(SQLITE + "Replacement", "swap"),
                  Point.LATE, new Place(SQLITE + "OldDatabase", "close")),
          "start_api", Map.of(Point.MIDWAY, LAUNCHING, Point.LATE, LAUNCHED),
          "start_scheduler", Map.of(Point.MIDWAY, LAUNCHING, Point.LATE, LAUNCHED));

  Place place() {
    return switch (point) {
      case ASKED -> ASKED;
      case TAKEN -> TAKEN;
      case NOTED -> new Place("dev.backout.action.ActionRunner", "noted");
      case MIDWAY, LATE -> INSIDE.get(step).get(point);
      case DONE -> new Place("dev.backout.worker.SqliteJournal", "end");
      case UNREPORTED -> new Place("dev.backout.action.WorkerContext", "close");
    };
  }

  @Override
  public String toString() {
    return step + " " + point.name().toLowerCase(Locale.ROOT);
  }
}
