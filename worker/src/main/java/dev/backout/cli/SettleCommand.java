package dev.backout.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.backout.history.Choices;
import dev.backout.plan.Json;
import dev.backout.workflow.Details;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "settle",
    header = "Say whether a step in doubt has happened.",
    description = {
      "",
      "Look at the system first: a step that has happened and is said not to have is done a second time.",
      ""
    },
    footer = {
      "  backout settle @latest downgrade --done --reason \"alembic current says 41\"",
      "  backout settle @latest load --done --set rows=3120 --reason \"counted them\"",
      "  backout settle @latest downgrade --not-done --reason \"still at version 42\""
    })
final class SettleCommand extends DecisionCommand {
  @Parameters(
      index = "1",
      paramLabel = "STEP",
      arity = "0..1",
      description = "As status names it. May be left out where only one waits.")
  @Nullable String step;

  @ArgGroup(multiplicity = "1")
  Finding finding = new Finding();

  static final class Finding {
    @Option(names = "--done", description = "It has happened: the run goes on after it.")
    boolean done;

    @Option(names = "--not-done", description = "It has not happened: it is done now.")
    boolean notDone;
  }

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "What it gave, where later steps need it. With --done.")
  Map<String, String> outputs = new LinkedHashMap<>();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "How you know, for the record.")
  String reason = "";

  @Override
  public Integer call() {
    if (finding.notDone && !outputs.isEmpty()) {
      throw usage("A step that has not happened gave nothing: leave out --set.");
    }
    Map<String, JsonNode> values = new LinkedHashMap<>();
    outputs.forEach((name, value) -> values.put(name, json(value)));
    return decide(
        run,
        step,
        finding.done ? Choices.DONE : Choices.RETRY,
        reason,
        values.isEmpty() ? null : Details.outputs(values));
  }

  /** A number, a list and the like as JSON writes them; all else is text. */
  private static JsonNode json(String value) {
    try {
      JsonNode read = Json.MAPPER.readTree(value);
      return read == null || read.isMissingNode() ? new TextNode(value) : read;
    } catch (JsonProcessingException e) {
      return new TextNode(value);
    }
  }
}
