package dev.backout.catalog;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types that inputs, outputs and expressions can have. Each has one CEL type and one JSON form.
 */
public sealed interface ValueType {

  /** A scalar. */
  record Scalar(ScalarKind kind) implements ValueType {}

  /** One of some words. */
  record OneOf(List<String> values) implements ValueType {}

  record ListOf(ValueType element) implements ValueType {}

  /** An object with free keys. */
  record MapOf(ValueType value) implements ValueType {}

  /** An object with known keys, in the order of their declaration. */
  record Struct(Map<String, Field> fields) implements ValueType {}

  /** Any JSON value. */
  record Any() implements ValueType {}

  /**
   * A field of a struct.
   *
   * @param required whether it must be given (input) or is always there (output)
   * @param defaultValue the default as it would be written in YAML, for the reference; null if none
   */
  record Field(
      ValueType type, String description, boolean required, @Nullable String defaultValue) {}

  enum ScalarKind {
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN,
    /** {@code 90s}, {@code 15m}; in JSON the same text; in CEL a duration. */
    DURATION,
    /** Bytes: {@code 512MiB} or a plain number; in CEL an int. */
    SIZE,
    /** RFC 3339; in CEL a timestamp. */
    TIMESTAMP,
    /** A path on the worker; in CEL a string. */
    PATH,
    /** An absolute URL; in CEL a string. */
    URL,
    /** Text, or a reference {@code secret:NAME} that only the action resolves; in CEL a string. */
    TEXT_OR_SECRET
  }
}
