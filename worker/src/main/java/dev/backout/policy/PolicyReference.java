package dev.backout.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.ReferencePages;

/** The policy's JSON Schema and reference page, from the keys that it is read by. */
public final class PolicyReference {
  private PolicyReference() {}

  /** For editors; draft 2020-12. */
  public static ObjectNode schema() {
    return PolicyLanguage.LANGUAGE.schema();
  }

  /** Markdown. */
  public static String page() {
    return ReferencePages.language(PolicyLanguage.LANGUAGE, BEFORE, AFTER);
  }

  private static final String BEFORE =
      """
      # The worker's policy

      `$XDG_CONFIG_HOME/backout/policy.yaml`, or what `policy:` in `worker.yaml` names, says who may
      start and decide what, and what may be done at all. It is the worker's own word: no runbook, plan
      or command widens it. Without the file everybody may do everything, and all of it is marked as
      unverified.

      ```yaml
      # yaml-language-server: $schema=https://…/policy.schema.json  (`backout schema policy` prints it)
      apiVersion: backout/v1
      groups:
        oncall: [ada@example.org, grace@example.org]
        dba: [edgar@example.org]
      start:
        - { who: group:oncall, kinds: [emergency, kill-switch, validation] }
        - { who: group:dba, targets: [billing-*] }
      decide:
        - { who: group:oncall, choices: [approve, reject, retry, stop, tick] }
        - { who: group:dba, choices: "*", targets: [billing-*] }
      checkpoints:
        minimumQuorum: { planned: 2 }
      acts:
        deny: [command.run]
        directories: [/srv]
      ```

      `backout policy check` says what is wrong with it and what is hardly meant, and answers whether
      somebody may do something, naming the rule that decides.

      A change is picked up at the next start, decision or act, without a restart: what counts is the
      content of the files, not their time. While a changed policy can't be read nothing that it would
      judge is done, and each refusal says why; the former one is not used instead. A policy that was
      there and is gone counts as one that can't be read.

      In YAML a lone `*` needs quotes: `"*"`.

      """;

  private static final String AFTER =
      """
      ## What is asked when

      | when | what is asked | refused |
      |---|---|---|
      | a run begins, before its preflight | `start` | the run ends as failed with exit code 4, and nothing was touched |
      | a decision arrives | `decide`, `checkpoints` | it changes nothing, and the refusal is in the history |
      | an action runs, or is previewed | `acts` | the step fails as not allowed, naming the policy's line |

      `backout run --sign` signs a start with the person's own SSH key. The signature is for this plan,
      target and namespace, counts for 10 minutes, and starts one run.

      A run is asked about once. Its child runbooks begin with it, and a policy that changes later does
      not end it. What it may touch is asked at every act.

      The hash of the policy in force is recorded with each run. It covers the policy, the allowed
      signers and the revoked keys.
      """;
}
