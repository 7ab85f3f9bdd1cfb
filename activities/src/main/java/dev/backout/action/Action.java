package dev.backout.action;

/**
 * Something that Backout can do to a system, or read from it. One final class an action: it holds
 * its input record {@code I} and its output record {@code O}, and carries {@link ActionInfo}. The
 * class, its fields and their {@link Doc} are the only source of the catalog, the schema and the
 * reference page.
 *
 * <p>An implementation has a public constructor without arguments and no state.
 */
public interface Action<I extends Record, O extends Record> {

  /**
   * Does it.
   *
   * @throws ActionException when it is known that it failed, and in what state it left things
   */
  O run(I input, ActionContext context) throws Exception;

  /**
   * Says what {@link #run} would do now, changing nothing. Of a read-only action it runs, and shows
   * what was read.
   */
  Preview preview(I input, ActionContext context) throws Exception;

  /**
   * Loads what the first {@link #run} would have to load, where that takes long. A worker has it
   * done once, when nobody waits; it touches nothing outside the process.
   */
  default void prepare() {}
}
