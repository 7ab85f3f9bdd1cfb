package dev.backout.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.backout.plan.Compilation;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.GivenInput;
import dev.backout.plan.RunbookCompiler;
import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.DiagnosticRenderer;
import dev.backout.runbook.ParseResult;
import dev.backout.runbook.RunbookParser;
import dev.backout.runbook.SourceReader;
import dev.backout.runbook.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** From the file that a command names to a plan, or to everything that is wrong with it. */
final class RunbookFile {
  @Option(
      names = {"-i", "--input"},
      paramLabel = "NAME=VALUE",
      description = "An input of the runbook; repeatable. Lists: a,b,c or JSON.")
  Map<String, String> inputs = new LinkedHashMap<>();

  @Option(
      names = "--inputs-file",
      paramLabel = "FILE",
      description = "Inputs as YAML or JSON; --input comes before it.")
  @Nullable Path inputsFile;

  private final Map<String, GivenInput> bound = new LinkedHashMap<>();

  boolean hasInputs() {
    return !inputs.isEmpty() || inputsFile != null;
  }

  /** Without values for the inputs: no plan comes of it. */
  static Compilation check(String file) {
    return compiler().check(parse(file));
  }

  Compilation compile(String file) {
    return compiler().compile(parse(file), given());
  }

  /** The plan; what is wrong or doubtful is said first. */
  ExecutionPlan plan(String file, BackoutCommand command) {
    return planOf(compile(file), file, command);
  }

  private static ExecutionPlan planOf(
      Compilation compilation, String file, BackoutCommand command) {
    if (!compilation.diagnostics().isEmpty()) {
      command.err().print(shown(compilation, command.colour(command.around().isErrorShown())));
    }
    return compilation
        .plan()
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.PROBLEMS,
                    "There is no plan: "
                        + count(compilation.diagnostics())
                        + " in "
                        + file
                        + " or its inputs."));
  }

  /** What the plan is like whatever its inputs; what is wrong or doubtful is said first. */
  static ExecutionPlan outline(String file, BackoutCommand command) {
    return planOf(compiler().outline(parse(file)), file, command);
  }

  /** The same inputs without those that this runbook doesn't have: for several runbooks at once. */
  RunbookFile known(String file) {
    Set<String> names = names(file);
    RunbookFile known = new RunbookFile();
    given().entrySet().stream()
        .filter(each -> names.contains(each.getKey()))
        .forEach(each -> known.bound.put(each.getKey(), each.getValue()));
    return known;
  }

  /** Whether the file is a runbook that says when it is the one to take. */
  static boolean hasTriggers(String file) {
    ParseResult parsed = parse(file);
    return parsed.runbook().map(runbook -> !runbook.triggers().isEmpty()).orElse(true);
  }

  /** What a person types to have this done with the same inputs, as far as the runbook has them. */
  String commandFor(String command, String file) {
    StringBuilder text = new StringBuilder("backout " + command + " " + quoted(file));
    Set<String> names = names(file);
    JsonNode fromFile = inputsFile == null ? MissingNode.getInstance() : document(inputsFile);
    boolean fits = fromFile.properties().stream().allMatch(each -> names.contains(each.getKey()));
    if (inputsFile != null && fits) {
      text.append(" --inputs-file ").append(quoted(inputsFile.toString()));
    }
    Map<String, String> each = new LinkedHashMap<>();
    if (!fits) {
      fromFile.properties().forEach(input -> each.put(input.getKey(), shown(input.getValue())));
    }
    each.putAll(inputs);
    each.keySet().retainAll(names);
    each.forEach((name, value) -> text.append(" --input ").append(quoted(name + "=" + value)));
    return text.toString();
  }

  private static String shown(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }

  private static Set<String> names(String file) {
    return parse(file).runbook().map(runbook -> runbook.inputs().keySet()).orElse(Set.of());
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@,+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  static String count(List<Diagnostic> diagnostics) {
    long errors = diagnostics.stream().filter(Diagnostic::isError).count();
    long warnings = diagnostics.size() - errors;
    String text = errors == 1 ? "1 error" : errors + " errors";
    return warnings == 0
        ? text
        : text + ", " + (warnings == 1 ? "1 warning" : warnings + " warnings");
  }

  static String shown(Compilation compilation, boolean colour) {
    return DiagnosticRenderer.text(
        compilation.diagnostics(), file -> source(compilation, file), colour);
  }

  private static @Nullable SourceText source(Compilation compilation, String file) {
    return compilation.sources().stream()
        .filter(source -> source.file().equals(file))
        .findFirst()
        .orElse(null);
  }

  private static RunbookCompiler compiler() {
    return new RunbookCompiler(Catalogs.own(), RunbookFile::child);
  }

  private static Optional<ParseResult> child(String file) {
    return Files.exists(Path.of(file)) ? Optional.of(parse(file)) : Optional.empty();
  }

  private static ParseResult parse(String file) {
    SourceReader.Read read = SourceReader.read(path(file), file);
    return read.source()
        .map(RunbookParser::parse)
        .orElseGet(() -> new ParseResult(Optional.empty(), read.diagnostics()));
  }

  private static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new CommandFailure(ExitCode.USAGE, "This is no path of a file: " + e.getMessage());
    }
  }

  /** What a former run was given counts where nothing else is given. */
  void inheriting(String file, Map<String, JsonNode> former) {
    Set<String> names = names(file);
    former.forEach(
        (name, value) -> {
          if (names.contains(name)) {
            bound.put(name, GivenInput.json(value, "the former run's " + name));
          }
        });
  }

  private Map<String, GivenInput> given() {
    Map<String, GivenInput> given = new LinkedHashMap<>(bound);
    if (inputsFile != null) {
      document(inputsFile)
          .properties()
          .forEach(
              entry ->
                  given.put(
                      entry.getKey(),
                      GivenInput.json(entry.getValue(), inputsFile + ": " + entry.getKey())));
    }
    inputs.forEach((name, value) -> given.put(name, GivenInput.text(value, "--input " + name)));
    return given;
  }

  /** JSON is YAML too. */
  private static JsonNode document(Path file) {
    try {
      JsonNode document = new YAMLMapper().readTree(Files.readString(file));
      if (document != null && document.isObject()) {
        return document;
      }
      throw new CommandFailure(
          ExitCode.USAGE, file + " should hold inputs as NAME: VALUE, and does not.");
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          ExitCode.USAGE, file + " is neither YAML nor JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "The inputs in " + file + " can't be read: " + e.getMessage() + ".");
    }
  }
}
