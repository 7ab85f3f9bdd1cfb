/**
 * The worker's policy: who may start and decide what, and what may be done at all. Pure but for
 * reading its files; knows no commands, no server and no runbook's content.
 */
@NullMarked
package dev.backout.policy;

import org.jspecify.annotations.NullMarked;
