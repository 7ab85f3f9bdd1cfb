/**
 * The command line: one class for each command. A command parses, delegates and renders; what is
 * done, and whether it may be, is decided elsewhere.
 */
@NullMarked
package dev.backout.cli;

import org.jspecify.annotations.NullMarked;
