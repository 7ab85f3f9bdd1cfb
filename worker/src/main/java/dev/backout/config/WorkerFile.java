package dev.backout.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code worker.yaml}. */
final class WorkerFile {
  private static final Set<String> KEYS =
      Set.of(
          "allowedDirectories",
          "allowedPrograms",
          "secrets",
          "evidence",
          "policy",
          "notifications");
  private static final Set<String> SECRET_KEYS =
      Set.of("files", "directory", "environment", "command");

  private final Path file;
  private final JsonNode root;
  private final List<Setting> inForce = new ArrayList<>();

  private WorkerFile(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  static WorkerConfiguration read(Path configDirectory, StateDirectory state) {
    Path file = configDirectory.resolve("worker.yaml");
    WorkerFile reader =
        new WorkerFile(file, Files.exists(file) ? parse(file) : MissingNode.getInstance());
    return reader.read(configDirectory, state.evidence());
  }

  private static JsonNode parse(Path file) {
    YAMLMapper yaml =
        new YAMLMapper(
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
    try {
      JsonNode root = yaml.readTree(Files.readString(file));
      return root.isNull() ? MissingNode.getInstance() : root;
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
      throw new ConfigurationException(
          file + place + ": this is not the YAML that was expected: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ConfigurationException(file + " can't be read: " + e.getMessage() + ".", e);
    }
  }

  private WorkerConfiguration read(Path configDirectory, Path evidence) {
    expect(root.isObject() || root.isMissingNode(), "the file", "keys with values", root);
    refuseUnknown(root, KEYS, "");
    List<Path> directories = new ArrayList<>();
    for (String text : texts("allowedDirectories", root.path("allowedDirectories"))) {
      directories.add(absolute("allowedDirectories", text));
    }
    if (!root.has("allowedDirectories")) {
      directories.add(Path.of("/"));
    }
    List<String> programs = texts("allowedPrograms", root.path("allowedPrograms"));
    note("allowedDirectories", directories, root);
    note("allowedPrograms", programs, root);
    WorkerConfiguration.Secrets secrets =
        secrets(root.path("secrets"), configDirectory.resolve("secrets"));
    Path kept =
        root.has("evidence")
            ? absolute("evidence", text("evidence", root.path("evidence")))
            : evidence;
    note("evidence", kept, root);
    WorkerConfiguration.PolicyPlace policy = policy(configDirectory.resolve("policy.yaml"));
    return new WorkerConfiguration(
        List.copyOf(directories),
        programs,
        secrets,
        kept,
        policy,
        notifications(),
        List.copyOf(inForce));
  }

  private WorkerConfiguration.PolicyPlace policy(Path standard) {
    boolean named = root.has("policy");
    Path file = named ? absolute("policy", text("policy", root.path("policy"))) : standard;
    note("policy", named || Files.exists(file) ? file : file + " (not there)", root);
    return new WorkerConfiguration.PolicyPlace(file, named);
  }

  private List<WorkerNotification> notifications() {
    List<WorkerNotification> found =
        new NotificationSettings(file).read(root.path("notifications"));
    note("notifications", found.stream().map(WorkerNotification::name).toList(), root);
    return found;
  }

  private WorkerConfiguration.Secrets secrets(JsonNode node, Path standard) {
    expect(
        node.isObject() || node.isMissingNode(),
        "secrets",
        "the keys files, directory, environment or command",
        node);
    refuseUnknown(node, SECRET_KEYS, "secrets.");
    Map<String, Path> files = new LinkedHashMap<>();
    JsonNode named = node.path("files");
    expect(named.isObject() || named.isMissingNode(), "secrets.files", "NAME: /path, each", named);
    for (Map.Entry<String, JsonNode> entry : named.properties()) {
      String key = "secrets.files." + entry.getKey();
      files.put(entry.getKey(), absolute(key, text(key, entry.getValue())));
    }
    Path directory =
        node.has("directory")
            ? absolute("secrets.directory", text("secrets.directory", node.path("directory")))
            : standard;
    JsonNode environment = node.path("environment");
    expect(
        environment.isBoolean() || environment.isMissingNode(),
        "secrets.environment",
        "true or false",
        environment);
    List<String> command = texts("secrets.command", node.path("command"));
    note("secrets.directory", directory, node);
    note("secrets.environment", environment.asBoolean(true), node);
    note("secrets.files", files.keySet(), node);
    note("secrets.command", command, node);
    return new WorkerConfiguration.Secrets(files, directory, environment.asBoolean(true), command);
  }

  private void note(String key, Object value, JsonNode holder) {
    String last = key.substring(key.lastIndexOf('.') + 1);
    inForce.add(
        new Setting(
            "worker " + key, value.toString(), holder.has(last) ? file.toString() : "default"));
  }

  private List<String> texts(String key, JsonNode node) {
    expect(node.isArray() || node.isMissingNode(), key, "a list of texts", node);
    List<String> texts = new ArrayList<>();
    for (JsonNode element : node) {
      texts.add(text(key, element));
    }
    return List.copyOf(texts);
  }

  private String text(String key, JsonNode node) {
    expect(node.isTextual() && !node.textValue().isBlank(), key, "a text", node);
    return node.textValue();
  }

  private Path absolute(String key, String text) {
    Path path =
        text.equals("~") || text.startsWith("~/")
            ? Path.of(System.getProperty("user.home") + text.substring(1))
            : Path.of(text);
    if (!path.isAbsolute()) {
      throw new ConfigurationException(
          file
              + ": "
              + key
              + " holds \""
              + text
              + "\"; expected an absolute path (a worker has no directory that relative ones could mean).");
    }
    return path.normalize();
  }

  private void refuseUnknown(JsonNode node, Set<String> known, String prefix) {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new ConfigurationException(
            file
                + ": unknown key "
                + prefix
                + name
                + "; known are "
                + String.join(", ", known.stream().sorted().toList())
                + ".");
      }
    }
  }

  private void expect(boolean holds, String key, String expected, JsonNode found) {
    if (!holds) {
      throw new ConfigurationException(
          file + ": " + key + " should be " + expected + ", but is " + found + ".");
    }
  }
}
