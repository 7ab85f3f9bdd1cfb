package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a copy would do, put together for whoever decides about it. */
final class Previews {
  private final String direction;
  private final CopyDatabase.Input input;
  private final Matching matching;
  private final List<Detail> obstacles = new ArrayList<>();
  private Set<Match> anew = Set.of();

  Previews(String direction, CopyDatabase.Input input, Matching matching) {
    this.direction = direction;
    this.input = input;
    this.matching = matching;
  }

  /** What the copy itself asks first. */
  @FunctionalInterface
  interface Requirement {
    void check() throws IOException, ActionException;
  }

  void obstacle(Requirement requirement) throws IOException {
    try {
      requirement.check();
    } catch (ActionException e) {
      obstacles.add(
          new Detail(Preview.Kind.PROBLEM, "Would be refused now", List.of(e.getMessage())));
    }
  }

  void scope(Instant now) throws IOException {
    obstacle(() -> anew = Scope.of(matching.matches(), input, now).anew());
  }

  Preview preview() {
    List<String> lines = new ArrayList<>(List.of("table\trows\thow"));
    for (Match match : matching.matches()) {
      long rows = match.source().estimatedRows();
      lines.add(
          match
              + "\t"
              + (rows < 0 ? "?" : "about " + rows)
              + "\t"
              + (!anew.contains(match)
                  ? "what was changed since " + input.since()
                  : match.isNew() ? "into a new table" : "in place of what is there"));
    }
    List<Detail> details = new ArrayList<>();
    details.add(new Detail(Preview.Kind.TABLE, "Tables", lines));
    if (!matching.notes().isEmpty()) {
      details.add(new Detail(Preview.Kind.NOTE, "Otherwise than it was", matching.notes()));
    }
    if (!matching.problems().isEmpty()) {
      details.add(new Detail(Preview.Kind.PROBLEM, "Would be refused now", matching.problems()));
    }
    details.addAll(obstacles);
    return new Preview("Would copy " + direction, true, details, null);
  }
}
