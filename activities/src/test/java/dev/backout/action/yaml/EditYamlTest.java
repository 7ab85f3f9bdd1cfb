package dev.backout.action.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.testing.PlainContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class EditYamlTest {
  @TempDir private Path directory;

  private static final String SETTINGS =
      "# top\napp:\n  database:\n    url: postgresql://h/x  # the live one\n    pool:\n      enabled: true\n      size: 20\n  # tail\n  name: 'it''s'\n";

  static Stream<Arguments> edits() {
    return Stream.of(
        Arguments.of(
            SETTINGS,
            Map.of("app.database.url", "sqlite:///var/app.db"),
            List.of(),
            SETTINGS.replace("postgresql://h/x", "sqlite:///var/app.db")),
        Arguments.of(
            SETTINGS,
            Map.of("app.database.pool.enabled", false),
            List.of(),
            SETTINGS.replace("true", "false")),
        Arguments.of(SETTINGS, Map.of("app.database.pool.enabled", true), List.of(), SETTINGS),
        Arguments.of(
            SETTINGS, Map.of("app.name", "no"), List.of(), SETTINGS.replace("'it''s'", "'no'")),
        Arguments.of(
            SETTINGS,
            Map.of("app.database.pool.timeout", 5),
            List.of(),
            SETTINGS.replace("size: 20", "size: 20\n      timeout: 5")),
        Arguments.of(
            SETTINGS,
            Map.of(),
            List.of("app.database.pool.size"),
            SETTINGS.replace("      size: 20\n", "")),
        Arguments.of(
            SETTINGS,
            Map.of(),
            List.of("app.database.pool"),
            SETTINGS.replace("    pool:\n      enabled: true\n      size: 20\n", "")),
        Arguments.of(
            "a:\r\n  - b: 1\r\n  - b: 2\r\n",
            Map.of("a[1].b", 3),
            List.of(),
            "a:\r\n  - b: 1\r\n  - b: 3\r\n"),
        Arguments.of("a: {b: 1, c: 2}", Map.of("a.b", "x: y"), List.of(), "a: {b: 'x: y', c: 2}"),
        Arguments.of("a:\nb: 2\n", Map.of("a", 1), List.of(), "a: 1\nb: 2\n"),
        Arguments.of("a: \"1\"\n", Map.of("a", "ü\"2"), List.of(), "a: \"ü\\\"2\"\n"),
        Arguments.of("🦀: 1\nb: 1\n", Map.of("b", 2), List.of(), "🦀: 1\nb: 2\n"),
        Arguments.of("a: 1\n", Map.of("a", "1"), List.of(), "a: '1'\n"));
  }

  @ParameterizedTest
  @MethodSource("edits")
  void onlyWhatIsNamedChanges(
      String before, Map<String, Object> set, List<String> unset, String after) throws Exception {
    Path file = Files.writeString(directory.resolve("settings.yaml"), before);

    EditYaml.Output output = edit(file, set, unset);

    assertEquals(after, Files.readString(file));
    assertEquals(!before.equals(after), output.changed());
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("a: 1\n", "b.c", "there is no b."),
        Arguments.of("a: [1, 2]\n", "a", "is a list"),
        Arguments.of("a: &x 1\nb: *x\n", "a", "anchor"),
        Arguments.of("a: {b: 1}\n", "a.c", "in braces"),
        Arguments.of("a: [\n", "a", "not YAML"),
        Arguments.of("a: \"\\u", "a", "not YAML"),
        Arguments.of("a: 1\n", "a..b", "not a path"),
        Arguments.of("# nothing\n", "a", "empty"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatCannotBeDoneInPlaceIsRefusedAndTheFileIsLeftAlone(String before, String path, String why)
      throws Exception {
    Path file = Files.writeString(directory.resolve("settings.yaml"), before);

    ActionException refused =
        assertThrows(ActionException.class, () -> edit(file, Map.of(path, "x"), List.of()));

    assertTrue(refused.getMessage().contains(why), refused.getMessage());
    assertEquals(before, Files.readString(file));
  }

  @Test
  void theFormerFileIsKept() throws Exception {
    Path file = Files.writeString(directory.resolve("settings.yaml"), SETTINGS);

    EditYaml.Output output = edit(file, Map.of("app.name", "x"), List.of());

    assertEquals(SETTINGS, Files.readString(output.former()));
  }

  private static EditYaml.Output edit(Path file, Map<String, Object> set, List<String> unset)
      throws ActionException {
    return new EditYaml().run(new EditYaml.Input(file, set, unset), new PlainContext());
  }
}
