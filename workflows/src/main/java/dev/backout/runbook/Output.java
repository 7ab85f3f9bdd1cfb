package dev.backout.runbook;

import org.jspecify.annotations.Nullable;

/** What a runbook gives back when it has succeeded. */
public record Output(Located<String> name, Expression value, @Nullable String description) {}
