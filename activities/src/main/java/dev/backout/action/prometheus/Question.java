package dev.backout.action.prometheus;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * About a moment, or about a time that ends with it.
 *
 * @param over null for a moment
 */
record Question(Server server, @Nullable Duration over, @Nullable Duration every) {

  Question moment() {
    return new Question(server, null, null);
  }

  Measured ask(String query, Instant at, ActionContext context) throws ActionException {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("query", query);
    if (over == null || every == null) {
      parameters.put("time", seconds(at));
      return Measured.of(server.ask("query", parameters, context));
    }
    parameters.put("start", seconds(at.minus(over)));
    parameters.put("end", seconds(at));
    parameters.put("step", BigDecimal.valueOf(every.toMillis(), 3).toPlainString());
    return Measured.of(server.ask("query_range", parameters, context));
  }

  private static String seconds(Instant time) {
    return BigDecimal.valueOf(time.toEpochMilli(), 3).toPlainString();
  }
}
