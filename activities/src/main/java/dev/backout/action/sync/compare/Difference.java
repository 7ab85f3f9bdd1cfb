package dev.backout.action.sync.compare;

import dev.backout.action.Doc;
import java.util.List;

/** A row that isn't the same on both sides. */
public record Difference(
    @Doc("How: `onlyInSource`, `onlyInTarget` or `changed`.") How how,
    @Doc("The key, such as `id=5`; of a table without one, the row.") String key,
    @Doc("In which columns, if it is on both sides.") List<String> columns) {

  /** For people, without the values. */
  String said() {
    return key
        + switch (how) {
          case ONLY_IN_SOURCE -> " is only in the source";
          case ONLY_IN_TARGET -> " is only in the target";
          case CHANGED -> " differs in " + String.join(", ", columns);
        };
  }

  /** How it isn't. */
  public enum How {
    ONLY_IN_SOURCE,
    ONLY_IN_TARGET,
    CHANGED
  }
}
