/**
 * What Prometheus has measured, and what a service says of itself in Prometheus' exposition format.
 * Must not know what a metric means.
 */
@NullMarked
package dev.backout.action.prometheus;

import org.jspecify.annotations.NullMarked;
