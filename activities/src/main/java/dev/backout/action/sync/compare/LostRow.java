package dev.backout.action.sync.compare;

import java.util.List;

/**
 * A row that would be lost, with what is confidential masked.
 *
 * @param how {@code lost} or {@code changed}
 * @param time as the database prints it; empty if nothing says so
 * @param values of all columns of the table that are compared
 */
record LostRow(String table, String how, String key, String time, List<String> values) {}
