/**
 * How people are told: PagerDuty, Slack, e-mail, a status page, tickets. Must not know what a run
 * does, but what it says of itself in an event.
 */
@NullMarked
package dev.backout.action.channel;

import org.jspecify.annotations.NullMarked;
