package dev.backout.config;

import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads flags, environment and Temporal's own configuration file. */
final class SettingsReader {
  private final Flags flags;
  private final Map<String, String> environment;
  private final List<Setting> inForce = new ArrayList<>();

  private SettingsReader(Flags flags, Map<String, String> environment) {
    this.flags = flags;
    this.environment = environment;
  }

  static Settings read(Flags flags, Map<String, String> environment) {
    return new SettingsReader(flags, environment).read();
  }

  private Settings read() {
    StateDirectory state =
        new StateDirectory(directory("state directory", "XDG_STATE_HOME", ".local/state"));
    Path config = directory("configuration directory", "XDG_CONFIG_HOME", ".config");
    String taskQueue =
        chosen("task queue", flags.taskQueue(), "--task-queue", "BACKOUT_TASK_QUEUE")
            .orElseGet(() -> standard("task queue", Settings.DEFAULT_TASK_QUEUE));

    ServerChoice choice = serverChoice();
    ClientConfigProfile profile = profile();
    String address = profile.getAddress();
    if (address == null || address.isBlank()) {
      inForce.add(0, new Setting("server", "this machine's background server", "default"));
      return new Settings(
          Optional.empty(),
          "this machine's background server",
          Settings.DEFAULT_NAMESPACE,
          taskQueue,
          choice,
          javaOptions(),
          state,
          config,
          List.copyOf(inForce));
    }
    String namespace =
        profile.getNamespace() == null ? Settings.DEFAULT_NAMESPACE : profile.getNamespace();
    String source = source(flags.address(), "--address", "TEMPORAL_ADDRESS");
    inForce.add(0, new Setting("server", address, source));
    inForce.add(
        1,
        new Setting(
            "namespace",
            namespace,
            profile.getNamespace() == null
                ? "default"
                : source(flags.namespace(), "--namespace", "TEMPORAL_NAMESPACE")));
    if (profile.getApiKey() != null) {
      inForce.add(2, new Setting("API key", "***", source(null, "", "TEMPORAL_API_KEY")));
    }
    return new Settings(
        Optional.of(profile),
        address + " (from " + source + ")",
        namespace,
        taskQueue,
        choice,
        javaOptions(),
        state,
        config,
        List.copyOf(inForce));
  }

  private ServerChoice serverChoice() {
    String value =
        chosen("background server", null, "", "BACKOUT_SERVER")
            .orElseGet(() -> standard("background server", "auto"));
    return switch (value) {
      case "auto" -> ServerChoice.AUTO;
      case "in-memory" -> ServerChoice.IN_MEMORY;
      case "development" -> ServerChoice.DEVELOPMENT;
      default ->
          throw new ConfigurationException(
              "BACKOUT_SERVER is \""
                  + value
                  + "\"; it can be auto (development where temporal is on the PATH), in-memory or development.");
    };
  }

  private List<String> javaOptions() {
    return Stream.of(environment.getOrDefault("BACKOUT_JAVA_OPTS", "").split("\\s+"))
        .filter(option -> !option.isEmpty())
        .toList();
  }

  private ClientConfigProfile profile() {
    Map<String, String> seen = new HashMap<>(environment);
    put(seen, "TEMPORAL_ADDRESS", flags.address());
    put(seen, "TEMPORAL_NAMESPACE", flags.namespace());
    put(seen, "TEMPORAL_PROFILE", flags.profile());
    // A variable that is set to nothing says nothing; envconfig would take it as a value.
    seen.values().removeIf(String::isBlank);
    LoadClientConfigProfileOptions.Builder options =
        LoadClientConfigProfileOptions.newBuilder()
            .setEnvOverrides(seen)
            .setConfigFilePath(configurationFile().toString());
    if (seen.containsKey("TEMPORAL_PROFILE")) {
      // Only a profile that was named must exist.
      options.setConfigFileProfile(profileName());
    }
    try {
      return ClientConfigProfile.load(options.build());
    } catch (IOException | RuntimeException e) {
      throw new ConfigurationException(
          "Temporal's client configuration can't be read ("
              + configurationFile()
              + ", profile "
              + profileName()
              + "): "
              + e.getMessage()
              + ". Mend the file, or name another one with TEMPORAL_CONFIG_FILE.",
          e);
    }
  }

  private String profileName() {
    if (flags.profile() != null) {
      return flags.profile();
    }
    String named = environment.getOrDefault("TEMPORAL_PROFILE", "");
    return named.isBlank() ? "default" : named;
  }

  private Path configurationFile() {
    String named = environment.getOrDefault("TEMPORAL_CONFIG_FILE", "");
    if (!named.isBlank()) {
      return existing(Path.of(named));
    }
    if (System.getProperty("os.name", "").startsWith("Mac")) {
      return Path.of(home(), "Library", "Application Support", "temporalio", "temporal.toml");
    }
    return base("XDG_CONFIG_HOME", ".config").resolve("temporalio").resolve("temporal.toml");
  }

  private static Path existing(Path named) {
    if (!Files.isReadable(named)) {
      throw new ConfigurationException(
          "TEMPORAL_CONFIG_FILE names "
              + named
              + ", which "
              + (Files.exists(named) ? "can't be read." : "does not exist.")
              + " Mend it, or unset it.");
    }
    return named;
  }

  private String home() {
    return environment.getOrDefault("HOME", System.getProperty("user.home", ""));
  }

  private String source(@Nullable String flag, String flagName, String variable) {
    if (flag != null) {
      return "flag " + flagName;
    }
    if (!environment.getOrDefault(variable, "").isBlank()) {
      return variable;
    }
    return "profile " + profileName() + " in " + configurationFile();
  }

  private Optional<String> chosen(
      String name, @Nullable String flag, String flagName, String variable) {
    if (flag != null) {
      inForce.add(new Setting(name, flag, "flag " + flagName));
      return Optional.of(flag);
    }
    String value = environment.getOrDefault(variable, "");
    if (!value.isBlank()) {
      inForce.add(new Setting(name, value, variable));
      return Optional.of(value);
    }
    return Optional.empty();
  }

  private String standard(String name, String value) {
    inForce.add(new Setting(name, value, "default"));
    return value;
  }

  private Path directory(String name, String variable, String standard) {
    Path path = base(variable, standard).resolve("backout");
    boolean named = !environment.getOrDefault(variable, "").isBlank();
    inForce.add(new Setting(name, path.toString(), named ? variable : "default"));
    return path;
  }

  private Path base(String variable, String standard) {
    String named = environment.getOrDefault(variable, "");
    // The XDG specification has relative paths ignored.
    if (!named.isBlank() && Path.of(named).isAbsolute()) {
      return Path.of(named).normalize();
    }
    return Path.of(home()).resolve(standard).toAbsolutePath().normalize();
  }

  private static void put(Map<String, String> map, String key, @Nullable String value) {
    if (value != null) {
      map.put(key, value);
    }
  }
}
