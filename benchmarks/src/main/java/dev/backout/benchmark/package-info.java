/**
 * Measurements, side by side in one run, as ratios. Nothing of the product depends on them, and no
 * test is timed by them.
 */
@NullMarked
package dev.backout.benchmark;

import org.jspecify.annotations.NullMarked;
