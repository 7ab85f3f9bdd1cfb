package dev.backout.action;

/** A length or an amount of storage. Written in YAML as {@code 512MiB}, or as a number of bytes. */
public record ByteSize(long bytes) {
  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size can't be negative: " + bytes);
    }
  }
}
