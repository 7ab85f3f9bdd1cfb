package dev.backout.runbook;

import java.time.Duration;

/** What remains to be done after a run, and how soon. */
public record FollowUp(Template name, Located<Duration> within) {}
