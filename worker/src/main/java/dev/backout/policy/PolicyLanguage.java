package dev.backout.policy;

import dev.backout.runbook.BooleanType;
import dev.backout.runbook.Fields;
import dev.backout.runbook.IntegerType;
import dev.backout.runbook.Key;
import dev.backout.runbook.Language;
import dev.backout.runbook.ListType;
import dev.backout.runbook.Located;
import dev.backout.runbook.MapType;
import dev.backout.runbook.NameType;
import dev.backout.runbook.ObjectType;
import dev.backout.runbook.Runbook;
import dev.backout.runbook.TextType;
import dev.backout.runbook.Type;
import dev.backout.runbook.WordType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A policy: its keys, from which the reader, the schema and the reference page come. */
final class PolicyLanguage {
  /** What can be decided, in the order in which people are told of it. */
  static final List<String> CHOICES =
      List.of("approve", "reject", "retry", "skip", "undo", "stop", "settle", "tick");

  private static final int LARGEST_QUORUM = 20;
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@+-]*";

  private static final NameType GROUP_NAME =
      NameType.of("a group's name, such as `oncall`", "^" + NAME + "$");
  private static final NameType PERSON =
      NameType.of(
          "a person as `allowedSigners` names them, such as `ada@example.org`", "^" + NAME + "$");
  private static final Type<Located<Who>> WHO =
      NameType.of(
              "a group, a user or `*`, such as `group:oncall` or `user:ada@example.org`",
              "^(\\*|(group|user):" + NAME + ")$")
          .map(said -> new Located<>(Who.parse(said.value()), said.range()));
  private static final Type<Located<Glob>> TARGET =
      glob("a target or a pattern with `*`, such as `billing-*`", "^[^\\x00-\\x20\\x7f]+$");
  private static final Type<Located<Glob>> ACTION =
      glob(
          "an action or a pattern with `*`, such as `sqlite.restore` or `process.*`",
          "^[A-Za-z0-9.*]+$");
  private static final Type<Located<Path>> DIRECTORY =
      NameType.of("an absolute path, such as `/srv`", "^/[^\\x00-\\x1f\\x7f]*$")
          .map(said -> new Located<>(Path.of(said.value()).normalize(), said.range()));
  private static final Type<Located<String>> KIND = words(kinds());
  private static final Type<Located<String>> CHOICE = words(CHOICES);

  private static final Key<Located<String>> API_VERSION =
      Key.<Located<String>>required(
              "apiVersion",
              new WordType<>(Map.of("backout/v1", "backout/v1")),
              "The version of the language: `backout/v1`.")
          .elsewhere("version");
  private static final Key<Located<String>> ALLOWED_SIGNERS =
      Key.<Located<String>>optional(
              "allowedSigners",
              new TextType(),
              "People's public keys, in OpenSSH's `allowed_signers` format. Relative to this file.")
          .withDefault("`allowed_signers`, if it is there")
          .elsewhere("allowed_signers", "signers", "keys");
  private static final Key<Located<String>> REVOKED_KEYS =
      Key.<Located<String>>optional(
              "revokedKeys",
              new TextType(),
              "Keys that count no more: public keys, one a line, or OpenSSH's revocation list."
                  + " Relative to this file.")
          .withDefault("`revoked_keys`, if it is there")
          .elsewhere("revoked_keys", "revoked", "revocationList");
  private static final Key<Located<Boolean>> REQUIRE_VERIFIED =
      Key.<Located<Boolean>>optional(
              "requireVerified",
              new BooleanType(),
              "Whether nothing counts that isn't signed by a key of `allowedSigners`. With `false` a"
                  + " bare name is believed, and marked as unverified wherever it shows.")
          .withDefault("`true`")
          .elsewhere("verified", "requireSigned");

  private static final Key<Map<String, Rules.Group>> GROUPS =
      Key.<Map<String, Rules.Group>>optional(
              "groups",
              new MapType<>(
                  "an object that gives each group its members",
                  GROUP_NAME,
                  ListType.possiblyEmpty("a list of people", PERSON),
                  Rules.Group::new),
              "Who is in which group: people as `allowedSigners` names them, by the group's name.")
          .elsewhere("teams", "roles");

  private static final Key<List<Located<Who>>> RULE_WHO =
      Key.<List<Located<Who>>>required(
              "who",
              ListType.oneOrMany("a group, a user, `*`, or a list of them", WHO),
              "Whom the rule is for: `group:NAME`, `user:PERSON`, or `\"*\"` for anybody.")
          .elsewhere("users", "groups", "principals", "people");
  private static final Key<List<Located<String>>> RULE_CHOICES =
      Key.<List<Located<String>>>required(
              "choices",
              ListType.oneOrMany("a choice, `*`, or a list of them", CHOICE),
              "What they may decide: "
                  + CHOICES.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "))
                  + ", or `\"*\"`. `settle` is saying what became of a step in doubt, `tick` is a"
                  + " manual step's item.")
          .elsewhere("choice", "decisions", "what");
  private static final Key<List<Located<String>>> RULE_KINDS =
      Key.<List<Located<String>>>optional(
              "kinds",
              ListType.oneOrMany("a kind of runbook, `*`, or a list of them", KIND),
              "In runs of which kinds of runbooks.")
          .withDefault("all")
          .elsewhere("kind");
  private static final Key<List<Located<Glob>>> RULE_TARGETS =
      Key.<List<Located<Glob>>>optional(
              "targets",
              ListType.oneOrMany("a target, a pattern with `*`, or a list of them", TARGET),
              "On which targets; `*` stands for any characters.")
          .withDefault("all")
          .elsewhere("target", "services");
  private static final Key<Located<Boolean>> RULE_SIGNED =
      Key.<Located<Boolean>>optional(
              "signed",
              new BooleanType(),
              "Whether the start must be signed. With `false` a bare name is believed for starts that"
                  + " this rule allows.")
          .withDefault("what `requireVerified` says")
          .elsewhere("verified");

  private static final ObjectType<Rule> START_RULE =
      ObjectType.of(
          "startRule",
          "a rule about starts",
          "Who may start which kind of runbook on which target.",
          List.of(RULE_WHO, RULE_KINDS, RULE_TARGETS, RULE_SIGNED),
          fields ->
              rule(
                  fields,
                  List.of(new Located<>(Rule.START, fields.head())),
                  fields.get(RULE_SIGNED)));
  private static final ObjectType<Rule> DECIDE_RULE =
      ObjectType.of(
          "decideRule",
          "a rule about decisions",
          "Who may decide what in a run. A checkpoint's own list of approvers holds besides: both"
              + " must say yes.",
          List.of(RULE_WHO, RULE_CHOICES, RULE_KINDS, RULE_TARGETS),
          fields -> rule(fields, fields.get(RULE_CHOICES, List.of()), null));

  private static final Key<List<Rule>> START =
      Key.<List<Rule>>optional(
              "start",
              ListType.possiblyEmpty("a list of rules", START_RULE),
              "Who may start what. The first rule that fits the person, the kind and the target"
                  + " counts; where none does, the start is refused.")
          .withDefault("nobody may")
          .elsewhere("starts", "run");
  private static final Key<List<Rule>> DECIDE =
      Key.<List<Rule>>optional(
              "decide",
              ListType.possiblyEmpty("a list of rules", DECIDE_RULE),
              "Who may decide what while a run goes on. The first rule that fits counts; where none"
                  + " does, the decision is refused.")
          .withDefault("nobody may")
          .elsewhere("decisions", "approve", "approvers");

  private static final Key<Map<String, Integer>> MINIMUM_QUORUM =
      Key.<Map<String, Integer>>optional(
              "minimumQuorum",
              new MapType<>(
                  "an object that gives kinds of runbooks a number",
                  NameType.of("one of " + quoted(kinds()), "^(" + String.join("|", kinds()) + ")$"),
                  new IntegerType(1, LARGEST_QUORUM),
                  (kind, quorum) -> quorum.value()),
              "How many different people every checkpoint asks for at least, by the runbook's kind.")
          .withDefault("1 each")
          .elsewhere("quorum", "minQuorum");
  private static final Key<Located<Boolean>> SELF_APPROVAL =
      Key.<Located<Boolean>>optional(
              "selfApproval",
              new WordType<>(selfApprovals()),
              "Whether whoever started a run may approve it too.")
          .withDefault("`never`");
  private static final ObjectType<Rules.Floors> FLOORS =
      ObjectType.of(
          "checkpoints",
          "`checkpoints`",
          "Floors that no runbook can go below.",
          List.of(MINIMUM_QUORUM, SELF_APPROVAL),
          fields ->
              new Rules.Floors(
                  fields.get(MINIMUM_QUORUM, Map.of()), said(fields, SELF_APPROVAL, false)));
  private static final Key<Rules.Floors> CHECKPOINTS =
      Key.<Rules.Floors>optional(
              "checkpoints", FLOORS, "Floors for checkpoints that no runbook can go below.")
          .elsewhere("gates", "approvals");

  private static final Key<List<Located<Glob>>> ALLOW =
      Key.<List<Located<Glob>>>optional(
              "allow",
              ListType.possiblyEmpty("a list of actions and patterns", ACTION),
              "Actions that this worker may carry out.")
          .withDefault("all")
          .elsewhere("allowed", "actions");
  private static final Key<List<Located<Glob>>> DENY =
      Key.<List<Located<Glob>>>optional(
              "deny",
              ListType.possiblyEmpty("a list of actions and patterns", ACTION),
              "Actions that it may not, also if `allow` has them.")
          .withDefault("none")
          .elsewhere("denied", "forbid", "block");
  private static final Key<List<Located<Path>>> DIRECTORIES =
      Key.<List<Located<Path>>>optional(
              "directories",
              ListType.possiblyEmpty("a list of absolute paths", DIRECTORY),
              "What actions read and write must lie below one of them, and below one of"
                  + " `allowedDirectories` in `worker.yaml`.")
          .withDefault("what `worker.yaml` says")
          .elsewhere("allowedDirectories", "paths", "dirs");
  private static final ObjectType<Rules.Acts> ACTS_TYPE =
      ObjectType.of(
          "acts",
          "`acts`",
          "What this worker may do and touch, whoever asks, also for a preview.",
          List.of(ALLOW, DENY, DIRECTORIES),
          fields ->
              new Rules.Acts(
                  fields.get(ALLOW, List.of(new Located<>(Glob.ALL, fields.head()))),
                  fields.get(DENY, List.of()),
                  fields.get(DIRECTORIES),
                  fields.range()));
  private static final Key<Rules.Acts> ACTS =
      Key.<Rules.Acts>optional("acts", ACTS_TYPE, "What this worker may do and touch.")
          .elsewhere("actions", "limits");

  static final Language<Rules> LANGUAGE =
      new Language<>(
          "policy",
          ObjectType.of(
              "policy",
              "a policy",
              "What a worker allows. The file is the worker's own word: nothing in a runbook, a plan"
                  + " or a command widens it.",
              List.of(
                  API_VERSION,
                  ALLOWED_SIGNERS,
                  REVOKED_KEYS,
                  REQUIRE_VERIFIED,
                  GROUPS,
                  START,
                  DECIDE,
                  CHECKPOINTS,
                  ACTS),
              PolicyLanguage::build));

  private PolicyLanguage() {}

  static List<String> kinds() {
    return Arrays.stream(Runbook.Kind.values()).map(Runbook.Kind::word).toList();
  }

  private static Rules build(Fields fields) {
    Located<Glob> all = new Located<>(Glob.ALL, fields.head());
    Rules rules =
        new Rules(
            fields.get(ALLOWED_SIGNERS),
            fields.get(REVOKED_KEYS),
            said(fields, REQUIRE_VERIFIED, true),
            fields.get(GROUPS, Map.of()),
            fields.get(START, List.of()),
            fields.get(DECIDE, List.of()),
            fields.get(CHECKPOINTS, new Rules.Floors(Map.of(), false)),
            fields.get(ACTS, new Rules.Acts(List.of(all), List.of(), null, fields.head())),
            fields.head());
    UnknownGroups.report(rules, fields.diagnostics());
    return rules;
  }

  private static Rule rule(
      Fields fields, List<Located<String>> choices, @Nullable Located<Boolean> signed) {
    return new Rule(
        fields.get(RULE_WHO, List.of()),
        choices,
        fields.get(RULE_KINDS, List.of(new Located<>(Rule.ALL, fields.head()))),
        fields.get(RULE_TARGETS, List.of(new Located<>(Glob.ALL, fields.head()))),
        signed == null ? null : signed.value(),
        fields.range());
  }

  private static boolean said(Fields fields, Key<Located<Boolean>> key, boolean otherwise) {
    return fields.get(key, new Located<>(otherwise, fields.head())).value();
  }

  private static Map<String, Boolean> selfApprovals() {
    Map<String, Boolean> words = new LinkedHashMap<>();
    words.put("never", false);
    words.put("when-the-runbook-says", true);
    return words;
  }

  private static Type<Located<String>> words(List<String> known) {
    Map<String, String> words = new LinkedHashMap<>();
    Stream.concat(known.stream(), Stream.of(Rule.ALL)).forEach(word -> words.put(word, word));
    return new WordType<>(words);
  }

  private static Type<Located<Glob>> glob(String label, String form) {
    return NameType.of(label, form)
        .map(said -> new Located<>(new Glob(said.value()), said.range()));
  }

  private static String quoted(List<String> words) {
    return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }
}
