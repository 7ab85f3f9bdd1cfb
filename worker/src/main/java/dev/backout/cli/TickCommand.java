package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.client.BackoutClient;
import dev.backout.history.Choices;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.workflow.Details;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "tick",
    header = "Tick an item of a manual step.",
    description = {
      "",
      "The last one completes the step. A tick can't be taken back, so tick what is done.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the item is ticked",
      "1:there is no such run, the run refused it and says why, or an error",
      "2:the command was not understood",
      "4:not allowed"
    },
    footer = {
      "  backout tick @latest tell 1",
      "  backout tick @latest tell \"Write\" --comment \"in the wiki\" --attach page.png"
    })
final class TickCommand extends DecisionCommand {
  @Parameters(index = "1", paramLabel = "STEP", description = "As status names it.")
  String step = "";

  @Parameters(
      index = "2",
      paramLabel = "ITEM",
      description = "Its number, counted from 1, or how its text begins.")
  String item = "";

  @Option(names = "--comment", paramLabel = "TEXT", description = "A remark for the record.")
  @Nullable String comment;

  @Option(
      names = "--attach",
      paramLabel = "FILE",
      description =
          "A file that shows it. Its SHA-256 is in the record; a copy of it is kept in this"
              + " machine's evidence directory.")
  @Nullable Path file;

  @Override
  public Integer call() {
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      RunSummary found = client.resolveRun(run);
      int number = number(client, found);
      if (file == null) {
        return decide(run, step, Choices.TICK, comment, Details.tick(number));
      }
      Attachment attached =
          Attachment.keep(
              file,
              settings(connection).state().evidence().resolve(found.runId()),
              step.replaceAll("[^A-Za-z0-9_.-]", "_") + "-" + number);
      return decide(
          run,
          step,
          Choices.TICK,
          comment,
          Details.tick(number, attached.name(), attached.sha256()));
    }
  }

  private int number(BackoutClient client, RunSummary found) {
    List<String> items =
        client.timeline(found).status().waiting().stream()
            .filter(waiting -> waiting.step().equals(step))
            .map(Waiting::items)
            .findFirst()
            .orElse(List.of());
    if (item.matches("[0-9]{1,4}")) {
      return Integer.parseInt(item);
    }
    List<Integer> meant =
        IntStream.range(0, items.size())
            .filter(i -> items.get(i).regionMatches(true, 0, item, 0, item.length()))
            .mapToObj(i -> i + 1)
            .toList();
    if (meant.size() == 1) {
      return meant.get(0);
    }
    throw usage(
        (meant.isEmpty()
                ? "No item of `" + step + "` begins with `" + item + "`."
                : "Several items of `" + step + "` begin with `" + item + "`.")
            + (items.isEmpty()
                ? " It waits for no tick."
                : " Give the number of one from 1 to " + items.size() + "."));
  }
}
