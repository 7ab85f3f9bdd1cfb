package dev.backout.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ActionJsonTest {
  record Limit(
      @Doc("Which.") String name,
      @Doc(value = "How long.", defaultValue = "90s") Duration within,
      @Doc(value = "How often.", defaultValue = "3") int tries) {}

  record Input(
      @Doc("One.") @Nullable Limit one,
      @Doc(value = "Two.", defaultValue = "{name: two}") Limit two,
      @Doc(value = "Several.", defaultValue = "[]") List<Limit> several,
      @Doc(value = "By name.", defaultValue = "{}") Map<String, List<Limit>> named) {}

  @Test
  void defaultsApplyWhereverARecordStands() throws Exception {
    Input input =
        read(
            "{'one': {'name': 'a'}, 'several': [{'name': 'b', 'tries': 5}],"
                + " 'named': {'x': [{'name': 'c', 'within': '1s'}]}}");

    assertEquals(new Limit("a", Duration.ofSeconds(90), 3), input.one());
    assertEquals(new Limit("two", Duration.ofSeconds(90), 3), input.two());
    assertEquals(List.of(new Limit("b", Duration.ofSeconds(90), 5)), input.several());
    assertEquals(Map.of("x", List.of(new Limit("c", Duration.ofSeconds(1), 3))), input.named());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'one': {}}                     | `one.name` is missing",
        "{'several': [{'tries': 1}]}     | `several[0].name` is missing",
        "{'named': {'x': [{}]}}          | `named.x[0].name` is missing",
        "{'several': [null]}             | `several[0]` must have a value",
        "{'several': [{'nam': 'x'}]}     | `several[0].name` is missing",
        "{'one': 'x'}                    | `one`",
      })
  void whatIsWrongInsideIsNamedWithItsPath(String json, String said) {
    ActionException refused = assertThrows(ActionException.class, () -> read(json));
    assertEquals(ActionException.Kind.INVALID_INPUT, refused.kind());
    assertTrue(refused.getMessage().contains(said), refused.getMessage());
  }

  private static Input read(String json) throws ActionException, JsonProcessingException {
    return ActionJson.read(
        new ObjectMapper().readTree(json.replace('\'', '"')), Input.class, "test.action");
  }
}
