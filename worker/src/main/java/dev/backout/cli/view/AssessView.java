package dev.backout.cli.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backout.workflow.PlanPreview.TriggerPreview;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which runbook is the one to take now. */
public record AssessView(List<Assessed> runbooks) {

  /**
   * A runbook whose triggers have been asked once.
   *
   * @param kind emergency, planned, …
   * @param isTime whether one of its triggers holds
   * @param command what starts it
   */
  public record Assessed(
      String file,
      String runbook,
      String kind,
      String target,
      List<Asked> triggers,
      boolean isTime,
      String command) {}

  /**
   * @param holdsFor how long it should hold before the runbook is taken; empty for at once
   * @param since from when it has held without a break; null if it doesn't, or was asked only once
   * @param counts whether it says that it is time
   */
  public record Asked(
      TriggerPreview answer,
      String holdsFor,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant since,
      boolean counts) {}

  public Page page(Look look) {
    Page page = new Page(look);
    for (Assessed each : runbooks) {
      page.blank()
          .add(
              Line.of(Tone.STRONG, each.runbook())
                  .and(" on ")
                  .and(Tone.STRONG, each.target())
                  .and(Tone.FAINT, "  " + each.kind() + ", " + each.file())
                  .cut(look.width(), look));
      each.triggers().forEach(asked -> trigger(page, asked));
    }
    page.blank();
    advice(page);
    return page;
  }

  private static void trigger(Page page, Asked asked) {
    TriggerText.add(page, asked.answer());
    Instant since = asked.since();
    if (since != null) {
      page.wrapped(
          Line.of("    "),
          Tone.FAINT,
          "It has held since " + Times.moment(since, page.look().zone()) + ".");
    } else if (Boolean.TRUE.equals(asked.answer().holds()) && !asked.holdsFor().isEmpty()) {
      page.wrapped(
          Line.of("    "),
          Tone.WARN,
          "It counts when it has held for "
              + asked.holdsFor()
              + ". This was asked once: `--watch` keeps asking.");
    }
  }

  private void advice(Page page) {
    List<Assessed> timely = runbooks.stream().filter(Assessed::isTime).toList();
    if (timely.isEmpty()) {
      boolean isKnown =
          runbooks.stream()
              .flatMap(each -> each.triggers().stream())
              .allMatch(asked -> asked.answer().holds() != null);
      page.wrapped(
          "",
          isKnown
              ? "No trigger holds: none of these is to be taken now."
              : "No trigger is known to hold, but not all of them could be asked.");
      return;
    }
    page.wrapped("", "The one to take: " + timely.get(0).runbook() + ".");
    timely.stream()
        .skip(1)
        .forEach(other -> page.wrapped("", "Its time too: " + other.runbook() + "."));
    page.command("  ", timely.get(0).command());
  }
}
