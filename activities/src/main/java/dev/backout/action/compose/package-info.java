/**
 * Services of Docker Compose: what runs, which image, and how it is changed. Speaks to them by
 * {@code docker compose}, as a person would.
 */
@NullMarked
package dev.backout.action.compose;

import org.jspecify.annotations.NullMarked;
