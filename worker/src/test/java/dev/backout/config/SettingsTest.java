package dev.backout.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path home;

  @Test
  void withoutAnythingItIsTheBackgroundServerOfThisMachine() {
    Settings settings = load(Map.of());
    assertTrue(settings.remote().isEmpty());
    assertEquals(home.resolve(".local/state/backout"), settings.state().root());
    assertEquals(home.resolve(".config/backout"), settings.configDirectory());
    assertEquals("default", source(settings, "server"));
  }

  @Test
  void theEnvironmentNamesAServerAndTheSourceIsKnown() {
    Settings settings =
        load(Map.of("TEMPORAL_ADDRESS", "temporal.example:7233", "TEMPORAL_NAMESPACE", "ops"));
    assertEquals("temporal.example:7233", settings.remote().orElseThrow().getAddress());
    assertEquals("ops", settings.namespace());
    assertEquals("TEMPORAL_ADDRESS", source(settings, "server"));
    assertEquals("TEMPORAL_NAMESPACE", source(settings, "namespace"));
  }

  @Test
  void aFlagWinsOverTheEnvironmentAndTheEnvironmentOverTheProfile() throws IOException {
    profile("[profile.prod]\naddress = \"file:7233\"\nnamespace = \"of-the-file\"\n");
    Map<String, String> environment =
        Map.of("TEMPORAL_PROFILE", "prod", "TEMPORAL_ADDRESS", "variable:7233");
    Settings settings = load(environment);
    assertEquals("variable:7233", settings.remote().orElseThrow().getAddress());
    assertEquals("of-the-file", settings.namespace());
    assertTrue(source(settings, "namespace").startsWith("profile prod in "));
    Settings flagged = load(new Flags("flag:7233", null, null, null), environment);
    assertEquals("flag:7233", flagged.remote().orElseThrow().getAddress());
    assertEquals("flag --address", source(flagged, "server"));
  }

  @Test
  void aVariableThatIsSetToNothingSaysNothing() {
    assertTrue(load(Map.of("TEMPORAL_ADDRESS", "", "TEMPORAL_PROFILE", "")).remote().isEmpty());
  }

  @Test
  void aProfileThatDoesNotExistIsSaidWithTheFileThatWasLookedAt() throws IOException {
    profile("[profile.prod]\naddress = \"file:7233\"\n");
    String said =
        assertThrows(
                ConfigurationException.class, () -> load(Map.of("TEMPORAL_PROFILE", "staging")))
            .getMessage();
    assertTrue(said.contains("staging"), said);
    assertTrue(said.contains("temporal.toml"), said);
  }

  @Test
  void aConfigurationFileThatWasNamedMustExist() {
    String said =
        assertThrows(
                ConfigurationException.class,
                () -> load(Map.of("TEMPORAL_CONFIG_FILE", "/nowhere/temporal.toml")))
            .getMessage();
    assertTrue(said.contains("/nowhere/temporal.toml"), said);
  }

  @Test
  void anApiKeyIsNeverShown() {
    Settings settings =
        load(Map.of("TEMPORAL_ADDRESS", "cloud:7233", "TEMPORAL_API_KEY", "planted-key"));
    assertTrue(settings.inForce().stream().noneMatch(it -> it.toString().contains("planted-key")));
  }

  @Test
  void aRelativeXdgDirectoryIsPassedOver() {
    assertEquals(
        home.resolve(".local/state/backout"),
        load(Map.of("XDG_STATE_HOME", "somewhere")).state().root());
  }

  @Test
  void anUnknownKindOfBackgroundServerIsRefusedNamingTheKnownOnes() {
    String said =
        assertThrows(ConfigurationException.class, () -> load(Map.of("BACKOUT_SERVER", "docker")))
            .getMessage();
    assertTrue(said.contains("in-memory"), said);
  }

  private void profile(String toml) throws IOException {
    Path file = home.resolve(".config/temporalio/temporal.toml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, toml);
  }

  private Settings load(Map<String, String> environment) {
    return load(Flags.NONE, environment);
  }

  private Settings load(Flags flags, Map<String, String> environment) {
    Map<String, String> whole = new HashMap<>(environment);
    whole.put("HOME", home.toString());
    return Settings.load(flags, whole);
  }

  private static String source(Settings settings, String name) {
    return settings.inForce().stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .orElseThrow()
        .source();
  }
}
