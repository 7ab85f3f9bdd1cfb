package dev.backout.action.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.ByteSize;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import dev.backout.action.web.Answer;
import dev.backout.action.web.Headers;
import dev.backout.action.web.WebRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what a system says of itself now. */
@ActionInfo(
    name = "evidence.collect",
    summary = "Keep logs, configuration, pages and facts with their hashes, secrets masked",
    description =
        """
        Copies text files (their ends, where they are long), the answers of web pages, and facts that earlier steps gave, into a
        directory of the step in the run's evidence on the worker, with a `manifest.json` and a `SHA256SUMS` that
        `sha256sum --check` reads. The postmortem lists them with their hashes.

        ```yaml
        uses: evidence.collect
        with:
          files: [/var/log/poller/*.log, /srv/poller/.env]
          pages: { metrics: { url: "http://127.0.0.1:9102/metrics", token: "secret:METRICS_TOKEN" } }
          facts: { checkpoint: "${{ steps.checkpoint.outputs }}" }
          mask: ["secret:DATABASE_URL"]
        onFailure: continue
        ```

        Masked is what `mask` names, what looks like a credential by the name before it (`password=…`, `Authorization: …`,
        `token: …`), a password in a URL, and a private key. What can't be had is in `missing` and keeps nothing else from being
        kept; a file that isn't text isn't copied, since nothing in it could be masked.
        """,
    repeatable = Repeatable.SAFE,
    because = "It reads, and writes files of its own.",
    nothingToUndo = true)
public final class CollectEvidence
    implements Action<CollectEvidence.Input, CollectEvidence.Output> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_FILES = 200;

  public record Input(
      @Doc(
              value = "Text files: logs, configuration. Names may be glob patterns, `logs/*.log`.",
              defaultValue = "[]")
          List<Path> files,
      @Doc(value = "Web pages, by the name under which they are kept.", defaultValue = "{}")
          Map<String, Page> pages,
      @Doc(
              value = "Facts, by the name under which they are kept: what earlier steps gave.",
              defaultValue = "{}")
          Map<String, JsonNode> facts,
      @Doc(value = "Secrets that are masked, each `secret:NAME`.", defaultValue = "[]")
          List<TextOrSecret> mask,
      @Doc(value = "How much of a file's end is kept.", defaultValue = "16MiB")
          ByteSize maxFileSize) {}

  /** A page that is asked for by GET. */
  public record Page(
      @Doc("Where it is.") URI url,
      @Doc("The bearer token to send, `secret:NAME`.") @Nullable TextOrSecret token,
      @Doc(value = "Headers to send; a value may be a secret.", defaultValue = "{}")
          Map<String, TextOrSecret> headers) {}

  public record Output(
      @Doc("The manifest, on the worker.") Path path,
      @Doc("SHA-256 of the manifest, which has those of all files; hexadecimal.") String sha256,
      @Doc("The directory that holds it and the files.") Path directory,
      @Doc("The files.") List<Kept> files,
      @Doc("What could not be had, and why.") List<String> missing) {}

  public record Kept(
      @Doc("The file, on the worker.") Path path,
      @Doc("Where it is from.") String from,
      @Doc("Its SHA-256; hexadecimal.") String sha256,
      @Doc("Its length in bytes.") long size) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException, IOException {
    for (TextOrSecret secret : input.mask()) {
      context.conceal(context.reveal(secret.text()));
    }
    Collection collection = Collection.in(context);
    for (Path file : found(input, collection, context)) {
      keepFile(file, input, collection);
    }
    for (Map.Entry<String, Page> page : input.pages().entrySet()) {
      keepPage(page.getKey(), page.getValue(), input, collection, context);
    }
    for (Map.Entry<String, JsonNode> fact : input.facts().entrySet()) {
      String text = fact.getValue().toPrettyString();
      collection.keep(
          fact.getKey() + ".json", "fact " + fact.getKey(), lines -> writeAll(text, lines));
    }
    if (collection.kept().isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          context.mask(
              "Nothing could be kept: "
                  + (collection.missing().isEmpty()
                      ? "the step names nothing. Give it files, pages or facts."
                      : String.join("; ", collection.missing()))));
    }
    Kept manifest = collection.seal();
    return new Output(
        manifest.path(),
        manifest.sha256(),
        collection.directory(),
        collection.kept(),
        collection.missing());
  }

  private static void writeAll(String text, Collection.Lines lines) throws IOException {
    for (String line : text.lines().toList()) {
      lines.line(line);
    }
  }

  private static List<Path> found(Input input, Collection collection, ActionContext context)
      throws ActionException, IOException {
    List<Path> found = new ArrayList<>();
    for (Path wanted : input.files()) {
      List<Path> here = matching(wanted, context);
      if (here.isEmpty()) {
        collection.missing(wanted.toString(), "there is no such file");
      }
      found.addAll(here);
    }
    if (found.size() > MOST_FILES) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          found.size() + " files fit, and at most " + MOST_FILES + " are kept. Name fewer.");
    }
    return found;
  }

  /** A pattern is one of names in a directory, and everything that it finds must be allowed. */
  private static List<Path> matching(Path wanted, ActionContext context)
      throws ActionException, IOException {
    String name = String.valueOf(wanted.getFileName());
    if (!name.matches(".*[*?\\[{].*")) {
      Path file = context.allowed(wanted);
      return Files.isRegularFile(file) ? List.of(file) : List.of();
    }
    Path parent = wanted.getParent();
    Path directory = context.allowed(parent == null ? Path.of(".") : parent);
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, name)) {
        for (Path file : files) {
          if (Files.isRegularFile(file)) {
            found.add(context.allowed(file));
          }
        }
      }
    }
    found.sort(null);
    return found;
  }

  private static void keepFile(Path file, Input input, Collection collection) {
    TextTail text = new TextTail(file, input.maxFileSize().bytes());
    try {
      if (text.isBinary()) {
        collection.missing(file.toString(), "it is not text, so nothing in it could be masked");
      } else {
        collection.keep(String.valueOf(file.getFileName()), file.toString(), text::writeTo);
      }
    } catch (IOException e) {
      collection.missing(file.toString(), "it can't be read: " + e);
    }
  }

  private static void keepPage(
      String name, Page page, Input input, Collection collection, ActionContext context)
      throws ActionException {
    Map<String, String> headers = Headers.revealed(page.token(), page.headers(), context);
    try {
      Answer answer =
          new WebRequest("GET", page.url(), headers, null, PATIENCE, input.maxFileSize().bytes())
              .send(context);
      collection.keep(
          name + ".txt",
          page.url() + ", status " + answer.status(),
          lines -> writeAll(answer.text(), lines));
    } catch (IOException e) {
      collection.missing(name, page.url() + " " + e.getMessage());
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException, IOException {
    List<String> lines = new ArrayList<>();
    for (Path wanted : input.files()) {
      List<Path> here = matching(wanted, context);
      here.forEach(file -> lines.add(file.toString()));
      if (here.isEmpty()) {
        lines.add(wanted + " (not there now)");
      }
    }
    input.pages().values().forEach(page -> lines.add(page.url().toString()));
    input.facts().keySet().forEach(fact -> lines.add("fact " + fact));
    return new Preview(
        "Would keep " + lines.size() + " files as evidence",
        true,
        List.of(new Detail(Preview.Kind.NOTE, "What is kept", lines)),
        null);
  }
}
