/**
 * Where and how an action runs a program: on the worker, or where the application lives. For every
 * action that runs one. Knows no action.
 */
@NullMarked
package dev.backout.action.program;

import org.jspecify.annotations.NullMarked;
