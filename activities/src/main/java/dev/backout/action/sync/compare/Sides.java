package dev.backout.action.sync.compare;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.TextOrSecret;
import dev.backout.action.sync.Side;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Both databases, open. */
record Sides(Reader source, Reader target) implements AutoCloseable {

  /**
   * @param targetSchema null for the same as the source's
   */
  static Sides open(
      TextOrSecret source,
      TextOrSecret target,
      String schema,
      @Nullable String targetSchema,
      ActionContext context)
      throws ActionException, IOException {
    Side one = Side.of("source", source, schema, context);
    Side other = Side.of("target", target, targetSchema == null ? schema : targetSchema, context);
    Reader opened = Reader.open("source", one, context);
    try {
      return new Sides(opened, Reader.open("target", other, context));
    } catch (ActionException | IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** What holds rows and is no table that could be compared, by name. */
  List<String> others() {
    return Stream.concat(source.schema().others().stream(), target.schema().others().stream())
        .distinct()
        .sorted()
        .toList();
  }

  @Override
  public void close() throws IOException {
    try {
      source.close();
    } finally {
      target.close();
    }
  }
}
