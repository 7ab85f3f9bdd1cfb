/** What is kept of a system's state for those who ask later. Must not know what it means. */
@NullMarked
package dev.backout.action.evidence;

import org.jspecify.annotations.NullMarked;
