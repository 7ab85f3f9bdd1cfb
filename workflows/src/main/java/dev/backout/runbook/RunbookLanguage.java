package dev.backout.runbook;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A runbook: its keys, from which the parser, the schema and the reference page come. */
final class RunbookLanguage {
  static final String API_VERSION_WORD = "backout/v1";

  private static final Key<Located<String>> API_VERSION =
      Key.<Located<String>>required(
              "apiVersion",
              new WordType<>(Map.of(API_VERSION_WORD, API_VERSION_WORD)),
              "The version of the language: `" + API_VERSION_WORD + "`.")
          .elsewhere("version");
  private static final Key<Located<Runbook.Kind>> KIND =
      Key.required("kind", new WordType<>(Words.kinds()), "What the runbook is for.");
  private static final Key<Located<String>> NAME =
      Key.required("name", Names.RUNBOOK, "The runbook's name, in kebab-case.");
  private static final Key<Located<String>> SUMMARY =
      Key.<Located<String>>required(
              "summary", new TextType(), "What it brings back, as one sentence.")
          .elsewhere("description", "title");
  private static final Key<Template> TARGET =
      Key.<Template>required(
              "target",
              new TemplateType(),
              "What is rolled back. One run at a time per target: a second one is refused.")
          .elsewhere("service", "system", "application");

  private static final Key<Located<Duration>> RTO =
      Key.optional("rto", new DurationType(), "How long until the service is back.");
  private static final Key<Located<Duration>> RPO =
      Key.optional(
          "rpo",
          new DurationType(true),
          "How much time's worth of data may be lost; `0s` where nothing may.");
  private static final ObjectType<Runbook.Objectives> OBJECTIVES_TYPE =
      ObjectType.of(
          "objectives",
          "`objectives`",
          "What the rollback is measured by.",
          List.of(RTO, RPO),
          fields -> new Runbook.Objectives(fields.get(RTO), fields.get(RPO)));
  private static final Key<Runbook.Objectives> OBJECTIVES =
      Key.<Runbook.Objectives>optional(
              "objectives", OBJECTIVES_TYPE, "What the rollback is measured by: `rto`, `rpo`.")
          .elsewhere("slo", "rto", "rpo");

  private static final Key<Map<String, Input>> INPUTS =
      Key.<Map<String, Input>>optional(
              "inputs",
              new MapType<>(
                  "an object that gives each input a name",
                  Names.VARIABLE,
                  InputLanguage.INPUT,
                  (name, declared) -> declared.named(name)),
              "Values that are given when the plan is made, by name.")
          .elsewhere("parameters", "params", "vars", "variables", "args");

  private static final Key<Expression> OUTPUT_VALUE =
      Key.required("value", new ExpressionType(), "An expression over `steps` and `inputs`.");
  private static final Key<Located<String>> OUTPUT_DESCRIPTION =
      Key.optional("description", new TextType(), "What it means, with its unit.");
  private static final ObjectType<Optional<Output>> OUTPUT =
      ObjectType.of(
          "output",
          "an output",
          "A value that the runbook gives back, to a runbook that calls it too.",
          List.of(OUTPUT_VALUE, OUTPUT_DESCRIPTION),
          RunbookLanguage::output);
  private static final Key<Map<String, Optional<Output>>> OUTPUTS =
      Key.<Map<String, Optional<Output>>>optional(
              "outputs",
              new MapType<>(
                  "an object that gives each output a name",
                  Names.VARIABLE,
                  OUTPUT,
                  (name, output) ->
                      output.map(said -> new Output(name, said.value(), said.description()))),
              "What the runbook gives back when it has succeeded, by name.")
          .elsewhere("returns", "results");

  private static final Key<Template> TRIGGER_NAME =
      Key.required("name", new TemplateType(), "What has gone wrong when it holds, for people.");
  private static final Key<Located<Duration>> FOR =
      Key.<Located<Duration>>optional(
              "for", new DurationType(), "How long it must be so without a break.")
          .withDefault("at once")
          .elsewhere("during", "duration");
  private static final ObjectType<Trigger> TRIGGER =
      new ObjectType<>(
          "trigger",
          "a trigger",
          "When this is the runbook to take: `expect` says what a healthy system answers, and the"
              + " trigger holds when that fails, or the action does. `assess` asks once, `assess --watch`"
              + " keeps asking.",
          List.of(
              TRIGGER_NAME, ActionLanguage.READS, ActionLanguage.WITH, ActionLanguage.EXPECT, FOR),
          fields ->
              new Trigger(
                  fields.get(TRIGGER_NAME, new Template("", List.of(), fields.head())),
                  ActionLanguage.call(fields, ActionLanguage.READS),
                  fields.get(ActionLanguage.EXPECT, List.of()),
                  fields.get(FOR),
                  fields.range()),
          ActionLanguage::completeWith);
  private static final Key<List<Trigger>> TRIGGERS =
      Key.<List<Trigger>>optional(
              "triggers",
              ListType.of("a list of triggers", TRIGGER),
              "When this is the runbook to take.")
          .elsewhere("on", "conditions", "alerts");

