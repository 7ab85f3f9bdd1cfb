package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Steps: what each may say, and what goes together. */
final class StepLanguage {
  static final Key<Located<String>> ID =
      Key.optional(
          "id",
          Names.STEP_ID,
          "What expressions and people call it: unique in the runbook, nested steps included.");
  static final Key<Template> NAME =
      Key.<Template>optional("name", new TemplateType(), "What it does, for people.")
          .elsewhere("title", "label", "description", "summary");
  static final Key<Expression> WHEN =
      Key.<Expression>optional(
              "when", new ExpressionType(), "The step is skipped unless this holds.")
          .elsewhere("if", "condition", "only", "runIf");
  static final Key<Located<Duration>> TIMEOUT =
      Key.<Located<Duration>>optional(
              "timeout", new DurationType(), "The longest that one attempt may take.")
          .withDefault("10m; 4h for `manual`; 24h for steps that hold others")
          .elsewhere("deadline", "timeoutSeconds");
  static final Key<Located<Duration>> BUDGET =
      Key.optional(
          "budget",
          new DurationType(),
          "What the step should take. Going over it is shown and fails nothing.");

  private static final Key<Located<Integer>> ATTEMPTS =
      Key.<Located<Integer>>required(
              "attempts", new IntegerType(1, 100), "Executions in all, the first included.")
          .elsewhere("max", "maxAttempts", "limit", "times", "count");
  private static final Key<Located<Duration>> RETRY_INTERVAL =
      Key.<Located<Duration>>optional(
              "interval", new DurationType(), "The wait before the second; it doubles up to 1m.")
          .withDefault("1s")
          .elsewhere("delay", "wait", "backoff");
  private static final ObjectType<Step.Retry> RETRY_TYPE =
      ObjectType.of(
          "retry",
          "a `retry`",
          "How often an action that is safe to repeat is tried. One that isn't is tried once.",
          List.of(ATTEMPTS, RETRY_INTERVAL),
          fields ->
              new Step.Retry(
                  fields.get(ATTEMPTS, new Located<>(1, fields.head())),
                  fields.get(RETRY_INTERVAL)));

  static final Key<Step.Retry> RETRY =
      Key.<Step.Retry>optional("retry", RETRY_TYPE, "How often it is tried.")
          .withDefault("3 attempts of what is safe to repeat, else 1")
          .elsewhere("retries");
  static final Key<Located<Step.Rerun>> RERUN =
      Key.<Located<Step.Rerun>>optional(
              "rerun",
              new WordType<>(Words.of(Step.Rerun.values())),
              "Whether doing it again is safe, where the action's own word is to be overridden.")
          .elsewhere("repeat", "idempotent");
  static final Key<Step.Probe> PROBE =
      Key.optional(
          "probe",
          ActionLanguage.PROBE,
          "What tells whether the step has happened, when in doubt.");
  static final Key<Located<Step.OnFailure>> ON_FAILURE =
      Key.<Located<Step.OnFailure>>optional(
              "onFailure",
              new WordType<>(Words.of(Step.OnFailure.values())),
              "What a failure leads to: people are asked, the run stops, goes on, or takes back what"
                  + " it did.")
          .withDefault("ask")
          .elsewhere("onError", "continueOnError", "allowFailure", "ignoreErrors");
  static final Key<ActionCall> UNDO =
      Key.optional("undo", ActionLanguage.UNDO, "What would take the step back.")
          .elsewhere("rollback", "compensate", "revert");
  static final Key<Template> RUNS_ON =
      Key.<Template>optional(
              "runsOn", new TemplateType(), "Which worker: the name of a Temporal task queue.")
          .withDefault("the run's own")
          .elsewhere("on", "host", "hosts", "worker", "agent", "taskQueue");

  /** The steps of a runbook, a branch or a loop. */
  static final ListType<Step> STEPS =
      new ListType<>("a list of steps", StepLanguage::step, false, false);

  private static final Key<Located<String>> USES =
      new Key<>(
          "uses",
          new ActionNameType(false),
          false,
          ActionLanguage.USES.description(),
          "",
          List.of("action", "type", "plugin", "run", "command", "script", "shell"));
  private static final Key<Work> CHECKPOINT =
      Key.<Work>optional(
              "checkpoint", CheckpointLanguage.CHECKPOINT, "People decide whether the run goes on.")
          .elsewhere("approval", "approve", "gate", "pause");

  private static final Key<List<Template>> ITEMS =
      Key.required(
          "items",
          ListType.of("a list of what is to be done", new TemplateType()),
          "What is to be done, ticked one by one.");
  private static final ObjectType<Work> MANUAL_TYPE =
      ObjectType.of(
          "manual",
          "a manual step",
          "A person does it and ticks the items.",
          List.of(ITEMS),
          fields -> new Work.Manual(fields.get(ITEMS, List.of())));
  private static final Key<Work> MANUAL =
      Key.<Work>optional("manual", MANUAL_TYPE, "A person does it and ticks the items.")
          .elsewhere("checklist", "todo");

