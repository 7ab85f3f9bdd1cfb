package dev.backout.config;

/** Which server the background process is to hold. */
public enum ServerChoice {
  /** The development server where {@code temporal} is on the PATH, else the in-memory one. */
  AUTO,
  IN_MEMORY,
  DEVELOPMENT
}