  private static final Key<List<Step>> PREFLIGHT =
      Key.<List<Step>>optional(
              "preflight",
              StepLanguage.CHECKS,
              "Read-only checks; all of them must hold before anything is touched.")
          .elsewhere("prechecks", "checks", "before");
  private static final Key<List<Step>> STEPS =
      Key.<List<Step>>required("steps", StepLanguage.STEPS, "What is done, from top to bottom.")
          .elsewhere("tasks", "jobs", "stages", "actions");

  private static final Key<List<Step>> FINALLY =
      Key.<List<Step>>optional(
              "finally",
              StepLanguage.STEPS,
              "What is done at the end whatever has happened: after success, failure, stop, undo and"
                  + " cancellation. A step that fails here asks, and doesn't change how the run has"
                  + " ended. What an earlier step gave needs `when: steps.ID.done`.")
          .elsewhere("ensure", "always", "cleanup", "post");

  private static final Key<Template> FOLLOW_UP_NAME =
      Key.<Template>required("name", new TemplateType(), "What remains to be done.")
          .elsewhere("task", "title");
  private static final Key<Located<Duration>> WITHIN =
      Key.<Located<Duration>>required(
              "within", new DurationType(), "How soon after the end of the run.")
          .elsewhere("due", "deadline");
  private static final ObjectType<FollowUp> FOLLOW_UP =
      ObjectType.of(
          "followUp",
          "a follow-up",
          "Something that people do after the run, with a due time. The postmortem lists it.",
          List.of(WITHIN, FOLLOW_UP_NAME),
          fields ->
              new FollowUp(
                  fields.get(FOLLOW_UP_NAME, new Template("", List.of(), fields.head())),
                  fields.get(WITHIN, new Located<>(Duration.ofDays(1), fields.head()))));
  private static final Key<List<FollowUp>> FOLLOW_UPS =
      Key.<List<FollowUp>>optional(
              "followUps",
              ListType.of("a list of follow-ups", FOLLOW_UP),
              "What people do after the run, and how soon.")
          .elsewhere("after", "afterwards", "todo");

  private RunbookLanguage() {}

  /** Made for one source, which the runbook holds. */
  static Language<Runbook> of(SourceText source) {
    return new Language<>("runbook", runbook(source));
  }

  static ObjectType<Runbook> runbook(SourceText source) {
    return ObjectType.of(
        "runbook",
        "a runbook",
        "A rollback as code. One flat list of steps that reads from top to bottom.",
        List.of(
            API_VERSION,
            KIND,
            NAME,
            SUMMARY,
            TARGET,
            OBJECTIVES,
            INPUTS,
            TRIGGERS,
            PREFLIGHT,
            STEPS,
            FINALLY,
            OUTPUTS,
            FOLLOW_UPS,
            NotificationLanguage.NOTIFICATIONS),
        fields -> build(source, fields));
  }

  private static Runbook build(SourceText source, Fields fields) {
    return new Runbook(
        source,
        fields.get(KIND, new Located<>(Runbook.Kind.EMERGENCY, fields.head())),
        fields.get(NAME, new Located<>("", fields.head())),
        fields.get(SUMMARY, new Located<>("", fields.head())),
        fields.get(TARGET, new Template("", List.of(), fields.head())),
        fields.get(OBJECTIVES, new Runbook.Objectives(null, null)),
        fields.get(INPUTS, Map.of()),
        present(fields.get(OUTPUTS, Map.of())),
        fields.get(TRIGGERS, List.of()),
        fields.get(PREFLIGHT, List.of()),
        fields.get(STEPS, List.of()),
        fields.get(FINALLY, List.of()),
        fields.get(FOLLOW_UPS, List.of()),
        fields.get(NotificationLanguage.NOTIFICATIONS, Map.of()));
  }

  private static Optional<Output> output(Fields fields) {
    Expression value = fields.get(OUTPUT_VALUE);
    Located<String> description = fields.get(OUTPUT_DESCRIPTION);
    return Optional.ofNullable(value)
        .map(
            said ->
                new Output(
                    new Located<>("", fields.head()),
                    said,
                    description == null ? null : description.value()));
  }

  private static Map<String, Output> present(Map<String, Optional<Output>> outputs) {
    Map<String, Output> present = new LinkedHashMap<>();
    outputs.forEach((name, output) -> output.ifPresent(said -> present.put(name, said)));
    return Collections.unmodifiableMap(present);
  }
}
