/**
 * What is configured, and where each value came from: flags, environment, files, defaults. Starts
 * nothing and asks no server.
 */
@NullMarked
package dev.backout.config;

import org.jspecify.annotations.NullMarked;
