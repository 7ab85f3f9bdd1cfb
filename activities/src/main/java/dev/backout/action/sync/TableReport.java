package dev.backout.action.sync;

import dev.backout.action.Doc;

/** What became of a table. */
public record TableReport(
    @Doc("Its name.") String table,
    @Doc("How many rows were read of the source: all, or those since.") long read,
    @Doc("How many of them the target did not have.") long inserted,
    @Doc("How many of them the target had otherwise.") long updated,
    @Doc("How many rows were deleted in the target.") long deleted,
    @Doc("How many rows the target has that the source has not, and that stay.") long onlyInTarget,
    @Doc("How many rows both sides had changed.") long conflicts,
    @Doc("How many rows the target has now.") long rows) {}
