/**
 * The demo: lays out a real service on a real PostgreSQL, breaks it, and lets the ordinary commands
 * roll it back. Its {@link dev.backout.demo.HarvesterSite} also serves tests and benchmarks. Knows
 * the other commands only by their words.
 */
@NullMarked
package dev.backout.demo;

import org.jspecify.annotations.NullMarked;
