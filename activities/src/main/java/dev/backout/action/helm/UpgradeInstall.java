package dev.backout.action.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Manifest;
import dev.backout.action.Preview;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Installs a chart, or upgrades a release to it. */
@ActionInfo(
    name = "helm.upgradeInstall",
    summary =
        "Install a chart as a Helm release or upgrade the release to it, and wait until its pods are ready",
    description =
        """
        The chart gets exactly the values that are said here and its own defaults (`--reset-values`): Helm by itself would take those of
        the last revision, also of one that failed. `valuesOf` takes those of a revision that is named, below the others.

        ```yaml
        uses: helm.upgradeInstall
        with:
          context: production
          namespace: payments
          release: poller
          chart: /srv/charts/poller
          valuesOf: "${{ steps.good.outputs.revision }}"
          values: { image: { tag: "${{ inputs.tag }}" } }
        ```

        Secrets in `values` are written as `secret:NAME`; they reach Helm in a file that only the worker's user can read.
        """,
    repeatable = Repeatable.SAFE,
    because =
        "Chart and values are said in full, so a repetition asks for the same; it only makes one more revision.")
public final class UpgradeInstall implements Action<UpgradeInstall.Input, UpgradeInstall.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace, which must be there.") String namespace,
      @Doc("The release's name.") String release,
      @Doc(
              "The chart: an absolute path on the worker, a URL (`oci://…`, `https://…`), or `REPOSITORY/CHART` of a repository that the worker's Helm knows.")
          String chart,
      @Doc("The chart's version, where it comes from a repository. The newest if absent.")
          @Nullable String version,
      @Doc(value = "Files with values, the later ones on top.", defaultValue = "[]")
          List<Path> valuesFiles,
      @Doc(value = "Values, on top of the files.", defaultValue = "{}") Map<String, Object> values,
      @Doc(
              value = "A revision whose values are taken, below the others. None if 0.",
              defaultValue = "0")
          int valuesOf,
      @Doc(value = "How long its pods may take to be ready.", defaultValue = "5m")
          Duration within) {}

  public record Output(
      @Doc("The revision that this made.") int revision,
      @Doc("The newest revision before this step; 0 if there was none.") int formerRevision,
      @Doc("The chart with its version.") String chart,
      @Doc("The version of the application in it; empty if the chart says none.")
          String appVersion) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Release release = Release.of(input.context(), input.namespace(), input.release(), context);
    release.begin();
    String chart = chart(input, context);
    String mark = mark(context);
    int former =
        release.former(
            release.awaitQuiet(input.within()),
            newest -> newest.description().equals(mark) || !newest.wasThrough());
    try (Values values = values(input, release, context)) {
      List<String> words = new ArrayList<>(words(input, chart, values));
      words.addAll(List.of("--description", mark));
      release.helm().act(words, input.within(), "upgrade.txt");
    }
    Revision newest = Release.last(release.revisions());
    if (!newest.isDeployed()) {
      throw new ActionException(
          Kind.TRANSIENT,
          "helm is through, and the newest revision of "
              + release
              + " is "
              + newest
              + ": somebody else is at it at the same time. Find out who, then retry.");
    }
    return new Output(newest.revision(), former, newest.chart(), newest.appVersion());
  }

  /**
   * By this an attempt on another worker knows a revision that an earlier one has made. Numbers,
   * since a step may be called by words that Helm has for what failed.
   */
  private static String mark(ActionContext context) {
    return "Upgrade complete, by Backout "
        + Integer.toHexString((context.call().runId() + " " + context.call().step()).hashCode());
  }

  private static Values values(Input input, Release release, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    String former =
        input.valuesOf() == 0
            ? ""
            : release
                .helm()
                .ask(
                    List.of(
                        "get",
                        "values",
                        release.name(),
                        "--revision",
                        Integer.toString(input.valuesOf()),
                        "--output",
                        "json"));
    // Nothing at all is `null` to Helm.
    return Values.of(
        former.strip().equals("null") ? "" : former, input.valuesFiles(), input.values(), context);
  }

  private static String chart(Input input, ActionContext context) throws ActionException {
    String chart = Helm.requireWord("chart", input.chart());
    boolean remote = chart.contains("://");
    if (!remote && (chart.startsWith("/") || chart.startsWith("."))) {
      return context.allowed(Path.of(chart)).toString();
    }
    if (!remote && chart.chars().filter(each -> each == '/').count() != 1) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "'"
              + chart
              + "' is no chart: expected an absolute path, a URL or REPOSITORY/CHART. Nothing was changed; correct `chart`.");
    }
    return chart;
  }

  private static List<String> words(Input input, String chart, Values values)
      throws ActionException {
    List<String> words =
        new ArrayList<>(List.of("upgrade", input.release(), chart, "--install", "--reset-values"));
    String version = input.version();
    if (version != null && !version.isEmpty()) {
      words.addAll(List.of("--version", Helm.requireWord("version", version)));
    }
    words.addAll(values.options());
    return words;
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Release release = Release.of(input.context(), input.namespace(), input.release(), context);
    String chart = chart(input, context);
    Optional<Revision> newest = release.newest().filter(Revision::isInstalled);
    List<JsonNode> now = newest.isEmpty() ? List.of() : release.manifest(newest.get().revision());
    List<JsonNode> then;
    try (Values values = values(input, release, context)) {
      List<String> words = new ArrayList<>(words(input, chart, values));
      words.addAll(List.of("--dry-run=server", "--output", "json"));
      then = Manifest.read(manifest(release.helm().ask(words)));
    }
    return new Preview(
        (newest.isEmpty()
            ? "Would install " + input.chart() + " as " + release
            : "Would upgrade "
                + release
                + " from revision "
                + newest.get()
                + " to "
                + input.chart()),
        true,
        ManifestDiff.of(now, then, context),
        null);
  }

  private static String manifest(String answer) throws ActionException {
    try {
      return Helm.JSON.readTree(answer).path("manifest").asText("");
    } catch (JsonProcessingException e) {
      throw new ActionException(
          Kind.PERMANENT,
          "What `helm upgrade --dry-run` says is not the JSON that was expected.",
          e);
    }
  }
}