  private static final Key<Work> PARALLEL =
      Key.<Work>optional(
              "parallel",
              new MapType<>(
                      "an object that gives each branch a name and its list of steps",
                      Names.BRANCH,
                      STEPS,
                      Work.Branch::new)
                  .map(Work.Parallel::new),
              "Branches that run side by side: for each a name and a list of steps.")
          .elsewhere("branches", "concurrently");

  private static final Key<Work.Elements> IN =
      Key.required("in", new ElementsType(), "A list, or an expression that gives one.");
  private static final Key<Located<String>> AS =
      Key.required("as", Names.VARIABLE, "What the element is called in the steps.");
  private static final Key<Located<Integer>> CONCURRENCY =
      Key.<Located<Integer>>optional(
              "concurrency", new IntegerType(1, 1000), "How many elements at a time.")
          .withDefault("1")
          .elsewhere("parallel", "maxParallel", "forks");
  private static final Key<List<Step>> EACH_STEPS =
      Key.required("steps", STEPS, "What is done for each element.");
  private static final ObjectType<Work> EACH_TYPE =
      ObjectType.of(
          "each",
          "an `each`",
          "The same steps once for each element of a list.",
          List.of(IN, AS, CONCURRENCY, EACH_STEPS),
          fields ->
              new Work.Each(
                  fields.get(IN, new Work.Listed(new Value.Items(List.of(), fields.head()))),
                  fields.get(AS, new Located<>("", fields.head())),
                  fields.get(CONCURRENCY, new Located<>(1, fields.head())),
                  fields.get(EACH_STEPS, List.of())));
  private static final Key<Work> EACH =
      Key.<Work>optional("each", EACH_TYPE, "Steps that are done for each element of a list.")
          .elsewhere("forEach", "foreach", "loop", "withItems", "matrix");

  private static final Key<Located<String>> RUNBOOK =
      Key.optional(
          "runbook",
          Names.PATH,
          "Another runbook's file, run as a child with a history of its own; `with` gives its"
              + " inputs.");

  private static final Key<Expression> UNTIL =
      Key.<Expression>required(
              "until", new ExpressionType(), "What must hold over the probe's `outputs`.")
          .elsewhere("expect", "condition");
  private static final Key<Located<Duration>> INTERVAL =
      Key.<Located<Duration>>optional(
              "interval", new DurationType(), "The wait between two questions.")
          .withDefault("2s")
          .elsewhere("every", "period", "poll");
  private static final ObjectType<Work> WAIT_TYPE =
      new ObjectType<>(
          "wait",
          "a `wait`",
          "Asks a read-only action again and again until its answer is right. The step's `timeout` is"
              + " the deadline.",
          List.of(ActionLanguage.READS, ActionLanguage.WITH, UNTIL, INTERVAL),
          StepLanguage::waiting,
          ActionLanguage::completeWith);
  private static final Key<Work> WAIT =
      Key.<Work>optional("wait", WAIT_TYPE, "Waits until a probe holds.")
          .elsewhere("waitFor", "sleep", "pause");

  private static final List<Key<?>> KINDS =
      List.of(USES, CHECKPOINT, MANUAL, PARALLEL, EACH, RUNBOOK, WAIT);

  /** What goes with which kinds; the other common keys go with all. */
  private static final List<GoesWith> GOES_WITH =
      List.of(
          new GoesWith(ActionLanguage.WITH, Set.of(USES, RUNBOOK)),
          new GoesWith(RETRY, Set.of(USES)),
          new GoesWith(RERUN, Set.of(USES)),
          new GoesWith(PROBE, Set.of(USES)),
          new GoesWith(ActionLanguage.EXPECT, Set.of(USES, WAIT, RUNBOOK)),
          new GoesWith(UNDO, Set.of(USES, MANUAL, RUNBOOK, WAIT)),
          new GoesWith(TIMEOUT, Set.of(USES, WAIT, MANUAL, PARALLEL, EACH, RUNBOOK)));

  private record GoesWith(Key<?> key, Set<Key<?>> kinds) {}

  private static final ObjectType<Step> STEP =
      new ObjectType<>(
          "step",
          "a step",
          "A step does exactly one thing: "
              + KINDS.stream()
                  .map(kind -> "`" + kind.name() + "`")
                  .collect(Collectors.joining(", "))
              + ".",
          List.of(
              ID,
              NAME,
              WHEN,
              USES,
              ActionLanguage.WITH,
              CHECKPOINT,
              MANUAL,
              PARALLEL,
              EACH,
              RUNBOOK,
              WAIT,
              ActionLanguage.EXPECT,
              TIMEOUT,
              BUDGET,
              RETRY,
              RERUN,
              PROBE,
              ON_FAILURE,
              UNDO,
              RUNS_ON),
          StepLanguage::build,
          StepLanguage::refine);

