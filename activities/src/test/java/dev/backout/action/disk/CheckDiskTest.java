package dev.backout.action.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.action.ByteSize;
import dev.backout.testing.PlainContext;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckDiskTest {
  @TempDir private Path directory;

  @Test
  void itSaysWhatIsFree() throws Exception {
    CheckDisk.Output found = check(directory, "1", 0);

    assertEquals(Files.getFileStore(directory).getTotalSpace(), found.total().bytes());
    assertTrue(found.free().bytes() > 0 && found.free().bytes() <= found.total().bytes());
  }

  @Test
  void tooLittleIsAFailureThatSaysHowMuchIsThereAndHowMuchIsWanted() {
    String said =
        assertThrows(ActionException.class, () -> check(directory, "900TiB", 0)).getMessage();
    assertTrue(said.contains("943,718,400 MiB are needed"), said);
    assertThrows(ActionException.class, () -> check(directory, "0", 100));
  }

  @Test
  void aPathThatIsNotThereIsSaid() {
    String said =
        assertThrows(ActionException.class, () -> check(directory.resolve("none"), "0", 0))
            .getMessage();
    assertTrue(said.contains("There is no"), said);
  }

  private static CheckDisk.Output check(Path path, String free, double percent) throws Exception {
    return new CheckDisk()
        .run(new CheckDisk.Input(path, ByteSize.parse(free), percent), new PlainContext());
  }
}
