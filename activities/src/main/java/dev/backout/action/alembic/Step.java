package dev.backout.action.alembic;

import dev.backout.action.Doc;
import java.util.List;

/** A revision that a change of the version would do or undo, by its source. */
record Step(
    @Doc("The revision.") String revision,
    @Doc("Those that it comes after.") List<String> down,
    @Doc("What its author says that it does.") String doc,
    @Doc("Its file, where the project lives.") String file,
    @Doc(
            "What its `upgrade()` is: `real`, `empty`, `raises`, `missing`, or `unseen` where it stands in another file.")
        String upgrade,
    @Doc("The same of its `downgrade()`.") String downgrade,
    @Doc(
            "What its `upgrade()` means to a release that doesn't know of it: `additive`, `breaking`, or `unknown` where that can't be read off it.")
        String change,
    @Doc("The lines for which it isn't additive.") List<String> why,
    @Doc("What its `downgrade()` throws away.") List<String> losses) {

  /** Two lines of revisions that become one: there is nothing to do. */
  private boolean isMerge() {
    return down.size() > 1;
  }

  /** Why undoing it would leave the schema as it is, or stop half way; empty if it would not. */
  String obstacle() {
    String name = "The downgrade() of " + revision + " (" + file + ")";
    return switch (downgrade) {
      case "missing" -> "There is no downgrade() in " + file + ", the file of " + revision;
      case "raises" -> name + " only raises an exception: it can't be undone";
      case "empty" ->
          isMerge() || upgrade.equals("empty")
              ? ""
              : name + " is empty: it would change the version and leave the schema as it is";
      default -> "";
    };
  }

  String row() {
    return String.join("\t", revision, doc.isEmpty() ? "-" : doc, change, downgrade);
  }

  static final String HEADER = "revision\twhat\tits upgrade is\tits downgrade is";
}
