package dev.backout.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.runbook.Occasion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code notifications} of {@code worker.yaml}, which are written as a runbook's are. */
final class NotificationSettings {
  private static final String KEY = "notifications";
  private static final Set<String> KEYS = Set.of("uses", "with", "events", "for");
  private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9_-]*");
  private static final Pattern ACTION = Pattern.compile("notify\\.[a-z][A-Za-z0-9]*");
  private static final Pattern ASKED = Pattern.compile("(group|user):[A-Za-z0-9][A-Za-z0-9._@+-]*");

  /** Headers whose values are credentials, in small letters. */
  private static final Set<String> CONFIDENTIAL =
      Set.of("authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token");

  /** Inputs that are nothing but a credential, in small letters. */
  private static final Set<String> SECRETS = Set.of("token", "password", "routingkey", "webhook");

  private final Path file;

  NotificationSettings(Path file) {
    this.file = file;
  }

  List<WorkerNotification> read(JsonNode node) {
    expect(node.isObject() || node.isMissingNode(), KEY, "NAME: with the key uses, each", node);
    List<WorkerNotification> read = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      read.add(one(entry.getKey(), entry.getValue()));
    }
    return List.copyOf(read);
  }

  private WorkerNotification one(String name, JsonNode node) {
    String place = KEY + "." + name;
    expect(
        NAME.matcher(name).matches(),
        KEY,
        "names of letters and digits that begin with a small letter",
        JsonNodeFactory.instance.textNode(name));
    expect(node.isObject(), place, "the keys uses, with, events and for", node);
    for (Map.Entry<String, JsonNode> key : node.properties()) {
      expect(
          KEYS.contains(key.getKey()),
          place,
          "the keys uses, with, events and for",
          JsonNodeFactory.instance.textNode(key.getKey()));
    }
    JsonNode uses = node.path("uses");
    expect(
        ACTION.matcher(uses.asText()).matches(),
        place + ".uses",
        "an action that tells somebody, such as notify.webhook",
        uses);
    JsonNode with = node.path("with");
    expect(with.isObject(), place + ".with", "the action's input", with);
    requireSecrets(place + ".with.headers", with.path("headers"), CONFIDENTIAL);
    requireSecrets(place + ".with", with, SECRETS);
    return new WorkerNotification(
        name,
        uses.asText(),
        with,
        words(node.path("events")).map(each -> occasion(place, each)).toList(),
        words(node.path("for")).map(each -> asked(place, each)).toList());
  }

  private static Stream<JsonNode> words(JsonNode node) {
    return node.isTextual() ? Stream.of(node) : node.valueStream();
  }

  private Occasion occasion(String place, JsonNode word) {
    for (Occasion occasion : Occasion.values()) {
      if (occasion.word().equals(word.asText())) {
        return occasion;
      }
    }
    throw wrong(
        place + ".events",
        "some of "
            + Stream.of(Occasion.values()).map(Occasion::word).collect(Collectors.joining(", ")),
        word);
  }

  private String asked(String place, JsonNode word) {
    expect(
        ASKED.matcher(word.asText()).matches(),
        place + ".for",
        "a group or a user, such as group:oncall",
        word);
    return word.asText();
  }

  private void requireSecrets(String place, JsonNode values, Set<String> confidential) {
    for (Map.Entry<String, JsonNode> each : values.properties()) {
      boolean secret = confidential.contains(each.getKey().toLowerCase(Locale.ROOT));
      if (secret && !each.getValue().asText().startsWith("secret:")) {
        throw new ConfigurationException(
            file
                + ": "
                + place
                + "."
                + each.getKey()
                + " should be secret:NAME, and stands there itself. Put it into a file of that name"
                + " under secrets/.");
      }
    }
  }

  private void expect(boolean holds, String key, String expected, JsonNode found) {
    if (!holds) {
      throw wrong(key, expected, found);
    }
  }

  private ConfigurationException wrong(String key, String expected, JsonNode found) {
    return new ConfigurationException(
        file
            + ": "
            + key
            + " should be "
            + expected
            + ", but is "
            + (found.isMissingNode() ? "missing" : found)
            + ".");
  }
}
