/**
 * The service that the demo and the tests roll back: a small stand-in for Signal Harvester with the
 * same configuration files, tables, endpoints and logs. A program of its own; knows nothing of
 * Backout.
 */
@NullMarked
package dev.backout.demo.harvester;

import org.jspecify.annotations.NullMarked;
