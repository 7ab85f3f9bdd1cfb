package dev.backout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DigestTest {
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: emergency
      name: example
      summary: Bring the example back.
      target: example
      inputs:
        home: { type: path, default: /srv }
        age: { type: duration, default: 24h }
      steps:
        - id: stop
          uses: process.stop
          with: { port: 8000, grace: 60s, share: 0.50 }
          timeout: 5m
        - id: check
          uses: http.check
          with: { url: "http://127.0.0.1/${{ inputs.home }}" }
      """;

  /** The same with other order, quotes, spacing, comments and units. */
  private static final String REWRITTEN =
      """
      # The same, written by somebody else.
      name: "example"
      kind: 'emergency'

      summary: >-
        Bring the example
        back.
      target: example   # one at a time
      steps:
      - with:
          grace: 1m
          share: 0.5
          port: 8000
        timeout: 300s
        uses: process.stop
        id: stop
      - uses: http.check
        id: check
        with: {url: "http://127.0.0.1/${{inputs.home}}"}
      inputs:
        age: {default: 1d, type: duration}
        home:
          default: /srv
          type: path
          description: What it is called changes nothing
      apiVersion: backout/v1
      """;

  @Test
  void a_plan_without_finally_says_nothing_of_it() {
    ExecutionPlan plan = PlanCases.plan(RUNBOOK);
    JsonNode json = Json.MAPPER.valueToTree(plan);
    assertFalse(json.has("finally"), json.toString());
    assertTrue(Digest.matches(Json.MAPPER.convertValue(json, ExecutionPlan.class)));
    String with = RUNBOOK + "finally:\n  - uses: process.stop\n";
    assertNotEquals(plan.digest(), PlanCases.plan(with).digest());
  }

  @Test
  void order_formatting_comments_and_units_change_nothing() {
    ExecutionPlan one = PlanCases.plan(RUNBOOK);
    ExecutionPlan other = PlanCases.plan(REWRITTEN);
    assertNotEquals(one.sources(), other.sources());
    assertEquals(one.digest(), other.digest());
  }

  @Test
  void another_value_of_an_input_is_another_plan() {
    Compilation other =
        PlanCases.compile(RUNBOOK, Map.of("home", GivenInput.text("/opt", "--input home")));
    assertNotEquals(PlanCases.plan(RUNBOOK).digest(), other.plan().orElseThrow().digest());
  }

  @Test
  void every_change_of_meaning_changes_it() throws Exception {
    ExecutionPlan plan = Plans.full();
    String before = Digest.of(plan);
    List<String> unchanged = new ArrayList<>();
    int changes = 0;
    ObjectNode json = Json.MAPPER.valueToTree(plan);
    for (Change change : changes(json)) {
      Optional<ExecutionPlan> changed = change.apply(json.deepCopy());
      if (changed.isPresent() && !changed.get().equals(plan)) {
        changes++;
        if (Digest.of(changed.get()).equals(before)) {
          unchanged.add(change.where());
        }
      }
    }
    assertEquals(List.of(), unchanged);
    assertTrue(changes > 300, "Only " + changes + " changes were tried.");
  }

  @Test
  void the_texts_it_was_compiled_from_do_not_count_here_or_in_children() {
    ObjectNode json = Json.MAPPER.valueToTree(Plans.full());
    json.findParents("sources").forEach(plan -> ((ObjectNode) plan).putArray("sources"));
    json.findParents("digest").forEach(plan -> ((ObjectNode) plan).put("digest", "other"));
    ExecutionPlan without = Json.MAPPER.convertValue(json, ExecutionPlan.class);
    assertNotEquals(Plans.full(), without);
    assertEquals(Digest.of(Plans.full()), Digest.of(without));
  }

  @Test
  void a_plan_that_was_written_and_read_has_the_same() throws Exception {
    ExecutionPlan plan = PlanCases.plan(RUNBOOK);
    ExecutionPlan read =
        Json.MAPPER.readValue(Json.MAPPER.writeValueAsString(plan), ExecutionPlan.class);
    assertTrue(Digest.matches(read));
    assertFalse(Digest.matches(read.withTarget("elsewhere")));
  }

  @Test
  void it_is_the_same_in_every_place_and_zone() {
    String here = PlanCases.plan(RUNBOOK).digest();
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      for (String tag : List.of("tr-TR", "ar-EG-u-nu-arab", "th-TH-u-ca-buddhist")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
        assertEquals(here, PlanCases.plan(RUNBOOK).digest(), tag);
      }
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void canonical_JSON_has_one_form() throws Exception {
    assertEquals(
        "{\"\":0,\"1\":[1,-0.5,1000,0.000001,true,null],\"a\":\"\\u0001\\n\\\"\\\\/é😀\",\"b\":{},\"é\":[]}",
        CanonicalJson.of(
            Json.MAPPER.readTree(
                "{\"é\":[ ], \"b\":{ }, \"a\":\"\\u0001\\u000a\\\"\\\\\\/\\u00e9\\ud83d\\ude00\","
                    + " \"1\":[1.0, -0.50, 1e3, 1E-6, true, null], \"\":0.0}")));
  }

  private record Change(String where, Consumer<ObjectNode> edit) {
    Optional<ExecutionPlan> apply(ObjectNode json) {
      edit.accept(json);
      try {
        return Optional.of(Json.MAPPER.treeToValue(json, ExecutionPlan.class));
      } catch (JsonProcessingException e) {
        return Optional.empty();
      }
    }
  }

  /** Every leaf with another value, every field left out, every element of a list left out. */
  private static List<Change> changes(JsonNode plan) {
    List<Change> changes = new ArrayList<>();
    collect("", plan, changes);
    return changes;
  }

  private static void collect(String pointer, JsonNode node, List<Change> changes) {
    node.properties().stream()
        .filter(entry -> !List.of("sources", "digest").contains(entry.getKey()))
        .forEach(
            entry -> {
              String at = pointer + "/" + entry.getKey();
              changes.add(
                  new Change(at, root -> ((ObjectNode) root.at(pointer)).remove(entry.getKey())));
              others(entry.getValue())
                  .forEach(
                      other ->
                          changes.add(
                              new Change(
                                  at + " as " + other,
                                  root ->
                                      ((ObjectNode) root.at(pointer)).set(entry.getKey(), other))));
              collect(at, entry.getValue(), changes);
            });
    for (int i = 0; i < (node.isArray() ? node.size() : 0); i++) {
      int index = i;
      String at = pointer + "/" + i;
      changes.add(new Change(at, root -> ((ArrayNode) root.at(pointer)).remove(index)));
      others(node.get(i))
          .forEach(
              other ->
                  changes.add(
                      new Change(
                          at + " as " + other,
                          root -> ((ArrayNode) root.at(pointer)).set(index, other))));
      collect(at, node.get(i), changes);
    }
  }

  /** Other values, of which one at least is of the form that the field wants. */
  private static List<JsonNode> others(JsonNode value) {
    if (value.isTextual()) {
      String text = value.textValue();
      List<String> others =
          text.startsWith("PT")
              ? List.of("PT77S")
              : text.matches("[A-Z_]+") ? List.of("NEVER", "STOP") : List.of(text + "x");
      return others.stream().map(TextNode::valueOf).collect(Collectors.toList());
    } else if (value.isNumber()) {
      return List.of(IntNode.valueOf(value.asInt() + 1));
    } else if (value.isBoolean()) {
      return List.of(BooleanNode.valueOf(!value.booleanValue()));
    }
    return List.of();
  }
}
