package dev.backout.action.channel;

import dev.backout.testing.PlainContext;

/** Events as a run sends them, and the secrets that tests know. */
final class Events {
  static final String TOKEN = "tok3n-of-the-channel";

  private Events() {}

  static PlainContext context() {
    return new PlainContext("run-1").secret("TOKEN", TOKEN);
  }

  /** One that waits for people. */
  static String waiting() {
    return event("waiting", "2", "Stop the poller? " + TOKEN);
  }

  static String finished() {
    return event("finished", "9", "The rollback of poller has ended, succeeded.");
  }

  private static String event(String occasion, String number, String summary) {
    return """
        {'specversion': '1.0', 'id': 'run-1/%s', 'source': '/temporal/default/backout/poller',
         'type': 'dev.backout.run.%s', 'data': {'summary': '%s', 'asks': ['group:oncall'],
         'run': {'runId': 'run-1', 'runbook': 'compromised-keys', 'target': 'poller', 'startedBy': 'ada',
                 'startedAt': '2026-01-31T03:11:58Z', 'state': 'waiting'}}}"""
        .formatted(number, occasion, summary);
  }
}
