/**
 * The migrations of a project that uses Prisma: which a database lacks, how to bring them there,
 * and what to do about one that failed. Speaks to the project by its own Prisma, where the project
 * lives; knows no database itself.
 */
@NullMarked
package dev.backout.action.prisma;

import org.jspecify.annotations.NullMarked;
