package dev.backout.action.helm;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.PrivateFiles;
import dev.backout.action.TextDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The values that a chart is given, in files for helm: an argument could be seen by everybody on
 * the worker. Those that are made here only the worker's user can read, and they go away.
 */
final class Values implements AutoCloseable {
  private final Path directory;
  private final List<Path> files = new ArrayList<>();

  private Values(Path directory) {
    this.directory = directory;
  }

  /**
   * @param own the runbook's own, on top of the files; {@code secret:NAME} in them is resolved
   * @param former the values of an earlier revision, as YAML, below all; empty for none
   */
  static Values of(String former, List<Path> files, Map<String, Object> own, ActionContext context)
      throws ActionException, IOException {
    Values values = new Values(Files.createTempDirectory("backout-values-"));
    try {
      if (!former.isBlank()) {
        values.files.add(values.write("former.yaml", former));
      }
      for (Path file : files) {
        values.files.add(existing(context.allowed(file)));
      }
      if (!own.isEmpty()) {
        // YAML takes JSON.
        values.files.add(
            values.write("own.yaml", Helm.JSON.valueToTree(revealed(own, context)).toString()));
      }
      return values;
    } catch (ActionException | IOException | RuntimeException e) {
      values.close();
      throw e;
    }
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(PrivateFiles.create(directory.resolve(name)), text);
  }

  private static Path existing(Path file) throws ActionException {
    if (!Files.isRegularFile(file)) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is no file " + file + ". Nothing was changed; correct `valuesFiles`.");
    }
    return file;
  }

  /** Null stays, by which a chart's own value is taken away. */
  private static @Nullable Object revealed(@Nullable Object value, ActionContext context)
      throws ActionException {
    if (value instanceof String text) {
      return context.reveal(text);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> all = new LinkedHashMap<>();
      for (Map.Entry<?, ?> each : map.entrySet()) {
        Object known = revealed(each.getValue(), context);
        if (known instanceof String text
            && TextDiff.isConfidential(String.valueOf(each.getKey()), text)) {
          context.conceal(text);
        }
        all.put(String.valueOf(each.getKey()), known);
      }
      return all;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> all = new ArrayList<>();
      for (Object each : list) {
        all.add(revealed(each, context));
      }
      return all;
    }
    return value;
  }

  /** For helm's command line. */
  List<String> options() {
    List<String> options = new ArrayList<>();
    files.forEach(file -> options.addAll(List.of("--values", file.toString())));
    return options;
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
