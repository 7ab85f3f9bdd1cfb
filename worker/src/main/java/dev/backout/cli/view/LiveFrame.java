package dev.backout.cli.view;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A run as it is repainted: never wider or higher than the terminal. What does not fit is left out
 * where it is least missed: steps that are done first, then steps that are far away.
 */
public final class LiveFrame {
  /** Rows that stay for steps, whatever else there is to show. */
  private static final int FEWEST_ROWS = 3;

  private final RunStatus run;
  private final Instant now;
  private final StatusView view;

  public LiveFrame(RunStatus run, Instant now) {
    this.run = run;
    this.now = now;
    this.view = new StatusView(run, now);
  }

  /**
   * @param height in lines, at most
   * @param footer what is said below: keys, a prompt
   */
  public List<Line> lines(Look look, int height, List<Line> footer) {
    List<Line> heading = heading(look, height);
    List<Line> below = new ArrayList<>(asked(look, height));
    below.addAll(footer);
    int room = height - heading.size() - below.size();
    if (room < FEWEST_ROWS) {
      int most = Math.max(0, height - heading.size() - FEWEST_ROWS);
      below = below.subList(Math.max(0, below.size() - most), below.size());
      room = height - heading.size() - below.size();
    }
    List<Line> frame = new ArrayList<>(heading);
    frame.addAll(steps(look, room));
    frame.addAll(below);
    return frame.stream().limit(height).map(line -> line.cut(look.width(), look)).toList();
  }

  private List<Line> heading(Look look, int height) {
    Page page = new Page(look);
    view.heading(page);
    List<Line> all = page.lines();
    boolean isTight = height < 12;
    // The first line says what it is, the last one the time.
    return isTight ? List.of(all.get(0), all.get(all.size() - 1)) : all;
  }

  private List<Line> asked(Look look, int height) {
    if (run.waiting().isEmpty()) {
      return List.of();
    }
    Page page = new Page(look);
    Waiting first = run.waiting().get(0);
    if (height >= 12) {
      page.add(Line.EMPTY);
    }
    WaitingText.add(page, run, first, now);
    int more = run.waiting().size() - 1;
    if (more > 0) {
      page.add(
          Line.of(
              Tone.WARN, "And " + more + " more: backout status " + RunNames.prefix(run.runId())));
    }
    return page.lines();
  }

  private List<Line> steps(Look look, int room) {
    List<StepStatus> all =
        Stream.of(run.preflight(), run.steps(), run.undo(), run.lastly())
            .flatMap(List::stream)
            .toList();
    List<StepRow> rows = StepRow.brief(all);
    List<Line> lines = view.table(look, rows).cut();
    if (rows.size() <= room - 1) {
      List<Line> spaced = new ArrayList<>(List.of(Line.EMPTY));
      spaced.addAll(lines);
      return spaced;
    }
    return rows.size() <= room ? lines : window(rows, lines, room);
  }

  /** The rows around the one that matters now, and how many there are above and below. */
  private static List<Line> window(List<StepRow> rows, List<Line> lines, int room) {
    int shown = Math.max(1, room - 2);
    int focus = focus(rows);
    int from = Math.max(0, Math.min(focus - shown / 3, rows.size() - shown));
    int to = Math.min(rows.size(), from + shown);
    List<Line> window = new ArrayList<>();
    window.add(more(from, "above"));
    window.addAll(lines.subList(from, to));
    window.add(more(rows.size() - to, "below"));
    return window;
  }

  private static Line more(int count, String where) {
    return count == 0
        ? Line.EMPTY
        : Line.of(Tone.FAINT, "    " + count + (count == 1 ? " step " : " steps ") + where);
  }

  /** The last of those that are under way, or the first that has not begun. */
  private static int focus(List<StepRow> rows) {
    int focus = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).isOver() && !rows.get(i).isPending()) {
        focus = i;
      }
    }
    if (focus > 0) {
      return focus;
    }
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).isPending()) {
        return i;
      }
    }
    return Math.max(0, rows.size() - 1);
  }
}
