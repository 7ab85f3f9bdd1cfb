/** Gives files the content that they had. Knows nothing of what stands in them. */
@NullMarked
package dev.backout.action.file;

import org.jspecify.annotations.NullMarked;
