package dev.backout.action;

/**
 * A text as it is, or the reference {@code secret:NAME} to one that {@link ActionContext#reveal}
 * resolves. Either may be confidential, so it doesn't print itself.
 */
public record TextOrSecret(String text) {
  @Override
  public String toString() {
    return text.startsWith("secret:") ? text : "***";
  }
}
