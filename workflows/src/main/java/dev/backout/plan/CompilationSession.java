package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Located;
import dev.backout.runbook.ParseResult;
import dev.backout.runbook.Runbook;
import dev.backout.runbook.SourceText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One compilation: a runbook and its children, each file read and checked once. */
final class CompilationSession {
  private final RunbookCompiler compiler;
  private final Map<String, Optional<ExecutionPlan>> compiled = new HashMap<>();
  private final Map<String, List<Diagnostic>> diagnostics = new LinkedHashMap<>();
  private final List<SourceText> sources = new ArrayList<>();

  /** The files from the first runbook down to the one at hand. */
  private final Deque<String> open = new ArrayDeque<>();

  CompilationSession(RunbookCompiler compiler) {
    this.compiler = compiler;
  }

  Compilation check(ParseResult parsed) {
    parsed.runbook().ifPresent(runbook -> enter(runbook, parsed, Map.of(), false));
    return result(parsed, Optional.empty());
  }

  Compilation outline(ParseResult parsed) {
    return result(
        parsed, parsed.runbook().flatMap(runbook -> enter(runbook, parsed, Map.of(), false)));
  }

  Compilation compile(ParseResult parsed, Map<String, GivenInput> inputs) {
    return result(
        parsed, parsed.runbook().flatMap(runbook -> enter(runbook, parsed, inputs, true)));
  }

  private Compilation result(ParseResult parsed, Optional<ExecutionPlan> plan) {
    List<Diagnostic> all = new ArrayList<>();
    if (parsed.runbook().isEmpty()) {
      all.addAll(parsed.diagnostics());
    }
    diagnostics.values().forEach(all::addAll);
    boolean sound = all.stream().noneMatch(Diagnostic::isError);
    return new Compilation(sound ? plan : Optional.empty(), List.copyOf(all), List.copyOf(sources));
  }

  private Optional<ExecutionPlan> enter(
      Runbook runbook, ParseResult parsed, Map<String, GivenInput> given, boolean bind) {
    String file = runbook.source().file();
    Diagnostics found = new Diagnostics(file);
    InputBinder binder = new InputBinder(runbook, found);
    Map<String, JsonNode> inputs = bind ? binder.bind(given) : binder.defaults();
    FileCompiler compiler = open(runbook, found);
    ExecutionPlan plan = compiler.compile(inputs, source(runbook));
    open.removeLast();
    List<Diagnostic> elsewhere = binder.elsewhere();
    if (bind && elsewhere.isEmpty() && !anyError(parsed.diagnostics(), found.sorted())) {
      plan = compiler.withTarget(plan);
    }
    refuseTooLarge(plan, runbook, found);
    close(file, parsed, found);
    diagnostics.merge("", elsewhere, CompilationSession::joined);
    return Optional.of(plan.withDigest());
  }

  /** Told of the runbook that somebody wants to run, which holds all that it calls. */
  private void refuseTooLarge(ExecutionPlan plan, Runbook runbook, Diagnostics found) {
    if (open.isEmpty()) {
      PlanSize.refusal(plan)
          .ifPresent(
              why ->
                  found.error(runbook.name().range(), "plan-too-large", why, PlanSize.WHAT_TO_DO));
    }
  }

  private FileCompiler open(Runbook runbook, Diagnostics found) {
    String file = runbook.source().file();
    sources.add(runbook.source());
    diagnostics.put(file, List.of());
    open.addLast(file);
    return new FileCompiler(runbook, compiler.catalog(), found, path -> child(path, file, found));
  }

  private void close(String file, ParseResult parsed, Diagnostics found) {
    List<Diagnostic> all = new ArrayList<>(joined(parsed.diagnostics(), found.sorted()));
    all.sort(java.util.Comparator.comparing(diagnostic -> diagnostic.range().start()));
    diagnostics.put(file, all);
  }

  private Optional<ExecutionPlan> child(
      Located<String> path, String from, Diagnostics diagnosticsOfParent) {
    Optional<String> file = resolve(path, from, diagnosticsOfParent);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    if (open.contains(file.get())) {
      diagnosticsOfParent.error(
          path.range(),
          "runbook-calls-itself",
          "This runbook would run itself: " + String.join(" → ", open) + " → " + file.get(),
          "Take one of these calls away");
      return Optional.empty();
    }
    if (open.size() >= Defaults.DEEPEST) {
      diagnosticsOfParent.error(
          path.range(),
          "runbooks-too-deep",
          "Runbooks call each other more than " + Defaults.DEEPEST + " deep",
          "Call this one from a runbook further up");
      return Optional.empty();
    }
    Optional<ExecutionPlan> known = compiled.get(file.get());
    return known != null ? known : load(path, file.get(), diagnosticsOfParent);
  }

  private static Optional<String> resolve(
      Located<String> path, String from, Diagnostics diagnostics) {
    if (path.value().isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(from).resolveSibling(path.value()).normalize().toString());
    } catch (InvalidPathException e) {
      diagnostics.error(
          path.range(), "no-such-runbook", "This is not a path: " + e.getReason(), null);
      return Optional.empty();
    }
  }

  private Optional<ExecutionPlan> load(
      Located<String> path, String file, Diagnostics diagnosticsOfParent) {
    Optional<ParseResult> parsed = compiler.children().load(file);
    if (parsed.isEmpty()) {
      diagnosticsOfParent.error(
          path.range(),
          "no-such-runbook",
          "There is no file `" + file + "`",
          "The path is relative to the folder of this runbook");
      return Optional.empty();
    }
    Optional<ExecutionPlan> plan =
        parsed.get().runbook().flatMap(runbook -> enter(runbook, parsed.get(), Map.of(), false));
    if (parsed.get().runbook().isEmpty()) {
      diagnostics.put(file, parsed.get().diagnostics());
    }
    compiled.put(file, plan);
    return plan;
  }

  /** Named by its last folder and file only: where it lies on this machine means nothing. */
  private static ExecutionPlan.SourceText source(Runbook runbook) {
    Path file = Path.of(runbook.source().file()).getFileName();
    return new ExecutionPlan.SourceText(
        file == null ? runbook.source().file() : file.toString(), runbook.source().text());
  }

  private static boolean anyError(List<Diagnostic> some, List<Diagnostic> more) {
    return joined(some, more).stream().anyMatch(Diagnostic::isError);
  }

  private static List<Diagnostic> joined(List<Diagnostic> some, List<Diagnostic> more) {
    List<Diagnostic> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }
}
