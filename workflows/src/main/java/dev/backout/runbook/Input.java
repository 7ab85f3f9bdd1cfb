package dev.backout.runbook;

import dev.backout.catalog.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * An input of a runbook.
 *
 * @param type a scalar, {@code OneOf}, or a list of scalars; {@code Any} where it could not be
 *     read; {@code secret} is {@code TEXT_OR_SECRET}
 * @param secret whether only a reference {@code secret:NAME} will do
 * @param required false where there is a default or the runbook says so
 * @param defaultValue checked against the type; without templates
 */
public record Input(
    Located<String> name,
    ValueType type,
    boolean secret,
    @Nullable String description,
    boolean required,
    @Nullable Value defaultValue) {}
