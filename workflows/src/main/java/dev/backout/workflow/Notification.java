package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody outside is to be told.
 *
 * @param channel the notification's name; with the next three, what the history says of it
 * @param ofWorker whether the worker knows how, by that name
 * @param about what happened, as a word
 * @param eventId the same for every attempt, so that a receiver can drop a repeat
 * @param action what tells them; null where the worker knows it
 * @param with its input but the event; null where the worker knows it
 * @param event a CloudEvent
 * @param call of which run it is
 */
public record Notification(
    String channel,
    boolean ofWorker,
    String about,
    String eventId,
    @Nullable String action,
    @Nullable JsonNode with,
    JsonNode event,
    StepCall call) {}
