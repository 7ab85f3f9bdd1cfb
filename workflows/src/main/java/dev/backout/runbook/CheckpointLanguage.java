package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A checkpoint: who decides, how many of them, how long, and what then. */
final class CheckpointLanguage {
  private static final Key<List<Located<Approver>>> APPROVERS =
      Key.<List<Located<Approver>>>required(
              "approvers",
              ListType.oneOrMany("a list of groups and users", new ApproverType(true)),
              "Who may decide: `group:oncall`, `user:ada`, or `{ group: dba, quorum: 1 }` where so many"
                  + " of each group are needed. Who is in a group is the worker's word.")
          .elsewhere("approver", "reviewers");
  private static final Key<Located<Integer>> QUORUM =
      Key.<Located<Integer>>optional(
              "quorum",
              new IntegerType(1, 100),
              "How many different people must approve. The worker's policy may ask for more.")
          .withDefault("1, or as many as its groups need together");
  private static final Key<Located<Duration>> TIMEOUT =
      Key.<Located<Duration>>optional(
              "timeout",
              new DurationType(),
              "How long those asked have, before the next are asked or the run stops.")
          .withDefault("1h");
  private static final Key<Located<Duration>> REMIND =
      Key.<Located<Duration>>optional(
              "remind",
              new DurationType(),
              "How long until those who are asked are reminded, and so on until they have decided. Who"
                  + " hears of it is under `notifications`. At least 10s.")
          .withDefault("never")
          .elsewhere("reminder", "reminders", "repeat");
  private static final Duration SHORTEST_REMINDER = Duration.ofSeconds(10);
  private static final WordType<Work.Closed> CLOSED =
      new WordType<>(Words.of(Work.Closed.values()));
  private static final Key<Located<Work.Closed>> ON_REJECT =
      Key.<Located<Work.Closed>>optional(
              "onReject",
              CLOSED,
              "What a no leads to: the run stops, or what it has done is taken back.")
          .withDefault("stop");
  private static final Key<OnTimeout> ON_TIMEOUT =
      Key.<OnTimeout>optional(
              "onTimeout",
              new OnTimeoutType(),
              "`stop`, `undo`, or `{ escalate: group:managers }`, or a list to ask one after the"
                  + " other. A checkpoint never opens by itself: after the last the run stops, or with"
                  + " `then: undo` what it has done is taken back.")
          .withDefault("stop");
  private static final Key<Template> QUESTION =
      Key.<Template>optional(
              "question", new TemplateType(), "What they are asked, in a whole sentence.")
          .withDefault("the step's name")
          .elsewhere("message", "prompt");

  private static final Key<Located<Boolean>> SELF_APPROVAL =
      Key.<Located<Boolean>>optional(
              "selfApproval",
              new BooleanType(),
              "Whether whoever started the run may approve, if the worker's policy lets them. Without a"
                  + " policy nobody can tell who is who, and anybody may.")
          .withDefault("false");

  private static final Key<List<Located<Approver>>> ESCALATE =
      Key.required(
          "escalate",
          ListType.oneOrMany("a group, a user, or a list of them", new ApproverType(false)),
          "Whom to ask next, one after the other, each for the checkpoint's `timeout`.");

  private static final Key<Located<Work.Closed>> THEN =
      Key.<Located<Work.Closed>>optional(
              "then", CLOSED, "What it leads to when none of them has decided.")
          .withDefault("stop");

  /** What the end of the time leads to. */
  private record OnTimeout(
      List<Located<Approver>> escalateTo, @Nullable Located<Work.Closed> then) {
    static final OnTimeout STOP = new OnTimeout(List.of(), null);
  }

  private static final ObjectType<OnTimeout> ESCALATION =
      ObjectType.of(
          "onTimeout",
          "`onTimeout`",
          "Whom to ask when the time is up.",
          List.of(ESCALATE, THEN),
          fields -> new OnTimeout(fields.get(ESCALATE, List.of()), fields.get(THEN)));

