package dev.backout.cli.view;

import dev.backout.config.Setting;
import java.util.List;

/**
 * What is there, what is missing, and what is in force.
 *
 * @param findings what was looked at
 * @param settings every setting with its source
 */
public record DoctorView(List<Finding> findings, List<Setting> settings) {

  public Page page(Look look) {
    Page page = new Page(look);
    findings.forEach(finding -> finding(page, finding));
    page.blank().add(Line.of(Tone.FAINT, "In force"));
    settings.forEach(
        setting ->
            page.wrapped(
                Line.of("  " + setting.name() + ": "),
                Tone.PLAIN,
                (setting.value().isEmpty() ? "none" : setting.value())
                    + "  ("
                    + setting.source()
                    + ")"));
    return page;
  }

  private static void finding(Page page, Finding finding) {
    Mark mark =
        switch (finding.verdict()) {
          case GOOD -> Mark.DONE;
          case OPTIONAL -> Mark.SKIPPED;
          case BAD -> Mark.FAILED;
        };
    page.wrapped(
        mark.line(page.look()).and(" ").and(Tone.STRONG, finding.name()).and(": "),
        Tone.PLAIN,
        finding.found());
    if (finding.advice() != null) {
      page.wrapped("    ", finding.advice());
    }
  }
}
