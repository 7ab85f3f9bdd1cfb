/**
 * Helm releases: their revisions, and how they are put back, replaced and removed. Speaks to them
 * by {@code helm}, as a person would.
 */
@NullMarked
package dev.backout.action.helm;

import org.jspecify.annotations.NullMarked;
