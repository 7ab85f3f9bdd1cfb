/** Edits .env files in place. Knows no other system. */
@NullMarked
package dev.backout.action.dotenv;

import org.jspecify.annotations.NullMarked;
