package dev.backout.action.helm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Manifest;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes a release's objects away. */
@ActionInfo(
    name = "helm.uninstall",
    summary = "Take a Helm release's objects away, and keep what it needs to come back",
    description =
        """
        Waits until the objects are gone. Helm keeps the revisions (`--keep-history`), so `helm.putBack` brings back exactly what was there, with
        the values that it had, and no chart is needed. The manifest is also kept as evidence on the worker, without what Secrets hold.

        What the chart's objects kept themselves, such as a volume claim's data, goes as the chart says; look at it in the preview.
        """,
    repeatable = Repeatable.SAFE,
    because = "What is gone stays gone.")
public final class UninstallRelease
    implements Action<UninstallRelease.Input, UninstallRelease.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The release's name.") String release,
      @Doc(value = "How long the objects may take to go.", defaultValue = "5m") Duration within) {}

  public record Output(
      @Doc("The revision that it was on; 0 if there was none.") int formerRevision,
      @Doc("Where its manifest is kept, on the worker; absent if there was nothing to take away.")
          @Nullable Path evidence,
      @Doc("What it stopped: the release; absent if somebody has said how the step ended.")
          @Nullable List<String> stopped) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Release release = Release.of(input.context(), input.namespace(), input.release(), context);
    release.begin();
    Optional<Revision> newest = release.awaitQuiet(input.within());
    int former = release.former(newest, each -> !each.isInstalled());
    if (isGone(newest)) {
      return new Output(former, null, List.of());
    }
    Path evidence = keep(release.manifest(newest.orElseThrow().revision()), context);
    release.uninstall(input.within());
    return new Output(former, evidence, List.of(input.release()));
  }

  private static boolean isGone(Optional<Revision> newest) {
    return newest.filter(Revision::isInstalled).isEmpty();
  }

  private static Path keep(List<JsonNode> manifest, ActionContext context) throws IOException {
    StringBuilder text = new StringBuilder();
    for (JsonNode each : manifest) {
      text.append("---\n").append(Manifest.yaml(Manifest.shown(each, context), context));
    }
    Path file = PrivateFiles.create(context.evidence("manifest.yaml"));
    return Files.writeString(file, context.mask(text.toString()));
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Release release = Release.of(input.context(), input.namespace(), input.release(), context);
    Optional<Revision> newest = release.newest();
    if (isGone(newest)) {
      return new Preview(release + " is not installed", false, List.of(), null);
    }
    List<String> objects =
        release.manifest(newest.get().revision()).stream().map(Manifest::name).toList();
    return new Preview(
        "Would uninstall " + release + ", which is on revision " + newest.get(),
        true,
        List.of(new Detail(Preview.Kind.LOSS, "Objects that would go", objects)),
        null);
  }
}
