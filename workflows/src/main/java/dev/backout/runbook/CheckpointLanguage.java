package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A checkpoint: who decides, how many of them, how long, and what then. */
final class CheckpointLanguage {
  private static final Key<List<Located<Approver>>> APPROVERS =
      Key.<List<Located<Approver>>>required(
              "approvers",
              ListType.oneOrMany("a list of groups and users", new ApproverType()),
              "Who may decide: `group:oncall`, `user:ada`. Who is in a group is the worker's word.")
          .elsewhere("approver", "reviewers");
  private static final Key<Located<Integer>> QUORUM =
      Key.<Located<Integer>>optional(
              "quorum", new IntegerType(1, 100), "How many different people must approve.")
          .withDefault("1");
  private static final Key<Located<Duration>> TIMEOUT =
      Key.<Located<Duration>>optional(
              "timeout",
              new DurationType(),
              "How long those asked have, before the next are asked or the run stops.")
          .withDefault("1h");
  private static final Key<List<Located<Approver>>> ON_TIMEOUT =
      Key.<List<Located<Approver>>>optional(
              "onTimeout",
              new OnTimeoutType(),
              "`stop`, or `{ escalate: group:managers }`, or a list to ask one after the other. A"
                  + " checkpoint never opens by itself: after the last the run stops.")
          .withDefault("stop");
  private static final Key<Template> QUESTION =
      Key.<Template>optional(
              "question", new TemplateType(), "What they are asked, in a whole sentence.")
          .withDefault("the step's name")
          .elsewhere("message", "prompt");

  private static final Key<List<Located<Approver>>> ESCALATE =
      Key.required(
          "escalate",
          ListType.oneOrMany("a group, a user, or a list of them", new ApproverType()),
          "Whom to ask next, one after the other, each for the checkpoint's `timeout`.");

  private static final ObjectType<List<Located<Approver>>> ESCALATION =
      ObjectType.of(
          "onTimeout",
          "`onTimeout`",
          "Whom to ask when the time is up.",
          List.of(ESCALATE),
          fields -> fields.get(ESCALATE, List.of()));

  static final ObjectType<Work> CHECKPOINT =
      ObjectType.of(
          "checkpoint",
          "a checkpoint",
          "People decide whether the run goes on. Without their word it doesn't.",
          List.of(QUESTION, APPROVERS, QUORUM, TIMEOUT, ON_TIMEOUT),
          CheckpointLanguage::checkpoint);

  private CheckpointLanguage() {}

  private static Work checkpoint(Fields fields) {
    List<Located<Approver>> approvers = fields.get(APPROVERS, List.of());
    Located<Integer> quorum = fields.get(QUORUM, new Located<>(1, fields.head()));
    reportUnreachable(fields, approvers, quorum);
    reportRepeated(fields, approvers);
    return new Work.Checkpoint(
        fields.get(QUESTION),
        approvers,
        quorum,
        fields.get(TIMEOUT),
        fields.get(ON_TIMEOUT, List.of()));
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

  private record OnTimeoutType() implements Type<List<Located<Approver>>> {

    @Override
    public @Nullable List<Located<Approver>> read(YamlNode node, Reading reading) {
      if (node instanceof YamlNode.Mapping) {
        return ESCALATION.read(node, reading);
      }
      if (!(node instanceof YamlNode.Scalar)) {
        reading.wrongType(node, label(), null);
        return null;
      }
      if (node instanceof YamlNode.Scalar scalar && !scalar.text().equals("stop")) {
        reading.error(
            node,
            "unknown-word",
            "`onTimeout` must be " + label() + ", not " + Shown.node(node),
            scalar.text().equals("continue") || scalar.text().equals("approve")
                ? "A gate never opens by itself"
                : null);
        return null;
      }
      return List.of();
    }

    @Override
    public String label() {
      return "`stop` or `{ escalate: group:… }`";
    }

    @Override
    public ObjectNode schema(SchemaDefinitions definitions) {
      ObjectNode either = SchemaDefinitions.object();
      either
          .putArray("anyOf")
          .add(SchemaDefinitions.object().put("const", "stop"))
          .add(ESCALATION.schema(definitions));
      return either;
    }

    @Override
    public List<ObjectType<?>> objects() {
      return List.of(ESCALATION);
    }
  }
}
