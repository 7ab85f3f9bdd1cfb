/**
 * Proves again, from histories alone, who started a run and who decided in it: what was signed is
 * put together from the record and checked against the signatures. Knows no server and no commands.
 */
@NullMarked
package dev.backout.proof;

import org.jspecify.annotations.NullMarked;
