package dev.backout.action.yaml;

/** The edit can't be made: why, as a sentence. */
final class YamlEditException extends Exception {
  private static final long serialVersionUID = 1L;

  YamlEditException(String message) {
    super(message);
  }
}
