/**
 * Copies of histories that outlive their server, and what a server itself knows of runs. Never
 * decides anything about a run.
 */
@NullMarked
package dev.backout.archive;

import org.jspecify.annotations.NullMarked;
