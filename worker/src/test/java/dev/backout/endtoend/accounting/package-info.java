/** A small accounting service, a program of its own, for the runbooks that bring it back. */
@NullMarked
package dev.backout.endtoend.accounting;

import org.jspecify.annotations.NullMarked;
