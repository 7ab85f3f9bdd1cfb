/**
 * Silences of an Alertmanager, so that a rollback doesn't page those who carry it out. Must not
 * know which alerts there are.
 */
@NullMarked
package dev.backout.action.alertmanager;

import org.jspecify.annotations.NullMarked;
