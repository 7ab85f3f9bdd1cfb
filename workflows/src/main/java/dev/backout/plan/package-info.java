/**
 * Model, action catalog and inputs to an {@link dev.backout.plan.ExecutionPlan}: an immutable value
 * that can be stored, hashed, shown and run. Pure: knows neither Temporal nor any system.
 */
@NullMarked
package dev.backout.plan;

import org.jspecify.annotations.NullMarked;
