/**
 * A Temporal history to what people read: status, timeline, objectives met or missed. Pure
 * functions; asks no server.
 */
@NullMarked
package dev.backout.history;

import org.jspecify.annotations.NullMarked;
