package dev.backout.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceReaderTest {
  @TempDir Path folder;

  @Test
  void aDirectoryIsNoRunbook() {
    assertEquals("directory", code(folder));
  }

  @Test
  void aMissingFileNamesTheOneThatWasProbablyMeant() throws IOException {
    Files.writeString(folder.resolve("rollback.yaml"), "");

    Diagnostic problem =
        SourceReader.read(folder.resolve("rolback.yaml"), "rolback.yaml").diagnostics().get(0);

    assertEquals("no-such-file", problem.code());
    assertEquals("Did you mean `rollback.yaml`?", problem.hint());
  }

  @Test
  void aMissingFolderIsSaidToBeMissing() {
    Diagnostic problem =
        SourceReader.read(folder.resolve("no/such.yaml"), "no/such.yaml").diagnostics().get(0);

    assertEquals("Its folder does not exist either", problem.hint());
  }

  @Test
  void aDeviceIsNotRead() {
    Path zero = Path.of("/dev/zero");
    assumeFalse(Files.notExists(zero), "There is no /dev/zero here");

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(30), () -> assertEquals("not-a-file", code(zero)));
  }

  @Test
  void aFileThatMayNotBeReadSaysSo() throws IOException {
    Path secret = Files.writeString(folder.resolve("x.yaml"), "a: b");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(secret), "This user may read every file");

    assertEquals("not-readable", code(secret));
  }

  @Test
  void moreThanAMebibyteIsRefused() throws IOException {
    Path large = folder.resolve("large.yaml");
    Files.write(large, new byte[SourceReader.MAX_BYTES + 1]);

    assertEquals("file-too-large", code(large));
  }

  @Test
  void exactlyAMebibyteIsRead() throws IOException {
    Path full = Files.writeString(folder.resolve("full.yaml"), "a".repeat(SourceReader.MAX_BYTES));

    assertTrue(SourceReader.read(full, "full.yaml").source().isPresent());
  }

  private static String code(Path file) {
    return SourceReader.read(file, file.toString()).diagnostics().get(0).code();
  }
}
