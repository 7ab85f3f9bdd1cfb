/** Reads .env files, and edits them in place. Knows no other system. */
@NullMarked
package dev.backout.action.dotenv;

import org.jspecify.annotations.NullMarked;
