/**
 * Whether two databases hold the same, and what one has that the other has not. Reads only, in
 * memory that doesn't grow with the data. Must not know how data gets from one to the other.
 */
@NullMarked
package dev.backout.action.sync.compare;

import org.jspecify.annotations.NullMarked;
