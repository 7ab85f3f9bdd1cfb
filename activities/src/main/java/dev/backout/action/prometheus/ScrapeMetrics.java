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
import dev.backout.action.web.Answer;
import dev.backout.action.web.Headers;
import dev.backout.action.web.WebRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a metric where a service itself exposes it. */
@ActionInfo(
    name = "prometheus.scrape",
    summary = "Read a metric from the page on which a service exposes its metrics",
    description =
        """
        Asks the service itself, as Prometheus would, so that it tells also where Prometheus is not, and what is true now. A metric
        that holds a time (its name ends with `_unixtime`, `_timestamp` or `_seconds`, and its value is one) has an `age`:

        ```yaml
        wait:
          uses: prometheus.scrape
          with:
            url: http://127.0.0.1:9102/metrics
            token: secret:METRICS_TOKEN
            metric: poller_last_success_unixtime
          until: outputs.?age.orValue(duration('1h')) < duration('2m')
        timeout: 10m
        ```

        One sample is expected; choose it by `labels`, or look at all of them in `outputs.samples` with `many: true`. A counter
        begins anew when its service does: compare rates by `prometheus.query`.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks.")
public final class ScrapeMetrics implements Action<ScrapeMetrics.Input, ScrapeMetrics.Output> {
  private static final long MOST_READ = 16L << 20;
  private static final int SHOWN = 5;

  /** 2001-09-09, in seconds: what is less is no time of anything that runs. */
  private static final double EARLIEST = 1e9;

  private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

  public record Input(
      @Doc("The page, such as `http://127.0.0.1:9102/metrics`.") URI url,
      @Doc("The sample's name, such as `poller_last_success_unixtime`.") String metric,
      @Doc(value = "Labels that it must have; it may have others.", defaultValue = "{}")
          Map<String, String> labels,
      @Doc("The bearer token to send, `secret:NAME`.") @Nullable TextOrSecret token,
      @Doc(value = "Headers to send; a value may be a secret.", defaultValue = "{}")
          Map<String, TextOrSecret> headers,
      @Doc(value = "Whether there may be several samples.", defaultValue = "false") boolean many,
      @Doc(value = "How long the whole answer may take.", defaultValue = "10s") Duration timeout) {}

  public record Output(
      @Doc(value = "The value. Of several samples the greatest.", reading = true) double value,
      @Doc(
              value =
                  "How long ago the time is that the value says. Absent if it says none, and with `many`.",
              reading = true)
          @Nullable Duration age,
      @Doc(value = "All the samples that were found.", reading = true) List<Sample> samples) {}

  public record Sample(
      @Doc("Its labels.") Map<String, String> labels, @Doc("Its value.") double value) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    Web.require(input.url());
    Exposition page = new Exposition(page(input, context));
    List<Exposition.Sample> found = found(page, input, context);
    List<Sample> samples =
        found.stream().map(each -> new Sample(each.labels(), each.value())).toList();
    double value = samples.stream().mapToDouble(Sample::value).max().orElse(0);
    return new Output(value, input.many() ? null : age(input.metric(), value), samples);
  }

  private static String page(Input input, ActionContext context) throws ActionException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "text/plain;version=0.0.4, text/plain;q=0.5");
    headers.putAll(Headers.revealed(input.token(), input.headers(), context));
    Answer answer;
    try {
      answer =
          new WebRequest("GET", input.url(), headers, null, input.timeout(), MOST_READ)
              .send(context);
    } catch (IOException e) {
      throw new ActionException(
          Kind.TRANSIENT,
          input.url() + " " + e.getMessage() + ". See whether the service runs and listens there.",
          e);
    }
    if (answer.status() == 401 || answer.status() == 403) {
      throw new ActionException(
          Kind.PERMANENT,
          input.url()
              + " answered "
              + answer.status()
              + (input.token() == null && input.headers().isEmpty()
                  ? ": it wants a token, and none is given. Set `token: secret:NAME`."
                  : ": it doesn't take this token. See what the service has, and what the secret holds."));
    }
    if (answer.status() != 200) {
      throw new ActionException(
          answer.isPassing() ? Kind.TRANSIENT : Kind.PERMANENT,
          input.url() + " answered " + answer.status() + ", and its metrics were expected.");
    }
    return answer.text();
  }

  private static List<Exposition.Sample> found(Exposition page, Input input, ActionContext context)
      throws ActionException {
    List<Exposition.Sample> all;
    try {
      all = page.samples(input.metric());
    } catch (Exposition.Malformed e) {
      throw new ActionException(
          Kind.PERMANENT,
          context.mask(
              input.url() + " shows a line that is not in Prometheus' format: " + e.getMessage()),
          e);
    }
    List<Exposition.Sample> fit =
        all.stream()
            .filter(each -> each.labels().entrySet().containsAll(input.labels().entrySet()))
            .toList();
    if (fit.isEmpty()) {
      throw new ActionException(Kind.PERMANENT, context.mask(missing(page, all, input)));
    }
    if (fit.size() > 1 && !input.many()) {
      throw new ActionException(
          Kind.PERMANENT,
          context.mask(
              fit.size()
                  + " samples of "
                  + input.metric()
                  + " fit, and one was expected: "
                  + shown(fit)
                  + ". Choose one by `labels`, or say `many: true`."));
    }
    for (Exposition.Sample each : fit) {
      if (!Double.isFinite(each.value())) {
        throw new ActionException(
            Kind.PERMANENT,
            context.mask(
                input.metric()
                    + each.labels()
                    + " is "
                    + each.value()
                    + " at "
                    + input.url()
                    + ", which is no number that could be compared."));
      }
    }
    return fit;
  }

  private static String missing(Exposition page, List<Exposition.Sample> all, Input input) {
    if (!all.isEmpty()) {
      return "No sample of "
          + input.metric()
          + " has the labels "
          + input.labels()
          + "; there are "
          + shown(all)
          + ".";
    }
    TreeSet<String> names = page.names();
    String nearest =
        String.join(", ", names.tailSet(input.metric()).stream().limit(SHOWN).toList());
    return input.url()
        + " shows no "
        + input.metric()
        + ", but "
        + names.size()
        + " other metrics"
        + (nearest.isEmpty() ? "" : ", among them " + nearest)
        + ". A counter may be missing until it counts for the first time.";
  }

  private static String shown(List<Exposition.Sample> samples) {
    return String.join(
        ", ", samples.stream().limit(SHOWN).map(each -> each.labels().toString()).toList());
  }

  private static @Nullable Duration age(String metric, double value) throws ActionException {
    boolean time = metric.endsWith("_unixtime") || metric.endsWith("_timestamp");
    if (!time && !(metric.endsWith("_seconds") && value >= EARLIEST)) {
      return null;
    }
    Instant now = Instant.now();
    if (value > now.plus(CLOCKS_DIFFER).getEpochSecond()) {
      throw new ActionException(
          Kind.PERMANENT,
          metric
              + " is "
              + String.format(java.util.Locale.ROOT, "%.0f", value)
              + ", which as seconds since 1970 is in the future. Is it in milliseconds, or a clock wrong?");
    }
    Duration age = Duration.between(Instant.ofEpochMilli(Math.round(value * 1000)), now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Output output = run(input, context);
    String found =
        String.format(java.util.Locale.ROOT, "%.6g", output.value())
            + (input.many() ? " at most, of " + output.samples().size() + " samples," : "");
    Duration age = output.age();
    return new Preview(
        input.metric()
            + " is "
            + found
            + " now"
            + (age == null
                ? ""
                : ", a time "
                    + Durations.print(Duration.ofSeconds(Objects.requireNonNull(age).toSeconds()))
                    + " ago"),
        false,
        List.of(),
        output);
  }
}
