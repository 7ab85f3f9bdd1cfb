/** Edits YAML files in place. Knows no other system. */
@NullMarked
package dev.backout.action.yaml;

import org.jspecify.annotations.NullMarked;
