package dev.backout.action;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a field of an action's input or output means, with its unit; and its default, written as in
 * YAML.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Doc {
  String value();

  /** Empty for none. A field that is not {@code @Nullable} and has no default is required. */
  String defaultValue() default "";

  /**
   * Whether an output is a reading that differs from one look to the next, such as an age. A plan
   * that was agreed to stays the same plan when it does: what it may be is for {@code expect} to
   * say.
   */
  boolean reading() default false;
}
