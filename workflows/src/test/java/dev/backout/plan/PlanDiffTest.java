package dev.backout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanDiffTest {

  @Test
  void what_is_the_same_gives_nothing_whatever_the_order_of_its_keys() {
    assertEquals(
        List.of(),
        diff("{'backup': {'path': '/a', 'size': 1.0}}", "{'backup': {'size': 1, 'path': '/a'}}"));
  }

  @Test
  void each_difference_is_a_line_with_its_path() {
    assertEquals(
        List.of(
            "backup.path: was `/a.db`, now `/b.db`",
            "backup.rejected[1].reason: was `old`, now `corrupt`",
            "backup.note: was not there, now `new`",
            "disk.free: was `5`, now not there"),
        diff(
            "{'backup': {'path': '/a.db', 'rejected': [{'reason': 'x'}, {'reason': 'old'}]},"
                + " 'disk': {'free': 5}}",
            "{'backup': {'path': '/b.db', 'rejected': [{'reason': 'x'}, {'reason': 'corrupt'}],"
                + " 'note': 'new'}, 'disk': {}}"));
  }

  @Test
  void a_list_that_grew_or_shrank_says_what_came_and_went() {
    assertEquals(
        List.of("pids[1]: was not there, now `9`"), diff("{'pids': [7]}", "{'pids': [7, 9]}"));
    assertEquals(List.of("pids[0]: was `7`, now not there"), diff("{'pids': [7]}", "{'pids': []}"));
  }

  @Test
  void ignored_fields_are_named_by_the_end_of_their_path() {
    String was = "{'backup': {'age': '1h', 'all': [{'age': '2h'}]}, 'service': {'age': 1}}";
    String now = "{'backup': {'age': '3h', 'all': [{'age': '4h'}]}, 'service': {'age': 2}}";
    assertEquals(List.of(), diff(was, now, "age"));
    assertEquals(List.of("service.age: was `1`, now `2`"), diff(was, now, "backup.age", "all.age"));
  }

  @Test
  void nothing_at_all_and_null_are_the_same() {
    assertEquals(List.of(), diff("{'a': null}", "{}"));
  }

  private static List<String> diff(String was, String now, String... ignored) {
    return PlanDiff.between(Plans.json(was), Plans.json(now), Set.of(ignored));
  }
}
