package dev.backout.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.backout.cli.view.Look;
import dev.backout.cli.view.Page;
import dev.backout.config.Flags;
import dev.backout.config.Settings;
import dev.backout.plan.Json;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands have in common: where they print, and how. */
abstract class BackoutCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global = new GlobalOptions();

  @Spec private @Nullable CommandSpec spec;

  CommandLine commandLine() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine();
  }

  Surroundings around() {
    Object root = commandLine().getCommandSpec().root().userObject();
    return ((Backout) root).surroundings();
  }

  PrintStream out() {
    return around().out();
  }

  PrintStream err() {
    return around().err();
  }

  Instant now() {
    return around().clock().instant();
  }

  Settings settings(ConnectionOptions connection) {
    return settings(connection.flags());
  }

  Settings settings(Flags flags) {
    return Settings.load(flags, around().environment());
  }

  Look look() {
    return new Look(
        around().columns(),
        colour(around().isShown()),
        around().canShowUnicode(),
        around().clock().getZone());
  }

  boolean colour(boolean isTerminal) {
    return switch (global.colour) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> isTerminal && !around().wantsNoColour();
    };
  }

  boolean isDebugging() {
    return global.debug;
  }

  void print(Page page) {
    out().print(page.text());
    out().flush();
  }

  /** For machines: one document. */
  void print(Object result, OutputFormat format) {
    try {
      out()
          .print(
              format == OutputFormat.YAML
                  ? yaml().writeValueAsString(Json.MAPPER.valueToTree(result))
                  : Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n");
      out().flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("This result has no form as data", e);
    }
  }

  private static YAMLMapper yaml() {
    return YAMLMapper.builder()
        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
        .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
        .build();
  }

  /** What isn't the result. */
  void say(String message) {
    err().println(message);
  }

  ParameterException usage(String message) {
    return new ParameterException(commandLine(), message);
  }
}
