package dev.backout.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerConfigurationTest {
  @TempDir Path folder;

  @Test
  void withoutAFileEveryDirectoryIsAllowedAndNoProgramIs() {
    WorkerConfiguration configuration = read();
    assertEquals(List.of(Path.of("/")), configuration.allowedDirectories());
    assertEquals(List.of(), configuration.allowedPrograms());
    assertEquals(folder.resolve("secrets"), configuration.secrets().directory());
    assertTrue(configuration.secrets().environment());
    assertTrue(configuration.inForce().stream().allMatch(it -> it.source().equals("default")));
  }

  @Test
  void aWholeFileIsRead() throws IOException {
    write(
        """
        allowedDirectories: [/srv/app, ~/work]
        allowedPrograms: [systemctl, /usr/bin/pg_dump]
        evidence: /var/lib/backout/evidence
        secrets:
          files: { DATABASE_URL: /run/secrets/database }
          directory: /run/secrets
          environment: false
          command: [/usr/local/bin/vault-read, --field, value]
        """);
    WorkerConfiguration configuration = read();
    assertEquals(
        List.of(Path.of("/srv/app"), Path.of(System.getProperty("user.home"), "work")),
        configuration.allowedDirectories());
    assertEquals(List.of("systemctl", "/usr/bin/pg_dump"), configuration.allowedPrograms());
    assertEquals(Path.of("/var/lib/backout/evidence"), configuration.evidence());
    assertEquals(
        new WorkerConfiguration.Secrets(
            Map.of("DATABASE_URL", Path.of("/run/secrets/database")),
            Path.of("/run/secrets"),
            false,
            List.of("/usr/local/bin/vault-read", "--field", "value")),
        configuration.secrets());
  }

  @Test
  void anEmptyFileIsTheDefaults() throws IOException {
    write("# nothing yet\n");
    assertEquals(List.of(Path.of("/")), read().allowedDirectories());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allowedDirs: [/srv]                | unknown key allowedDirs",
        "secrets: { dir: /run }             | unknown key secrets.dir",
        "allowedDirectories: /srv           | allowedDirectories should be a list of texts",
        "allowedDirectories: [srv]          | expected an absolute path",
        "allowedPrograms: [1]               | allowedPrograms should be a text",
        "secrets: { environment: maybe }    | secrets.environment should be true or false",
        "secrets: { files: [a] }            | secrets.files should be NAME: /path",
        "- a                                | the file should be keys with values",
        "'evidence: \"/a'                   | worker.yaml:1",
      })
  void whatIsWrongIsSaidWithTheFileAndTheKey(String text, String expected) throws IOException {
    write(text);
    String said = assertThrows(ConfigurationException.class, this::read).getMessage();
    assertTrue(said.contains("worker.yaml"), said);
    assertTrue(said.contains(expected), said);
  }

  @Test
  void aKeyThatIsThereTwiceIsRefused() throws IOException {
    write("evidence: /a\nevidence: /b\n");
    String said = assertThrows(ConfigurationException.class, this::read).getMessage();
    assertTrue(said.contains("evidence"), said);
  }

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve("worker.yaml"), text);
  }

  private WorkerConfiguration read() {
    return WorkerConfiguration.read(folder, new StateDirectory(folder.resolve("state")));
  }
}
