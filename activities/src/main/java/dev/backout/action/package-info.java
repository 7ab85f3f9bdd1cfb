/**
 * The service-provider interface of actions, their registry and the one dispatcher that Temporal
 * calls. Knows nothing of runbooks or workflows.
 */
@NullMarked
package dev.backout.action;

import org.jspecify.annotations.NullMarked;
