/** Looks at how much room there is. Knows no other system. */
@NullMarked
package dev.backout.action.disk;

import org.jspecify.annotations.NullMarked;
