package dev.backout.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.cli.view.Look;
import dev.backout.cli.view.Samples;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.Admission;
import dev.backout.workflow.Decision;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DecisionKeysTest {
  private static final Look LOOK = new Look(80, false, true, ZoneOffset.UTC);

  private final RunStatus waiting = Samples.waiting();
  private final RunStatus judged =
      waiting.withAdmission(new Admission(waiting.startedBy(), true, "SHA256:k", "sha256:p", null));
  private final List<Decision> sent = new ArrayList<>();

  private DecisionKeys keysOf(String person) {
    return new DecisionKeys(person, InstantSource.system(), sent::add);
  }

  private static void type(DecisionKeys keys, RunStatus run, String text) {
    text.chars().forEach(key -> keys.pressed(key, run));
  }

  private static String footer(DecisionKeys keys, RunStatus run) {
    return keys.footer(run, LOOK).stream()
        .map(line -> line.text(false))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void whoStartedTheRunIsNotOfferedWhatThePolicyWouldRefuseThem() {
    DecisionKeys keys = keysOf(waiting.startedBy());

    assertEquals("Or here:  1 reject  Ctrl-C leaves", footer(keys, judged));
    type(keys, judged, "2why not\r");
    assertEquals(List.of(), sent);
  }

  @Test
  void somebodyElseApprovesByADigitAndEnter() {
    DecisionKeys keys = keysOf("grace");

    assertTrue(footer(keys, judged).contains("2 approve"), () -> footer(keys, judged));
    type(keys, judged, "2read it\r");

    assertEquals("approve", sent.get(0).choice());
    assertEquals("grace", sent.get(0).by());
    assertEquals("read it", sent.get(0).reason());
  }

  @Test
  void withoutAPolicyTheStarterMayApprove() {
    DecisionKeys keys = keysOf(waiting.startedBy());

    assertTrue(footer(keys, waiting).contains("2 approve"), () -> footer(keys, waiting));
  }

  @Test
  void whatWasNotTakenIsSaidInFullAndOnlyWhileTheSameIsAsked() {
    String why = "Not taken: " + "the key of nobody whom the policy knows; ".repeat(4) + "so be it";
    DecisionKeys keys =
        new DecisionKeys(
            "grace",
            InstantSource.system(),
            decision -> {
              throw new CommandFailure(ExitCode.ERROR, why);
            });
    type(keys, judged, "2\r");

    assertTrue(footer(keys, judged).contains("so be it"), () -> footer(keys, judged));
    RunStatus later = judged.withWaiting(List.of(judged.waiting().get(0).withStep("restore")));
    assertFalse(footer(keys, later).contains("Not taken"), () -> footer(keys, later));
  }
}
