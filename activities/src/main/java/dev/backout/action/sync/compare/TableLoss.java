package dev.backout.action.sync.compare;

import dev.backout.action.Doc;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What of one table would be lost. */
public record TableLoss(
    @Doc("The table.") String table,
    @Doc("How many rows only the source has.") long lost,
    @Doc("How many rows both have, of which the target has other values.") long changed,
    @Doc("How many rows only the target has: they would be there again.") long onlyInTarget,
    @Doc("The column that says when; absent if there is none.") @Nullable String timeColumn,
    @Doc("When the first of the lost and changed rows is from; absent if nothing says so.")
        @Nullable Instant first,
    @Doc("When the last of them is from.") @Nullable Instant last,
    @Doc("Columns that the target hasn't, with all that is in them.") List<String> columns) {

  boolean isLossless() {
    return lost == 0 && changed == 0 && columns.isEmpty();
  }
}
