package dev.backout.runbook;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** A value as the runbook says it: JSON with places, and templates for strings. */
public sealed interface Value {

  SourceRange range();

  record Null(SourceRange range) implements Value {}

  record Bool(boolean value, SourceRange range) implements Value {}

  record Int(long value, SourceRange range) implements Value {}

  record Number(BigDecimal value, SourceRange range) implements Value {}

  record Text(Template template, SourceRange range) implements Value {}

  record Items(List<Value> items, SourceRange range) implements Value {}

  /** An object, in the order of the file; its keys are all different. */
  record Fields(List<Entry> entries, SourceRange range) implements Value {

    public Optional<Entry> find(String key) {
      return entries.stream().filter(entry -> entry.key().value().equals(key)).findFirst();
    }
  }

  /** Could not be read, which has been said: accept it wherever it stands. */
  record Unreadable(SourceRange range) implements Value {}

  record Entry(Located<String> key, Value value) {}
}
