package dev.backout.action.dotenv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.action.Preview;
import dev.backout.action.TextOrSecret;
import dev.backout.testing.PlainContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class EditDotenvTest {
  @TempDir private Path directory;
  private final PlainContext context =
      new PlainContext().secret("URL", "postgresql://u:hunter22@db/x");

  static Stream<Arguments> edits() {
    return Stream.of(
        Arguments.of("A=1\nB=2\n", Map.of("A", "3"), List.of(), "A=3\nB=2\n"),
        Arguments.of("A=1\nB=2", Map.of("C", "3"), List.of(), "A=1\nB=2\nC=3"),
        Arguments.of("", Map.of("C", "3"), List.of(), "C=3\n"),
        Arguments.of(
            "# why\nA=1 # because\n\nB=2\n",
            Map.of("A", "x y"),
            List.of("B"),
            "# why\nA='x y' # because\n\n"),
        Arguments.of(
            "export A=\"1\"\r\nB='2'\r\n",
            Map.of("A", "3", "B", "it's"),
            List.of(),
            "export A=\"3\"\r\nB=\"it's\"\r\n"),
        Arguments.of("A=1\nA=2\n", Map.of("A", "3"), List.of(), "A=1\nA=3\n"),
        Arguments.of("A=1\nB=\"x\nA=2\ny\"\nA=3\n", Map.of(), List.of("A"), "B=\"x\nA=2\ny\"\n"),
        Arguments.of("#A=1\nA_B=2\n", Map.of(), List.of("A"), "#A=1\nA_B=2\n"),
        Arguments.of("A='a#b'\nB=c#d\n", Map.of("B", "c#e"), List.of(), "A='a#b'\nB='c#e'\n"),
        Arguments.of("\uFEFFA=1\n", Map.of("A", "2"), List.of(), "\uFEFFA=2\n"));
  }

  @ParameterizedTest
  @MethodSource("edits")
  void onlyWhatIsNamedChanges(
      String before, Map<String, String> set, List<String> unset, String after) throws Exception {
    Path file = Files.writeString(directory.resolve(".env"), before);

    EditDotenv.Output output = edit(file, set, unset);

    assertEquals(after, Files.readString(file));
    assertEquals(!before.equals(after), output.changed());
  }

  @Test
  void theFormerFileIsKeptOnceAndARepetitionChangesNothing() throws Exception {
    Path file = Files.writeString(directory.resolve(".env"), "A=1\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    EditDotenv.Output first = edit(file, Map.of("A", "2"), List.of());
    EditDotenv.Output second = edit(file, Map.of("A", "2"), List.of());

    assertEquals("A=1\n", Files.readString(first.former()));
    assertFalse(second.changed());
    assertEquals(first.former(), second.former());
    assertEquals(first.sha256(), second.sha256());
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(
        "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(first.former())));
    assertEquals(2, count());
  }

  @Test
  void aFileThatIsNotUtf8IsLeftAloneAndTheByteIsNamed() throws Exception {
    Path file = directory.resolve(".env");
    byte[] latin = "A=caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(file, latin);

    ActionException refused =
        assertThrows(ActionException.class, () -> edit(file, Map.of("A", "2"), List.of()));

    assertTrue(refused.getMessage().contains("byte 5"), refused.getMessage());
    assertEquals(latin.length, Files.size(file));
    assertEquals(1, count());
  }

  @Test
  void aMissingFileIsSaidAndOnlyMadeWhenAskedFor() throws Exception {
    Path file = directory.resolve("none.env");
    ActionException refused =
        assertThrows(ActionException.class, () -> edit(file, Map.of("A", "2"), List.of()));
    assertTrue(refused.getMessage().contains("There is no file"), refused.getMessage());

    new EditDotenv()
        .run(new EditDotenv.Input(file, texts(Map.of("A", "2")), List.of(), true), context);
    assertEquals("A=2\n", Files.readString(file));
  }

  @Test
  void thePreviewIsADiffWithoutSecretsAndChangesNothing() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve(".env"), "API_KEY=abc\nOLD=postgresql://u:pw@db/x\nA=1\n");

    Preview preview =
        new EditDotenv()
            .preview(
                new EditDotenv.Input(
                    file, texts(Map.of("DATABASE_URL", "secret:URL")), List.of("OLD"), false),
                context);

    String diff = String.join("\n", preview.details().get(0).lines());
    assertTrue(diff.contains("-OLD=postgresql://u:***@db/x"), diff);
    assertTrue(diff.contains(" API_KEY=***"), diff);
    assertFalse(diff.contains("hunter22") || diff.contains(":pw@"), diff);
    assertEquals(1, count());
  }

  private EditDotenv.Output edit(Path file, Map<String, String> set, List<String> unset)
      throws ActionException {
    return new EditDotenv().run(new EditDotenv.Input(file, texts(set), unset, false), context);
  }

  private static Map<String, TextOrSecret> texts(Map<String, String> plain) {
    Map<String, TextOrSecret> texts = new LinkedHashMap<>();
    plain.forEach((name, text) -> texts.put(name, new TextOrSecret(text)));
    return texts;
  }

  private long count() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }
}
