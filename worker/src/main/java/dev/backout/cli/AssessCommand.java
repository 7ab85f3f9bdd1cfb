package dev.backout.cli;

import dev.backout.cli.view.AssessView;
import dev.backout.cli.view.AssessView.Asked;
import dev.backout.cli.view.AssessView.Assessed;
import dev.backout.cli.view.Times;
import dev.backout.cli.view.TriggerText;
import dev.backout.client.BackoutClient;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.ExecutionPlan.PlannedTrigger;
import dev.backout.runbook.Durations;
import dev.backout.workflow.PlanPreview.TriggerPreview;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "assess",
    header = "Say which runbook is the one to take now.",
    description = {
      "",
      "Asks the triggers of each runbook once, says what was found, and gives the command that starts"
          + " the runbook whose time it is. Changes nothing. An input counts for the runbooks that have"
          + " one of its name.",
      "",
      "With --watch it keeps asking until a trigger has held, without a break, for as long as its"
          + " runbook's `for` says, and ends then. It starts nothing: that is for a person to do.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the triggers were asked, whatever they said",
      "1:the worker could not be asked, or no runbook has triggers",
      "2:the command was not understood",
      "3:a runbook or its inputs have problems"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout assess runbooks --inputs-file production.yaml",
      "  backout assess runbooks --inputs-file production.yaml --watch --every 30s",
      "  backout assess runbook.yaml --input home=/srv/app -o json | jq '.[] | select(.isTime)'"
    })
final class AssessCommand extends BackoutCommand {
  /** Where several have their time, the most urgent kind first. */
  private static final List<String> BY_URGENCY = List.of("kill-switch", "emergency", "planned");

  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Runbooks, or directories of runbooks. Default: runbooks.")
  List<Path> files = List.of(Path.of("runbooks"));

  @Option(
      names = "--watch",
      description = "Keep asking until one has held for as long as its runbook says.")
  boolean watch;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "How long to wait between two rounds of --watch. Default: 10s.")
  String every = "10s";

  @Mixin RunbookFile runbook = new RunbookFile();

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  private final HeldTriggers held = new HeldTriggers();

  private record Candidate(String file, ExecutionPlan plan) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Duration pause =
        Durations.parse(every)
            .filter(given -> given.compareTo(SHORTEST_PAUSE) >= 0)
            .orElseThrow(
                () -> usage("--every should be 1s or longer, such as 30s, not \"" + every + "\"."));
    try (Opening opening = Opening.begin(settings(connection))) {
      List<Candidate> candidates = candidates();
      BackoutClient client = opening.client();
      List<Assessed> assessed = assessed(candidates, client);
      while (watch && assessed.stream().noneMatch(Assessed::isTime)) {
        Thread.sleep(pause.toMillis());
        assessed = assessed(candidates, client);
      }
      if (output.isText()) {
        print(new AssessView(assessed).page(look()));
      } else {
        print(assessed, output.format);
      }
    }
    return ExitCode.DONE;
  }

  private List<Candidate> candidates() throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    for (String file : runbooks()) {
      if (RunbookFile.hasTriggers(file)) {
        candidates.add(new Candidate(file, runbook.known(file).plan(file, this)));
      }
    }
    if (candidates.isEmpty()) {
      throw new CommandFailure(
          ExitCode.ERROR,
          "None of these is a runbook with `triggers`, which say when it is the one to take: "
              + String.join(", ", files.stream().map(Path::toString).toList())
              + ".");
    }
    return candidates;
  }

  private List<String> runbooks() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      if (Files.isDirectory(file)) {
        try (Stream<Path> below = Files.walk(file)) {
          below.map(Path::toString).filter(AssessCommand::isRunbook).sorted().forEach(found::add);
        }
      } else {
        found.add(file.toString());
      }
    }
    return found;
  }

  private static boolean isRunbook(String file) {
    return file.endsWith(".yaml") && !file.endsWith(".test.yaml");
  }

  private List<Assessed> assessed(List<Candidate> candidates, BackoutClient client) {
    return candidates.stream()
        .map(each -> assessed(each, client))
        .sorted(Comparator.comparingInt(AssessCommand::urgency))
        .toList();
  }

  private Assessed assessed(Candidate candidate, BackoutClient client) {
    ExecutionPlan plan = candidate.plan();
    List<TriggerPreview> answers = Preview.ask(client, plan.onlyTriggers(), this).triggers();
    List<Asked> triggers = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      triggers.add(asked(candidate, plan.triggers().get(i), answers.get(i)));
    }
    return new Assessed(
        candidate.file(),
        plan.runbook(),
        plan.kind(),
        plan.target(),
        triggers,
        triggers.stream().anyMatch(Asked::counts),
        runbook.commandFor("run", candidate.file()));
  }

  private Asked asked(Candidate candidate, PlannedTrigger trigger, TriggerPreview answer) {
    boolean holds = Boolean.TRUE.equals(answer.holds());
    if (!watch) {
      return new Asked(answer, holdsFor(trigger), null, holds);
    }
    Instant now = now();
    String name = candidate.plan().runbook() + ": " + trigger.name();
    if (held.changes(name, answer.holds())) {
      err().println(Times.moment(now, look().zone()) + "  " + TriggerText.line(name, answer));
      err().flush();
    }
    Instant since = held.since(name, answer.holds(), now);
    Duration needed = trigger.holdsFor() == null ? Duration.ZERO : trigger.holdsFor();
    boolean counts = since != null && !since.plus(needed).isAfter(now);
    return new Asked(answer, holdsFor(trigger), since, counts);
  }

  private static String holdsFor(PlannedTrigger trigger) {
    Duration holdsFor = trigger.holdsFor();
    return holdsFor == null ? "" : Times.limit(holdsFor);
  }

  private static int urgency(Assessed assessed) {
    int kind = BY_URGENCY.indexOf(assessed.kind());
    int place = kind < 0 ? BY_URGENCY.size() : kind;
    return assessed.isTime() ? place : place + BY_URGENCY.size() + 1;
  }
}
