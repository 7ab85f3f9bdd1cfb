package dev.backout.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
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
    Path own = Files.writeString(directory.resolve("own-file"), "from its own file\n");
    Path mounted = Files.createDirectory(directory.resolve("mounted"));
    Files.writeString(mounted.resolve("A"), "mounted");
    Files.writeString(mounted.resolve("B"), "mounted\r\n");
    SecretStore store =
        new SecretStore(
            Map.of("A", own),
            mounted,
            Map.of("A", "environment", "B", "environment", "C", "environment"),
            List.of("sh", "-c", "test $0 = D && echo helper"));

    assertEquals("from its own file", store.resolve("A"));
    assertEquals("mounted", store.resolve("B"));
    assertEquals("environment", store.resolve("C"));
    assertEquals("helper", store.resolve("D"));
  }

  @Test
  void aSecretThatIsNowhereNamesWhereItWasLookedFor() {
    SecretStore store =
        new SecretStore(Map.of(), directory, Map.of("OTHER", "value-of-other"), List.of("false"));

    String said = assertThrows(ActionException.class, () -> store.resolve("MISSING")).getMessage();

    assertTrue(said.contains(directory.resolve("MISSING").toString()), said);
    assertTrue(said.contains("environment") && said.contains("helper false"), said);
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
}
