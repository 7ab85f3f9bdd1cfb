package dev.backout.action;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the catalog says of an action. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ActionInfo {
  /** {@code system.verb}; the Temporal activity type. Never changed once released. */
  String name();

  /** One line, without a full stop. */
  String summary();

  /** Markdown for the reference page. */
  String description() default "";

  Repeatable repeatable();

  /** Why it is, or is not, safe to do again: a sentence. */
  String because();

  /**
   * Whether it leaves nothing that would have to be taken back, though it is no mere reading: a
   * copy beside what is there, at most, or the same begun anew. A step with it then needs no {@code
   * undo}.
   */
  boolean nothingToUndo() default false;

  enum Repeatable {
    READ_ONLY,
    SAFE,
    NEVER
  }
}
