package dev.backout.runbook;

import java.util.List;

/**
 * A key of an object: the one place that says what it is called, holds and means.
 *
 * @param description Markdown, one or two sentences
 * @param defaultText what holds where it isn't given, for people; empty for nothing
 * @param otherTongues what the same thing is called elsewhere, for "did you mean"
 */
public record Key<T>(
    String name,
    Type<T> type,
    boolean required,
    String description,
    String defaultText,
    List<String> otherTongues) {

  public static <T> Key<T> required(String name, Type<T> type, String description) {
    return new Key<>(name, type, true, description, "", List.of());
  }

  public static <T> Key<T> optional(String name, Type<T> type, String description) {
    return new Key<>(name, type, false, description, "", List.of());
  }

  public Key<T> withDefault(String text) {
    return new Key<>(name, type, required, description, text, otherTongues);
  }

  public Key<T> elsewhere(String... names) {
    return new Key<>(name, type, required, description, defaultText, List.of(names));
  }
}
