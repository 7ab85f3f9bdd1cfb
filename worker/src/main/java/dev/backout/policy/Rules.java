package dev.backout.policy;

import dev.backout.runbook.Located;
import dev.backout.runbook.SourceRange;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a policy file says, in its own words.
 *
 * @param groups their members, by the group's name
 * @param head where the file begins, for what it leaves out
 */
record Rules(
    @Nullable Located<String> allowedSigners,
    @Nullable Located<String> revokedKeys,
    boolean requireVerified,
    Map<String, Group> groups,
    List<Rule> start,
    List<Rule> decide,
    Floors floors,
    Acts acts,
    SourceRange head) {

  record Group(Located<String> name, List<Located<String>> members) {}

  /**
   * What no runbook can go below.
   *
   * @param minimumQuorum by the runbook's kind
   * @param selfApproval whether a runbook may let those who started a run approve it too
   */
  record Floors(Map<String, Integer> minimumQuorum, boolean selfApproval) {}

  /**
   * What may be done at all.
   *
   * @param directories null where the policy does not say
   */
  record Acts(
      List<Located<Glob>> allow,
      List<Located<Glob>> deny,
      @Nullable List<Located<Path>> directories,
      SourceRange range) {}
}
