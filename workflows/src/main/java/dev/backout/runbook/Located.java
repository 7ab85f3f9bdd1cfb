package dev.backout.runbook;

/** A value and where the runbook says it. */
public record Located<T>(T value, SourceRange range) {}
