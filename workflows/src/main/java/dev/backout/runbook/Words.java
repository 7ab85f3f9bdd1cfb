package dev.backout.runbook;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The words that stand for an enum's values. */
final class Words {
  private Words() {}

  static Map<String, Runbook.Kind> kinds() {
    Map<String, Runbook.Kind> words = new LinkedHashMap<>();
    for (Runbook.Kind kind : Runbook.Kind.values()) {
      words.put(kind.word(), kind);
    }
    return words;
  }

  /** The constants in small letters. */
  static <E extends Enum<E>> Map<String, E> of(E[] values) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E value : values) {
      words.put(value.name().toLowerCase(Locale.ROOT), value);
    }
    return words;
  }
}
