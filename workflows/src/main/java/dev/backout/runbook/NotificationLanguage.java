package dev.backout.runbook;

import java.util.List;
import java.util.Map;

/** Who is told of a run: the action that tells them, and of what. */
final class NotificationLanguage {
  private static final Key<List<Located<Occasion>>> EVENTS =
      Key.<List<Located<Occasion>>>optional(
              "events",
              ListType.oneOrMany(
                  "an event or a list of them", new WordType<>(Words.of(Occasion.values()))),
              "Of what: `started`; `waiting` (a checkpoint, a failed step, a doubt or a manual step"
                  + " waits for people); `reminded`; `escalated`; `failed` (a step failed, and the"
                  + " runbook says what then); `at_risk` (an objective will probably be missed);"
                  + " `finished`, however it ended.")
          .withDefault("all of them")
          .elsewhere("on", "when", "types");
  private static final Key<List<Located<Approver>>> FOR =
      Key.<List<Located<Approver>>>optional(
              "for",
              ListType.oneOrMany("a group, a user, or a list of them", new ApproverType(false)),
              "Only of what asks these: a checkpoint that begins to wait, reminds or escalates.")
          .withDefault("whoever is asked")
          .elsewhere("to", "groups", "group");

  private static final ObjectType<Notification> NOTIFICATION =
      new ObjectType<>(
          "notification",
          "a notification",
          "Tells somebody outside what happens in the run, in the background: a receiver that is down"
              + " or slow neither stops nor slows the run. What could not be told stands in the"
              + " history. The action is one that takes an `event`, which Backout gives it.",
          List.of(ActionLanguage.USES, ActionLanguage.WITH, EVENTS, FOR),
          NotificationLanguage::notification,
          ActionLanguage::completeWith);

  static final Key<Map<String, Notification>> NOTIFICATIONS =
      Key.<Map<String, Notification>>optional(
              "notifications",
              new MapType<>(
                  "an object that gives each notification a name",
                  NameType.of(
                      "a name of letters and digits, such as `oncall`", "^[a-z][A-Za-z0-9_-]*$"),
                  NOTIFICATION,
                  (name, said) ->
                      new Notification(
                          name, said.call(), said.events(), said.asked(), said.range())),
              "Who is told of what, by name, besides those whom the worker tells by itself. Those of"
                  + " the runbook that a person starts count, also in the runbooks that it calls.")
          .elsewhere("notify", "alerts", "hooks", "webhooks");

  private NotificationLanguage() {}

  private static Notification notification(Fields fields) {
    return new Notification(
        new Located<>("", fields.head()),
        ActionLanguage.call(fields, ActionLanguage.USES),
        fields.get(EVENTS, List.of()).stream().map(Located::value).distinct().toList(),
        fields.get(FOR, List.of()),
        fields.range());
  }
}
