package dev.backout.action;

import dev.backout.action.Preview.Detail;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A backup that was looked at, and can't be used. */
public record RejectedBackup(
    @Doc("Where it is.") Path path,
    @Doc("When it was taken.") Instant takenAt,
    @Doc("What is wrong with it.") String why) {

  /** Between two sentences. */
  public static String listed(List<RejectedBackup> rejected) {
    return rejected.isEmpty()
        ? " "
        : rejected.stream()
            .map(each -> "\n  " + each.line())
            .collect(Collectors.joining("", " Not usable:", "\n"));
  }

  /**
   * For a preview.
   *
   * @param loss how much older the one is that can be used
   */
  public static Detail detail(String heading, List<RejectedBackup> rejected, Duration loss) {
    return new Detail(
        Preview.Kind.LOSS,
        heading,
        Stream.concat(
                rejected.stream().map(RejectedBackup::line),
                Stream.of("Going further back costs " + Amounts.text(loss) + "."))
            .toList());
  }

  private String line() {
    return path.getFileName() + ": " + why;
  }
}
