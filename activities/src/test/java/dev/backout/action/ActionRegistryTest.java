package dev.backout.action;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException.Kind;
import org.junit.jupiter.api.Test;

class ActionRegistryTest {
  private final ActionRegistry actions = ActionRegistry.load();

  @Test
  void allActionsCanBePrepared() {
    assertDoesNotThrow(actions::prepare);
  }

  @Test
  void anActionThatThisWorkerLacksIsNamedWithThoseThatItHas() {
    ActionException lacking =
        assertThrows(ActionException.class, () -> actions.find("kubernetes.scaleUp"));

    assertEquals(Kind.INVALID_INPUT, lacking.kind());
    assertTrue(lacking.getMessage().contains("kubernetes.scale,"), lacking::getMessage);
  }
}
