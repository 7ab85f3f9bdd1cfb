package dev.backout.action.prisma;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the database's own table of migrations says, held against the project's files.
 *
 * @param managed whether there is such a table
 * @param pending migrations that it lacks, in the order in which they would be run
 * @param failed those that were begun and never came to their end
 * @param edited those whose file is another than the one that was run
 * @param missing those that were run and have no file any more
 */
record State(
    boolean managed,
    List<String> pending,
    List<String> failed,
    List<String> edited,
    List<String> missing) {

  /**
   * @param diagnosis as Prisma's engine gives it
   */
  static State of(JsonNode diagnosis) {
    JsonNode history = diagnosis.path("history");
    return new State(
        diagnosis.path("hasMigrationsTable").asBoolean(),
        texts(history.path("unappliedMigrationNames")),
        texts(diagnosis.path("failedMigrationNames")),
        texts(diagnosis.path("editedMigrationNames")),
        texts(history.path("unpersistedMigrationNames")));
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  boolean isUpToDate() {
    return managed && Stream.of(pending, failed, edited, missing).allMatch(List::isEmpty);
  }

  /** For people, after "the database". */
  String text() {
    if (isUpToDate()) {
      return "has all migrations";
    }
    return String.join(
        "; ",
        Stream.of(
                managed ? "" : "is not managed by Prisma yet",
                named("lacks", pending),
                named("has a failed one:", failed),
                named("ran another text of", edited),
                named("has, without a file,", missing))
            .filter(part -> !part.isEmpty())
            .toList());
  }

  private static String named(String what, List<String> names) {
    return names.isEmpty() ? "" : what + " " + String.join(", ", names);
  }
}
