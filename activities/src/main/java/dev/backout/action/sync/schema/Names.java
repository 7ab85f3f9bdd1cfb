package dev.backout.action.sync.schema;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How a name of one database finds its like in another that treats capitals differently. */
final class Names {
  private Names() {}

  static <T> Optional<T> find(List<T> among, Function<T, String> name, String wanted) {
    for (T each : among) {
      if (name.apply(each).equals(wanted)) {
        return Optional.of(each);
      }
    }
    List<T> alike =
        among.stream().filter(each -> name.apply(each).equalsIgnoreCase(wanted)).toList();
    return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
  }
}
