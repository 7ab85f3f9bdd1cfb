package dev.backout.policy;

import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.Located;
import dev.backout.runbook.SourceRange;
import dev.backout.signature.AllowedSigners;
import dev.backout.signature.RevokedKeys;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a worker allows, as its files said at one moment. A value: {@link PolicyFile} gives the one
 * that is in force.
 */
public final class Policy {
  /** The hash of no policy. */
  public static final String NO_HASH = "none";

  private static final Policy NONE = new Policy(null, NO_HASH);

  /** Of a policy that there is. */
  private record Content(
      Path file,
      String shownAs,
      Rules rules,
      PolicyBytes bytes,
      Path allowedSigners,
      Path revokedKeys,
      Keys keys) {}

  private final @Nullable Content content;
  private final String hash;

  private Policy(@Nullable Content content, String hash) {
    this.content = content;
    this.hash = hash;
  }

  static Policy of(
      Path file,
      String shownAs,
      Rules rules,
      PolicyBytes bytes,
      Path allowedSigners,
      Path revokedKeys,
      Keys keys) {
    return new Policy(
        new Content(file, shownAs, rules, bytes, allowedSigners, revokedKeys, keys), bytes.hash());
  }

  /** Where no policy was written: everything is allowed, and everything is unverified. */
  public static Policy none() {
    return NONE;
  }

  /**
   * The policy of this file, and of the files that it names.
   *
   * @throws PolicyException if there is anything wrong with it
   */
  public static Policy read(Path file) throws PolicyException {
    PolicyReading reading = PolicyReader.read(file);
    if (reading.policy().isPresent()) {
      return reading.policy().get();
    }
    List<Diagnostic> errors = reading.errors();
    Diagnostic first = errors.get(0);
    SourceRange at = first.range();
    throw new PolicyException(
        "The worker's policy can't be used, so nothing that it would judge is done: "
            + first.file()
            + ":"
            + at.start().line()
            + ":"
            + at.start().column()
            + ": "
            + first.message()
            + (errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)")
            + ". `backout policy check` says all; the worker's operator has to mend it.",
        reading.diagnostics());
  }

  /** The kinds of runbooks that a rule may name. */
  public static List<String> kinds() {
    return PolicyLanguage.kinds();
  }

  /** What a rule may let people decide. */
  public static List<String> choices() {
    return PolicyLanguage.CHOICES;
  }

  public boolean isNone() {
    return content == null;
  }

  /**
   * {@code sha256:…} over the bytes of the policy, the allowed signers and the revoked keys; {@link
   * #NO_HASH} without a policy.
   */
  public String hash() {
    return hash;
  }

  /** The content of the allowed signers' file; empty where there is none. */
  public Optional<byte[]> allowedSigners() {
    return content == null
        ? Optional.empty()
        : Optional.ofNullable(content.bytes().allowedSigners()).map(byte[]::clone);
  }

  /** The content of the revoked keys' file; empty where there is none. */
  public Optional<byte[]> revokedKeys() {
    return content == null
        ? Optional.empty()
        : Optional.ofNullable(content.bytes().revokedKeys()).map(byte[]::clone);
  }

  /** Who may sign; empty where nobody may. */
  public Optional<AllowedSigners> signers() {
    return content == null ? Optional.empty() : Optional.ofNullable(content.keys().allowed());
  }

  /** Which keys count no more. */
  public RevokedKeys revoked() {
    return content == null ? RevokedKeys.none() : content.keys().revoked();
  }

  /** Whether a decision counts only if its signature has been verified. */
  public boolean requiresVerified() {
    return content != null && content.rules().requireVerified();
  }

  /** The groups of a person, sorted. */
  public Set<String> groupsOf(String principal) {
    Set<String> groups = new TreeSet<>();
    if (content != null) {
      content
          .rules()
          .groups()
          .forEach(
              (name, group) -> {
                if (group.members().stream().anyMatch(who -> who.value().equals(principal))) {
                  groups.add(name);
                }
              });
    }
    return groups;
  }

  /**
   * Why somebody may not start a runbook; empty if they may.
   *
   * @param principal who they are: proven if {@code verified}, else as they say; null for nobody in
   *     particular
   */
  public Optional<String> refusesStart(
      @Nullable String principal, boolean verified, String kind, String target) {
    return refusal(judgeStart(principal, verified, kind, target));
  }

  /** The same, with the rule that decides. */
  public Answer judgeStart(
      @Nullable String principal, boolean verified, String kind, String target) {
    if (content == null) {
      return unlimited();
    }
    Case question = new Case(principal, verified, Rule.START, kind, target);
    return judge(question, content.rules().start(), content);
  }

  /**
   * Why somebody may not decide something; empty if they may. A checkpoint's own approvers are
   * another matter, and hold besides.
   *
   * @param choice {@code approve}, {@code reject}, {@code retry}, {@code skip}, {@code undo},
   *     {@code stop}, {@code settle} or {@code tick}
   * @param kind of the runbook
   */
  public Optional<String> refusesChoice(
      @Nullable String principal, boolean verified, String choice, String kind, String target) {
    return refusal(judgeChoice(principal, verified, choice, kind, target));
  }

  /** The same, with the rule that decides. */
  public Answer judgeChoice(
      @Nullable String principal, boolean verified, String choice, String kind, String target) {
    if (content == null) {
      return unlimited();
    }
    Case question = new Case(principal, verified, choice, kind, target);
    return judge(question, content.rules().decide(), content);
  }

