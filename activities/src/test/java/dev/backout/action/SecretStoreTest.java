package dev.backout.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretStoreTest {
  @TempDir private Path directory;

  @Test
  void theFirstPlaceThatHasItCounts() throws Exception {
    Path own = secret("own-file", "from its own file\n");
    Path mounted = Files.createDirectory(directory.resolve("mounted"));
    secret("mounted/A", "mounted");
    secret("mounted/B", "mounted\r\n");
    SecretStore store =
        new SecretStore(
            Map.of("A", own),
            mounted,
            Map.of("A", "environment", "B", "environment", "C", "environment"),
            List.of("sh", "-c", "test $0 != D || echo helper"));

    assertEquals("from its own file", store.resolve("A"));
    assertEquals("mounted", store.resolve("B"));
    assertEquals("environment", store.resolve("C"));
    assertEquals("helper", store.resolve("D"));
  }

  @Test
  void aSecretThatIsNowhereNamesWhereItWasLookedFor() {
    SecretStore store =
        new SecretStore(Map.of(), directory, Map.of("OTHER", "value-of-other"), List.of("true"));

    String said = assertThrows(ActionException.class, () -> store.resolve("MISSING")).getMessage();

    assertTrue(said.contains(directory.resolve("MISSING").toString()), said);
    assertTrue(said.contains("environment") && said.contains("helper true"), said);
    assertTrue(!said.contains("value-of-other"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd", "", "a b", "/etc/passwd"})
  void aNameThatIsAPathIsRefused(String name) {
    SecretStore store = new SecretStore(Map.of(), directory, null, List.of());
    assertEquals(
        ActionException.Kind.INVALID_INPUT,
        assertThrows(ActionException.class, () -> store.resolve(name)).kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
  void aFileThatIsOpenToOthersIsNotUsedAndTheCureIsNamed(String mode) throws Exception {
    Path file = secret("OPEN", "s3cr3t-value");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    SecretStore named = new SecretStore(Map.of("OPEN", file), directory, null, List.of());
    SecretStore listed = new SecretStore(Map.of(), directory, null, List.of());

    for (SecretStore store : List.of(named, listed)) {
      String said = assertThrows(ActionException.class, () -> store.resolve("OPEN")).getMessage();
      assertTrue(said.contains(mode) && said.contains("chmod 600 " + file), said);
      assertFalse(said.contains("s3cr3t-value"), said);
    }
  }

  @Test
  void aDirectoryThatKubernetesHasMountedIsReadAsItIs() throws Exception {
    Path version = Files.createDirectory(directory.resolve("..2026_01_31"));
    Path file = Files.writeString(version.resolve("TOKEN"), "mounted");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.createSymbolicLink(directory.resolve("..data"), version.getFileName());
    Files.createSymbolicLink(directory.resolve("TOKEN"), Path.of("..data/TOKEN"));

    assertEquals("mounted", new SecretStore(Map.of(), directory, null, List.of()).resolve("TOKEN"));
  }

  @Test
  void aHelperThatFailsIsAnErrorOfItsOwnWithoutWhatItPrinted() {
    SecretStore store =
        new SecretStore(
            Map.of(),
            directory,
            null,
            List.of("sh", "-c", "echo half-a-secret; echo sealed: half-a-secret >&2; exit 3"));

    String said = assertThrows(ActionException.class, () -> store.resolve("TOKEN")).getMessage();

    assertTrue(said.contains("helper sh, asked for TOKEN, failed with exit code 3"), said);
    assertTrue(said.contains("sealed: ***"), said);
    assertFalse(said.contains("half-a-secret"), said);
  }

  @Test
  void aHelperThatHangsIsGivenUpAndEndedWithItsChildren() throws Exception {
    Path pid = directory.resolve("pid");
    SecretHelper helper =
        new SecretHelper(
            List.of("sh", "-c", "sleep 1000 & echo $! > " + pid + "; wait"), Duration.ofSeconds(1));

    ActionException late = assertThrows(ActionException.class, () -> helper.ask("TOKEN"));

    assertEquals(ActionException.Kind.TRANSIENT, late.kind());
    assertTrue(late.getMessage().contains("did not answer within 1s"), late.getMessage());
    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .ifPresent(child -> child.onExit().join());
  }

  private Path secret(String name, String value) throws IOException {
    Path file = Files.writeString(directory.resolve(name), value);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
