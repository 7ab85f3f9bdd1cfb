/** Log files: what they say, also after they were rotated. Must not know who writes them. */
@NullMarked
package dev.backout.action.logs;

import org.jspecify.annotations.NullMarked;
