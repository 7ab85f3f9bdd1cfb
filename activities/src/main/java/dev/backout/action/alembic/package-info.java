/**
 * The schema's version of a project that uses Alembic: where it is, what lies between it and
 * another, and how to go there. Speaks to the project by its own Python, where the project lives;
 * knows no database itself.
 */
@NullMarked
package dev.backout.action.alembic;

import org.jspecify.annotations.NullMarked;
