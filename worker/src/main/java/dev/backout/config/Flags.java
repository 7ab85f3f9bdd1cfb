package dev.backout.config;

import org.jspecify.annotations.Nullable;

/** What the command line says itself; null where it says nothing. */
public record Flags(
    @Nullable String address,
    @Nullable String namespace,
    @Nullable String profile,
    @Nullable String taskQueue) {
  public static final Flags NONE = new Flags(null, null, null, null);
}
