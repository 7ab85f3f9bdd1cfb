package dev.backout.runbook;

import java.util.List;

/**
 * Who is told of what, and how.
 *
 * @param call the action that tells them
 * @param events of what; empty for all of it
 * @param asked only of what asks one of these; empty for whoever is asked
 */
public record Notification(
    Located<String> name,
    ActionCall call,
    List<Occasion> events,
    List<Located<Approver>> asked,
    SourceRange range) {}
