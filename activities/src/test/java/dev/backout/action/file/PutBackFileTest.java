package dev.backout.action.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.action.Preview;
import dev.backout.action.Sha256;
import dev.backout.testing.PlainContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PutBackFileTest {
  private static final String EDITED = "A=2\nAPI_TOKEN=hunter22\n";

  @TempDir private Path directory;
  private final PlainContext context = new PlainContext();
  private Path file;
  private Path former;

  @BeforeEach
  void edit() throws Exception {
    file = Files.writeString(directory.resolve(".env"), EDITED);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    former = Files.writeString(directory.resolve(".env.before"), "A=1\nAPI_TOKEN=hunter21\n");
  }

  @Test
  void theFileIsAsBeforeTheEditAndARepetitionChangesNothing() throws Exception {
    PutBackFile.Output output = putBack(former, Sha256.of(EDITED));

    assertEquals("A=1\nAPI_TOKEN=hunter21\n", Files.readString(file));
    assertEquals(EDITED, Files.readString(output.replaced()));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertFalse(putBack(former, Sha256.of(EDITED)).changed());
  }

  @Test
  void whatSomebodyElseHasWrittenSinceStays() throws Exception {
    Files.writeString(file, "A=3\n");

    ActionException refused =
        assertThrows(ActionException.class, () -> putBack(former, Sha256.of(EDITED)));

    assertTrue(refused.getMessage().contains("changed by somebody else"), refused.getMessage());
    assertEquals("A=3\n", Files.readString(file));
  }

  @Test
  void whereTheEditHadNothingToChangeThereIsNothingToPutBack() throws Exception {
    assertFalse(putBack(null, Sha256.of(EDITED)).changed());
    assertEquals(EDITED, Files.readString(file));
  }

  @Test
  void thePreviewIsADiffWithoutSecrets() throws Exception {
    Preview preview = new PutBackFile().preview(new PutBackFile.Input(file, former, null), context);

    String diff = preview.details().toString();
    assertTrue(diff.contains("-A=2") && diff.contains("+A=1"), diff);
    assertFalse(diff.contains("hunter"), diff);
    assertEquals(EDITED, Files.readString(file));
  }

  private PutBackFile.Output putBack(Path copy, String sha256) throws ActionException {
    return new PutBackFile().run(new PutBackFile.Input(file, copy, sha256), context);
  }
}
