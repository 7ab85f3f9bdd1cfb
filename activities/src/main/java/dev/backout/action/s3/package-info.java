/**
 * Backups in storage that speaks Amazon's S3: putting, finding, verifying and getting them. Must
 * not know what a backup is of.
 */
@NullMarked
package dev.backout.action.s3;

import org.jspecify.annotations.NullMarked;
