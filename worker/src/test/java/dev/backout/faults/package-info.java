/**
 * Kills processes at chosen places of a run, starts them again, and compares what came of it with a
 * run that nobody disturbed. Must know the product only from outside, and by the names of the
 * methods at which it stops it.
 */
package dev.backout.faults;
