/**
 * What people and machines see of plans, runs and records: one form as text, one as JSON or YAML.
 * Pure: knows neither commands, nor servers, nor the clock.
 */
@NullMarked
package dev.backout.cli.view;

import org.jspecify.annotations.NullMarked;