  static final ObjectType<Work> CHECKPOINT =
      ObjectType.of(
          "checkpoint",
          "a checkpoint",
          "People decide whether the run goes on. Without their word it doesn't.",
          List.of(
              QUESTION, APPROVERS, QUORUM, TIMEOUT, REMIND, ON_REJECT, ON_TIMEOUT, SELF_APPROVAL),
          CheckpointLanguage::checkpoint);

  private CheckpointLanguage() {}

  private static Work checkpoint(Fields fields) {
    List<Located<Approver>> approvers = fields.get(APPROVERS, List.of());
    int together =
        approvers.stream()
            .map(each -> each.value().quorum())
            .filter(Objects::nonNull)
            .mapToInt(each -> each)
            .sum();
    Located<Integer> quorum =
        fields.get(QUORUM, new Located<>(Math.max(1, together), fields.head()));
    reportUnreachable(fields, approvers, quorum);
    reportRepeated(fields, approvers);
    reportTooOften(fields);
    OnTimeout onTimeout = fields.get(ON_TIMEOUT, OnTimeout.STOP);
    return new Work.Checkpoint(
        fields.get(QUESTION),
        approvers,
        quorum,
        fields.get(TIMEOUT),
        onTimeout.escalateTo(),
        fields.get(ON_REJECT),
        onTimeout.then(),
        fields.get(SELF_APPROVAL, new Located<>(false, fields.head())).value(),
        fields.get(REMIND));
  }

  private static void reportUnreachable(
      Fields fields, List<Located<Approver>> approvers, Located<Integer> quorum) {
    boolean onlyUsers =
        approvers.stream().allMatch(approver -> approver.value().type() == Approver.Type.USER);
    if (!approvers.isEmpty() && onlyUsers && quorum.value() > approvers.size()) {
      fields
          .diagnostics()
          .error(
              quorum.range(),
              "quorum-unreachable",
              "`quorum` is " + quorum.value() + ", and only " + approvers.size() + " may decide",
              "Lower it, or name more people or a group");
    }
  }

  /** Each is an entry in the run's history, which has an end. */
  private static void reportTooOften(Fields fields) {
    Located<Duration> remind = fields.get(REMIND);
    if (remind != null && remind.value().compareTo(SHORTEST_REMINDER) < 0) {
      fields
          .diagnostics()
          .error(
              remind.range(),
              "out-of-range",
              "`remind` must be at least 10s",
              "People need longer");
    }
  }

  private static void reportRepeated(Fields fields, List<Located<Approver>> approvers) {
    Map<Approver, Located<Approver>> seen = new LinkedHashMap<>();
    for (Located<Approver> approver : approvers) {
      if (seen.putIfAbsent(approver.value(), approver) != null) {
        fields
            .diagnostics()
            .warning(
                approver.range(),
                "repeated-approver",
                "`" + approver.value() + "` is named twice and counts once",
                null);
      }
    }
  }

  private record OnTimeoutType() implements Type<OnTimeout> {

    @Override
    public @Nullable OnTimeout read(YamlNode node, Reading reading) {
      if (node instanceof YamlNode.Mapping) {
        return ESCALATION.read(node, reading);
      }
      if (!(node instanceof YamlNode.Scalar scalar)) {
        reading.wrongType(node, label(), null);
        return null;
      }
      if (scalar.text().equals("undo")) {
        return new OnTimeout(List.of(), new Located<>(Work.Closed.UNDO, reading.range(node)));
      }
      if (!scalar.text().equals("stop")) {
        reading.error(
            node,
            "unknown-word",
            "`onTimeout` must be " + label() + ", not " + Shown.node(node),
            scalar.text().equals("continue") || scalar.text().equals("approve")
                ? "A gate never opens by itself"
                : null);
        return null;
      }
      return OnTimeout.STOP;
    }

    @Override
    public String label() {
      return "`stop`, `undo` or `{ escalate: group:… }`";
    }

    @Override
    public ObjectNode schema(SchemaDefinitions definitions) {
      ObjectNode either = SchemaDefinitions.object();
      either.putArray("anyOf").add(CLOSED.schema(definitions)).add(ESCALATION.schema(definitions));
      return either;
    }

    @Override
    public List<ObjectType<?>> objects() {
      return List.of(ESCALATION);
    }
  }
}
