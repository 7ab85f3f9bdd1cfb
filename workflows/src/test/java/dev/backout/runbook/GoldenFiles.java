package dev.backout.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Cases that are pairs of files: {@code NAME.yaml} and beside it what is expected of it. A new case
 * is a new YAML file; {@code -Dbackout.regenerate=true} writes what is expected, and the diff is
 * reviewed.
 */
public final class GoldenFiles {
  private static final boolean REGENERATE = Boolean.getBoolean("backout.regenerate");

  private GoldenFiles() {}

  /**
   * One test for each {@code .yaml} of a folder under {@code src/test/resources}.
   *
   * @param expectedSuffix such as {@code .expected.txt}
   * @param actual what is compared, whole, from the case's file
   */
  public static Stream<DynamicTest> cases(
      String folder, String expectedSuffix, Function<Path, String> actual) {
    List<Path> files = files(Path.of("src/test/resources", folder));
    assertTrue(!files.isEmpty(), () -> "No cases in " + folder);
    return files.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    name(file), file.toUri(), () -> check(file, expectedSuffix, actual)));
  }

  private static void check(Path file, String suffix, Function<Path, String> actual)
      throws IOException {
    Path expected = file.resolveSibling(name(file) + suffix);
    String found = actual.apply(file);
    if (REGENERATE) {
      Files.writeString(expected, found);
      return;
    }
    assertTrue(
        Files.exists(expected),
        () -> expected + " is missing; write it with -Dbackout.regenerate=true and review it");
    assertEquals(Files.readString(expected), found, expected.toString());
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - ".yaml".length());
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
