package dev.backout.runbook.expression;

import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;

/** Types in words, as they stand in messages. */
public final class TypeText {
  private TypeText() {}

  /** {@code a duration}, {@code a list of paths}. */
  public static String one(ValueType type) {
    if (type instanceof ValueType.Scalar scalar) {
      return scalar(scalar.kind());
    } else if (type instanceof ValueType.OneOf words) {
      return "one of `" + String.join("`, `", words.values()) + "`";
    } else if (type instanceof ValueType.ListOf list) {
      return "a list of " + many(list.element());
    } else if (type instanceof ValueType.MapOf map) {
      return "an object of " + many(map.value());
    } else if (type instanceof ValueType.Struct) {
      return "an object";
    }
    return "any value";
  }

  private static String scalar(ScalarKind kind) {
    return switch (kind) {
      case STRING -> "text";
      case INTEGER -> "a whole number";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case DURATION -> "a duration";
      case SIZE -> "a size in bytes";
      case TIMESTAMP -> "a time";
      case PATH -> "a path";
      case URL -> "a URL";
      case TEXT_OR_SECRET -> "text or a secret";
    };
  }

  private static String many(ValueType type) {
    if (type instanceof ValueType.Scalar scalar) {
      return switch (scalar.kind()) {
        case STRING -> "texts";
        case INTEGER -> "whole numbers";
        case NUMBER -> "numbers";
        case BOOLEAN -> "truth values";
        case DURATION -> "durations";
        case SIZE -> "sizes";
        case TIMESTAMP -> "times";
        case PATH -> "paths";
        case URL -> "URLs";
        case TEXT_OR_SECRET -> "texts or secrets";
      };
    } else if (type instanceof ValueType.ListOf) {
      return "lists";
    } else if (type instanceof ValueType.OneOf) {
      return "words";
    } else if (type instanceof ValueType.Any) {
      return "any values";
    }
    return "objects";
  }
}
