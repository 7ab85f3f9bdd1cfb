/** What the launcher script needs of Java besides the commands. */
@NullMarked
package dev.backout.launch;

import org.jspecify.annotations.NullMarked;
