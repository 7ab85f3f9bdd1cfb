package dev.backout.action.program;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a program ended that came to its end by itself.
 *
 * @param tail the end of what it wrote, at most 4,000 characters, masked
 * @param log the whole of it, at most 16 MiB, masked
 * @param sha256 of that file, hexadecimal
 */
public record Ended(int exitCode, String tail, Path log, String sha256, Duration took) {}
