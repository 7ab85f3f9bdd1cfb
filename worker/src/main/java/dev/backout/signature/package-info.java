/**
 * Decisions signed with a person's SSH key, in OpenSSH's signature format ({@code ssh-keygen -Y},
 * namespace {@code backout}): signing, and checking a signature against {@code allowed_signers} and
 * a list of revoked keys. Knows bytes and keys; must not know what is decided, nor anything else of
 * Backout. Where it judges, it judges as {@code ssh-keygen -Y verify} does, or more strictly.
 */
@NullMarked
package dev.backout.signature;

import org.jspecify.annotations.NullMarked;
