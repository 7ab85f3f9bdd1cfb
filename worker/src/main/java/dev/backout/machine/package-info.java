/**
 * What is found on the machine that this process runs on: its environment, its programs and what
 * they answer. Knows nothing of what anybody wants them for.
 */
@NullMarked
package dev.backout.machine;

import org.jspecify.annotations.NullMarked;
