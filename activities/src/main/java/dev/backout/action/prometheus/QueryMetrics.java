package dev.backout.action.prometheus;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Durations;
import dev.backout.action.Preview;
import dev.backout.action.TextOrSecret;
import dev.backout.action.web.Headers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks Prometheus for a number, now and when all was well. */
@ActionInfo(
    name = "prometheus.query",
    summary = "Ask Prometheus for a number, and how it compares with before",
    description =
        """
        Asks by PromQL. What counts as well is the step's or trigger's own `expect`:

        ```yaml
        uses: prometheus.query
        with:
          url: http://127.0.0.1:9090
          query: histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
          baseline: { ago: 7d }
        expect: outputs.?ratio.orValue(2.0) <= 1.2
        ```

        Counters and histograms are PromQL's: `rate` and `increase` know a counter's reset, `histogram_quantile` a latency. With
        `over` it looks at all the values of that time, not at one: `value` is their average, `least` and `greatest` their
        extremes.

        The query must give one series. Say `sum(…)` or `max(…)`, or `many: true` and look at `outputs.series`.

        No series, a value that is no number (`0/0` where there was no traffic) and a sample older than `maxAge` fail: nobody
        knows then how it is. Where nothing means zero, say so: `sum(rate(errors_total[5m])) or vector(0)`. In a trigger such a
        failure, or a Prometheus that can't be asked, does not hold: what is not known is no reason to roll back.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks.")
public final class QueryMetrics implements Action<QueryMetrics.Input, QueryMetrics.Output> {
  private static final int POINTS = 60;
  private static final int SHOWN = 5;

  public record Input(
      @Doc("The base URL of the Prometheus server.") URI url,
      @Doc("What to ask, in PromQL.") String query,
      @Doc("The bearer token to send, `secret:NAME`.") @Nullable TextOrSecret token,
      @Doc(value = "Headers to send; a value may be a secret.", defaultValue = "{}")
          Map<String, TextOrSecret> headers,
      @Doc("The time to ask about. Now, if absent.") @Nullable Instant at,
      @Doc("Look at all of so long a time before it, not at that moment alone.")
          @Nullable Duration over,
      @Doc("How far apart the values of that time are. A sixtieth of it if absent, at least 1s.")
          @Nullable Duration every,
      @Doc("What to compare with: the same query for an earlier time.") @Nullable Baseline baseline,
      @Doc(
              "How old the newest sample may be, where the query is a metric and no function of it; a function's age is that of its range.")
          @Nullable Duration maxAge,
      @Doc(value = "Whether the query may give several series.", defaultValue = "false")
          boolean many,
      @Doc(value = "How long the whole answer may take.", defaultValue = "10s") Duration timeout) {}

  public record Output(
      @Doc(
              value = "The value; with `over` the average. Of several series the greatest.",
              reading = true)
          double value,
      @Doc(
              value = "The least value of the time, of all series; without `over` the value.",
              reading = true)
          double least,
      @Doc(
              value = "The greatest value of the time, of all series; without `over` the value.",
              reading = true)
          double greatest,
      @Doc(
              value = "The value at the time of `baseline`. Absent without it, and with `many`.",
              reading = true)
          @Nullable Double baseline,
      @Doc(
              value =
                  "The value divided by that of `baseline`. Absent without it, with `many`, and where that is zero and the value isn't; 1 where both are zero.",
              reading = true)
          @Nullable Double ratio,
      @Doc(value = "Each series by itself.", reading = true) List<Series> series,
      @Doc(value = "The time that was asked about.", reading = true) Instant at,
      @Doc(value = "How old the oldest sample is, with `maxAge`.", reading = true)
          @Nullable Duration age,
      @Doc("What Prometheus warned of.") List<String> warnings) {}

  public record Series(
      @Doc("Its labels.") Map<String, String> labels,
      @Doc("Its value; with `over` the average.") double value,
      @Doc("Its least value.") double least,
      @Doc("Its greatest value.") double greatest,
      @Doc("Its value at the time of `baseline`; absent if there was none.")
          @Nullable Double baseline,
      @Doc("The value divided by that of `baseline`; absent if that can't be said.")
          @Nullable Double ratio) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    Web.require(input.url());
    Server server =
        new Server(
            input.url(),
            Headers.revealed(input.token(), input.headers(), context),
            input.timeout());
    Instant at = input.at() == null ? Instant.now() : input.at();
    Question question = new Question(server, input.over(), every(input));
    Measured now = question.ask(input.query(), at, context);
    requireData(now, input, "at " + at);
    Duration age = input.maxAge() == null ? null : age(question, input, at, context);
    List<String> warnings = new ArrayList<>(now.warnings());
    Measured before = null;
    if (input.baseline() != null) {
      Instant then = input.baseline().before(at);
      before = question.ask(input.query(), then, context);
      requireData(before, input, "at " + then + ", the time of `baseline`");
      warnings.addAll(before.warnings());
    }
    return output(input, compared(now, before), at, age, warnings);
  }

  private static @Nullable Duration every(Input input) throws ActionException {
    if (input.over() == null) {
      return null;
    }
    if (input.over().compareTo(Duration.ofSeconds(1)) < 0) {
      throw new ActionException(Kind.INVALID_INPUT, "over is to be 1s or longer, such as 10m.");
    }
    Duration wanted = input.every() == null ? input.over().dividedBy(POINTS) : input.every();
    return wanted.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wanted;
  }

  private static void requireData(Measured measured, Input input, String when)
      throws ActionException {
    if (measured.series().isEmpty()) {
      throw unknown(
          "`"
              + input.query()
              + "` gives no series "
              + when
              + ". Is its name right, is the service scraped, and does Prometheus keep so old data?"
              + " Where nothing means zero, write `"
              + input.query()
              + " or vector(0)`.");
    }
    if (measured.series().size() > 1 && !input.many()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "`"
              + input.query()
              + "` gives "
              + measured.series().size()
              + " series "
              + when
              + ", and one was expected: "
              + String.join(
                  ", ",
                  measured.series().keySet().stream().limit(SHOWN).map(Map::toString).toList())
              + ". Say sum(…) or max(…), or `many: true` and look at `outputs.series`.");
    }
    for (Map.Entry<Map<String, String>, List<Double>> each : measured.series().entrySet()) {
      requireNumbers(each.getKey(), each.getValue(), input.query(), when);
    }
  }

  /** A gap of some values leaves a time's average a number; nothing but gaps doesn't. */
  private static void requireNumbers(
      Map<String, String> labels, List<Double> values, String query, String when)
      throws ActionException {
    if (values.stream().noneMatch(Double::isFinite)) {
      throw unknown(
          "`"
              + query
              + "` gives "
              + values.stream().findFirst().map(QueryMetrics::print).orElse("nothing")
              + (labels.isEmpty() ? "" : " for " + labels)
              + " "
              + when
              + ", which is no number that could be compared: a division by zero, as where there was"
              + " no traffic, or a histogram of its own. Correct `query`, or wait for traffic.");
    }
  }

  private static String print(double value) {
    return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  }

  private static ActionException unknown(String message) {
    return new ActionException(Kind.UNKNOWN_OUTCOME, message);
  }

  private static Duration age(Question question, Input input, Instant at, ActionContext context)
      throws ActionException {
    Measured times = question.moment().ask("timestamp(" + input.query() + ")", at, context);
    double oldest =
        times.series().values().stream()
            .flatMap(List::stream)
            .mapToDouble(Double::doubleValue)
            .min()
            .orElse(Double.NaN);
    if (Double.isNaN(oldest)) {
      throw unknown("Nobody can say how old `" + input.query() + "` is at " + at + ".");
    }
    long millis = Math.max(0, at.toEpochMilli() - Math.round(oldest * 1000));
    Duration age = Duration.ofMillis(millis);
    if (input.maxAge() != null && age.compareTo(input.maxAge()) > 0) {
      throw unknown(
          "The last sample of `"
              + input.query()
              + "` is "
              + Durations.print(age)
              + " old, and may be "
              + Durations.print(input.maxAge())
              + ". See whether Prometheus still reaches what it scrapes: the query `up` says so.");
    }
    return age;
  }

  private static List<Series> compared(Measured now, @Nullable Measured before) {
    List<Series> all = new ArrayList<>();
    now.series()
        .forEach(
            (labels, values) -> {
              double value = Summary.of(values).average();
              List<Double> then = before == null ? null : before.series().get(labels);
              Double baseline = then == null ? null : (Double) Summary.of(then).average();
              all.add(
                  new Series(
                      new LinkedHashMap<>(labels),
                      value,
                      Summary.of(values).least(),
                      Summary.of(values).greatest(),
                      baseline,
                      baseline == null ? null : ratio(value, baseline)));
            });
    return all;
  }

  private static @Nullable Double ratio(double value, double baseline) {
    if (baseline == 0) {
      return value == 0 ? Double.valueOf(1) : null;
    }
    return value / baseline;
  }

  private static Output output(
      Input input, List<Series> series, Instant at, @Nullable Duration age, List<String> warnings) {
    Series one = series.get(0);
    boolean compared = !input.many();
    return new Output(
        series.stream().mapToDouble(Series::value).max().orElse(one.value()),
        series.stream().mapToDouble(Series::least).min().orElse(one.least()),
        series.stream().mapToDouble(Series::greatest).max().orElse(one.greatest()),
        compared ? one.baseline() : null,
        compared ? one.ratio() : null,
        series,
        at,
        age,
        warnings);
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Output output = run(input, context);
    String compared =
        output.ratio() == null
            ? ""
            : String.format(
                java.util.Locale.ROOT,
                ", %.3g times the %.6g of before",
                output.ratio(),
                output.baseline());
    String found =
        String.format(java.util.Locale.ROOT, "%.6g", output.value())
            + (input.many() ? " at most, of " + output.series().size() + " series" : compared);
    return new Preview(found + " now: " + input.query(), false, List.of(), output);
  }
}
