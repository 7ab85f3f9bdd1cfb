/**
 * Text to model: a YAML file becomes a {@link dev.backout.runbook.Runbook} or diagnostics with
 * file, line and column. Pure: reads the text it is given, and knows neither plans nor Temporal.
 */
@NullMarked
package dev.backout.runbook;

import org.jspecify.annotations.NullMarked;
