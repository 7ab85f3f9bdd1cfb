/**
 * A run's timeline to the report that a postmortem starts from, as HTML, Markdown and JSON. Pure
 * functions of the record: asks no server, reads no clock, and says nothing that the record
 * doesn't.
 */
@NullMarked
package dev.backout.postmortem;

import org.jspecify.annotations.NullMarked;
