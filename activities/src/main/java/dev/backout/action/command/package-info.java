/** Runs a program that the worker's operator has allowed. Knows no other system. */
@NullMarked
package dev.backout.action.command;

import org.jspecify.annotations.NullMarked;
