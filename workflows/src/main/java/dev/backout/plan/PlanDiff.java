package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How what was found differs from what had been shown: {@code backup.path: was `a`, now `b`}. */
public final class PlanDiff {
  private static final int LONGEST = 120;

  private final Set<List<String>> ignored = new LinkedHashSet<>();
  private final List<String> differences = new ArrayList<>();

  private PlanDiff(Set<String> ignored) {
    ignored.forEach(path -> this.ignored.add(Arrays.asList(path.split("\\.", -1))));
  }

  /**
   * The differences.
   *
   * @param shown what somebody agreed to
   * @param found what there is now
   * @param ignored fields that always differ, by the end of their path: {@code age} is ignored
   *     wherever it stands, {@code backup.age} only in a {@code backup}
   * @return one line for each difference, in the order of {@code shown}; empty if there is none
   */
  public static List<String> between(JsonNode shown, JsonNode found, Set<String> ignored) {
    PlanDiff diff = new PlanDiff(ignored);
    diff.compare(List.of(), shown, found);
    return List.copyOf(diff.differences);
  }

  private void compare(List<String> path, JsonNode was, JsonNode now) {
    if (isIgnored(path)) {
      return;
    }
    if (was.isObject() && now.isObject()) {
      objects(path, was, now);
    } else if (was.isArray() && now.isArray()) {
      arrays(path, was, now);
    } else if (!same(was, now)) {
      differences.add(named(path) + ": was " + shown(was) + ", now " + shown(now));
    }
  }

  private void objects(List<String> path, JsonNode was, JsonNode now) {
    Set<String> names = new LinkedHashSet<>();
    was.fieldNames().forEachRemaining(names::add);
    now.fieldNames().forEachRemaining(names::add);
    names.forEach(name -> compare(with(path, name), was.path(name), now.path(name)));
  }

  /** Elements are compared by their place: what comes first in a list is often what counts. */
  private void arrays(List<String> path, JsonNode was, JsonNode now) {
    for (int i = 0; i < Math.max(was.size(), now.size()); i++) {
      compare(with(path, "[" + i + "]"), was.path(i), now.path(i));
    }
  }

  private static boolean same(JsonNode was, JsonNode now) {
    return was.isNumber() && now.isNumber()
        ? was.decimalValue().compareTo(now.decimalValue()) == 0
        : was.equals(now) || (isAbsent(was) && isAbsent(now));
  }

  private static boolean isAbsent(JsonNode json) {
    return json.isNull() || json.isMissingNode();
  }

  private boolean isIgnored(List<String> path) {
    List<String> names = path.stream().filter(name -> !name.startsWith("[")).toList();
    return !path.isEmpty()
        && !path.get(path.size() - 1).startsWith("[")
        && ignored.stream().anyMatch(end -> endsWith(names, end));
  }

  private static boolean endsWith(List<String> names, List<String> end) {
    return names.size() >= end.size()
        && names.subList(names.size() - end.size(), names.size()).equals(end);
  }

  private static String named(List<String> path) {
    return path.isEmpty() ? "All of it" : String.join(".", path).replace(".[", "[");
  }

  private static String shown(JsonNode value) {
    if (isAbsent(value)) {
      return "not there";
    }
    String text = value.isValueNode() ? value.asText() : value.toString();
    String shortened = text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    return "`" + shortened.replace('\n', ' ') + "`";
  }

  private static List<String> with(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }
}