  /** How many different people a checkpoint asks for at least. */
  public int minimumQuorum(String kind) {
    return content == null ? 1 : content.rules().floors().minimumQuorum().getOrDefault(kind, 1);
  }

  /** Whether whoever started a run may approve it. */
  public boolean selfApproval(boolean runbookSaysSo) {
    return runbookSaysSo && (content == null || content.rules().floors().selfApproval());
  }

  /** Why this worker may not carry out an action, whoever asks; empty if it may. */
  public Optional<String> refusesAct(String action) {
    if (content == null) {
      return Optional.empty();
    }
    Rules.Acts acts = content.rules().acts();
    Optional<Located<Glob>> denied =
        acts.deny().stream().filter(each -> each.value().matches(action)).findFirst();
    if (denied.isPresent()) {
      return Optional.of(
          "This worker's policy denies `"
              + action
              + "` ("
              + place(content, denied.get().range())
              + ": `"
              + denied.get().value().text()
              + "`). Its operator decides that.");
    }
    return acts.allow().stream().anyMatch(each -> each.value().matches(action))
        ? Optional.empty()
        : Optional.of(
            "This worker's policy does not allow `"
                + action
                + "` ("
                + place(content, acts.range())
                + " allows "
                + list(acts.allow().stream().map(each -> each.value().text()).toList())
                + "). Its operator decides that.");
  }

  /** The directories that actions may touch, where the policy says so. */
  public Optional<List<Path>> directories() {
    return content == null
        ? Optional.empty()
        : Optional.ofNullable(content.rules().acts().directories())
            .map(each -> each.stream().map(Located::value).toList());
  }

  /** Where the policy says what may be done, as {@code file:line}. */
  public String placeOfActs() {
    return content == null ? "" : place(content, content.rules().acts().range());
  }

  /** The policy, and of the files that it names those that there are. */
  List<Path> files() {
    if (content == null) {
      return List.of();
    }
    List<Path> files = new ArrayList<>(List.of(content.file()));
    if (content.bytes().allowedSigners() != null) {
      files.add(content.allowedSigners());
    }
    if (content.bytes().revokedKeys() != null) {
      files.add(content.revokedKeys());
    }
    return files;
  }

  /** Whether its files still hold what they held. */
  boolean isCurrent() {
    if (content == null) {
      return false;
    }
    try {
      return new PolicyBytes(
              PolicyReader.bytes(content.file()),
              ifThere(content.allowedSigners()),
              ifThere(content.revokedKeys()))
          .hash()
          .equals(hash);
    } catch (IOException e) {
      return false;
    }
  }

  private static byte @Nullable [] ifThere(Path path) throws IOException {
    try {
      return PolicyReader.bytes(path);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private record Case(
      @Nullable String principal, boolean verified, String choice, String kind, String target) {

    String who() {
      return principal == null ? "Somebody without a name" : principal;
    }

    String what() {
      return (choice.equals(Rule.START) ? "start " : "`" + choice + "` in ")
          + (kind.startsWith("e") ? "an " : "a ")
          + kind
          + " runbook"
          + (choice.equals(Rule.START) ? " on `" : "'s run on `")
          + target
          + "`";
    }
  }

  private Answer judge(Case question, List<Rule> rules, Content from) {
    List<Rule> fitting =
        rules.stream()
            .filter(rule -> rule.concerns(question.choice(), question.kind(), question.target()))
            .toList();
    Optional<Rule> decides = fitting.stream().filter(rule -> isFor(rule, question)).findFirst();
    if (decides.isEmpty()) {
      return new Answer(false, nobodyAllows(question, fitting, from), null);
    }
    Rule rule = decides.get();
    String place = place(from, rule.range());
    boolean signed = rule.signed() == null ? from.rules().requireVerified() : rule.signed();
    if (signed && !question.verified()) {
      return new Answer(
          false,
          question.who()
              + " may "
              + question.what()
              + " only with a signature, and there is none that could be verified ("
              + place
              + ").",
          place);
    }
    return new Answer(
        true, question.who() + " may " + question.what() + " (" + place + ").", place);
  }

  private boolean isFor(Rule rule, Case question) {
    String principal = question.principal();
    return rule.who().stream()
        .map(Located::value)
        .anyMatch(
            who ->
                switch (who.kind()) {
                  case ANYBODY -> true;
                  case USER -> who.name().equals(principal);
                  case GROUP -> principal != null && groupsOf(principal).contains(who.name());
                });
  }

  private String nobodyAllows(Case question, List<Rule> fitting, Content from) {
    Set<String> who =
        fitting.stream()
            .flatMap(rule -> rule.who().stream())
            .map(each -> each.value().toString())
            .collect(Collectors.toCollection(TreeSet::new));
    String principal = question.principal();
    Set<String> groups = principal == null ? Set.of() : groupsOf(principal);
    return question.who()
        + " may not "
        + question.what()
        + ": "
        + (who.isEmpty() ? "nobody may" : "only " + list(who) + " may")
        + (principal == null || groups.isEmpty() ? "" : ", and they are in " + list(groups))
        + " ("
        + from.shownAs()
        + ").";
  }

  private static String list(Collection<String> words) {
    return words.isEmpty()
        ? "nothing"
        : words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }

  private static String place(Content content, SourceRange range) {
    return content.shownAs() + ":" + range.start().line();
  }

  private static Answer unlimited() {
    return new Answer(true, "There is no policy: everybody may do everything, unverified.", null);
  }

  private static Optional<String> refusal(Answer answer) {
    return answer.allowed() ? Optional.empty() : Optional.of(answer.sentence());
  }
}
