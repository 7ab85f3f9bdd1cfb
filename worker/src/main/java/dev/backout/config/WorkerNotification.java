package dev.backout.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.runbook.Occasion;
import java.util.List;

/**
 * Whom a worker tells of every run by itself.
 *
 * @param action what tells them: {@code notify.webhook}
 * @param with its input but the event
 * @param events of what; empty for all of it
 * @param asked only of what asks one of these, {@code group:oncall}; empty for whoever is asked
 */
public record WorkerNotification(
    String name, String action, JsonNode with, List<Occasion> events, List<String> asked) {}
