/**
 * CEL between <code>${{</code> and <code>}}</code>: templates, types and values. Evaluates without
 * a clock or anything else from outside, so that a workflow may do it; knows neither plans nor
 * Temporal.
 */
@NullMarked
package dev.backout.runbook.expression;

import org.jspecify.annotations.NullMarked;
