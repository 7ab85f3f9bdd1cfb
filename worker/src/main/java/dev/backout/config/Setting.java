package dev.backout.config;

/**
 * A value in force and where it came from.
 *
 * @param value as a person may see it: what is secret is shown as {@code ***}
 * @param source {@code flag --address}, {@code TEMPORAL_ADDRESS}, {@code profile prod in
 *     …/temporal.toml}, {@code default}
 */
public record Setting(String name, String value, String source) {}
