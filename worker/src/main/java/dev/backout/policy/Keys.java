package dev.backout.policy;

import dev.backout.signature.AllowedSigners;
import dev.backout.signature.RevokedKeys;
import org.jspecify.annotations.Nullable;

/**
 * By which signatures are judged.
 *
 * @param allowed null where nobody may sign
 */
record Keys(@Nullable AllowedSigners allowed, RevokedKeys revoked) {}
