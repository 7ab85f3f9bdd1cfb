/** The worker: what it registers, what it may touch, and its journal. Knows no commands. */
@NullMarked
package dev.backout.worker;

import org.jspecify.annotations.NullMarked;