  private static final ObjectType<Step> CHECK =
      new ObjectType<>(
          "preflightCheck",
          "a preflight check",
          "A read-only action whose outcome must be right before anything is touched.",
          List.of(
              ID,
              NAME,
              WHEN,
              ActionLanguage.READS,
              ActionLanguage.WITH,
              ActionLanguage.EXPECT,
              TIMEOUT,
              BUDGET,
              RETRY,
              RUNS_ON),
          StepLanguage::build,
          ActionLanguage::completeWith);

  static final ListType<Step> CHECKS = ListType.of("a list of checks", CHECK);

  private StepLanguage() {}

  private static Type<Step> step() {
    return STEP;
  }

  private static Step build(Fields fields) {
    Located<String> id = fields.get(ID);
    reportWhatDoesNotGo(fields);
    return new Step(
        id == null ? new Located<>("", fields.head()) : id,
        fields.says(ID),
        fields.get(NAME),
        work(fields),
        fields.get(WHEN),
        fields.get(TIMEOUT),
        fields.get(BUDGET),
        fields.get(RETRY),
        fields.get(RERUN),
        fields.get(PROBE),
        fields.get(ActionLanguage.EXPECT, List.of()),
        fields.get(ON_FAILURE),
        fields.get(UNDO),
        fields.get(RUNS_ON),
        fields.range());
  }

  private static Work work(Fields fields) {
    List<Key<?>> said = kinds(fields);
    if (said.size() != 1) {
      reportKinds(fields, said);
      return new Work.Unreadable();
    }
    Key<?> kind = said.get(0);
    Object read = fields.get(kind);
    if (read == null) {
      return new Work.Unreadable();
    }
    if (kind == USES) {
      return new Work.Uses(ActionLanguage.call(fields, USES));
    }
    if (kind == RUNBOOK) {
      Located<String> path = fields.get(RUNBOOK, new Located<>("", fields.head()));
      return new Work.CallRunbook(path, ActionLanguage.with(fields));
    }
    return (Work) read;
  }

  private static List<Key<?>> kinds(Fields fields) {
    return KINDS.stream().filter(fields::says).collect(Collectors.toList());
  }

  private static void reportKinds(Fields fields, List<Key<?>> said) {
    String all =
        KINDS.stream().map(kind -> "`" + kind.name() + "`").collect(Collectors.joining(", "));
    if (said.isEmpty()) {
      fields
          .diagnostics()
          .error(
              fields.head(),
              "nothing-to-do",
              "This step doesn't say what it does",
              "Give it exactly one of " + all);
      return;
    }
    fields
        .diagnostics()
        .error(
            fields.keyRange(said.get(1)),
            "several-things-to-do",
            "A step does one thing, and this one has "
                + said.stream()
                    .map(kind -> "`" + kind.name() + "`")
                    .collect(Collectors.joining(" and ")),
            "Make them steps of their own, one after the other");
  }

  private static void reportWhatDoesNotGo(Fields fields) {
    List<Key<?>> said = kinds(fields);
    if (said.size() != 1) {
      return;
    }
    for (GoesWith rule : GOES_WITH) {
      if (fields.says(rule.key()) && !rule.kinds().contains(said.get(0))) {
        reportWhatDoesNotGo(fields, rule, said.get(0));
      }
    }
  }

  private static void reportWhatDoesNotGo(Fields fields, GoesWith rule, Key<?> kind) {
    fields
        .diagnostics()
        .error(
            fields.keyRange(rule.key()),
            "key-does-not-apply",
            "`" + rule.key().name() + "` means nothing for a step with `" + kind.name() + "`",
            rule.key() == TIMEOUT
                ? "Say it inside `checkpoint`, beside `onTimeout`"
                : "Remove it; it goes with " + names(rule.kinds()));
  }

  private static String names(Set<Key<?>> kinds) {
    return KINDS.stream()
        .filter(kinds::contains)
        .map(kind -> "`" + kind.name() + "`")
        .collect(Collectors.joining(", "));
  }

  private static Work waiting(Fields fields) {
    Expression until = fields.get(UNTIL);
    Located<String> action = fields.get(ActionLanguage.READS);
    return until == null || action == null
        ? new Work.Unreadable()
        : new Work.Wait(
            ActionLanguage.call(fields, ActionLanguage.READS), until, fields.get(INTERVAL));
  }

  private static void refine(ObjectNode schema) {
    List<String> kinds = new ArrayList<>(KINDS.stream().map(Key::name).toList());
    ArrayNode either = schema.putArray("oneOf");
    kinds.forEach(kind -> either.addObject().putArray("required").add(kind));
    ObjectNode goes = schema.putObject("dependentSchemas");
    for (GoesWith rule : GOES_WITH) {
      ArrayNode any = goes.putObject(rule.key().name()).putArray("anyOf");
      KINDS.stream()
          .filter(rule.kinds()::contains)
          .forEach(kind -> any.addObject().putArray("required").add(kind.name()));
    }
    ActionLanguage.completeWith(schema);
  }
}
