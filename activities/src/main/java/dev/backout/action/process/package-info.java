/**
 * Stops and starts processes of the worker's machine, by what Linux' /proc says of them. Knows no
 * other system.
 */
@NullMarked
package dev.backout.action.process;

import org.jspecify.annotations.NullMarked;
