package dev.backout.action.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActionContext;
import dev.backout.action.PrivateFiles;
import dev.backout.action.Sha256;
import dev.backout.action.StepCall;
import dev.backout.action.evidence.CollectEvidence.Kept;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The files of one step, in a directory of their own, and what stands in the manifest. */
final class Collection {
  static final String MANIFEST = "manifest.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final ActionContext context;
  private final List<Kept> kept = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final Set<String> names = new TreeSet<>();

  private Collection(Path directory, ActionContext context) {
    this.directory = directory;
    this.context = context;
  }

  static Collection in(ActionContext context) throws IOException {
    return new Collection(PrivateFiles.directories(context.evidence("evidence")), context);
  }

  Path directory() {
    return directory;
  }

  List<Kept> kept() {
    return List.copyOf(kept);
  }

  List<String> missing() {
    return List.copyOf(missing);
  }

  /** What could not be had: it is said, and the rest is kept all the same. */
  void missing(String what, String why) {
    missing.add(context.mask(what + ": " + why));
  }

  /** Takes lines one by one, so that a log need not fit into the memory. */
  interface Lines {
    void line(String line) throws IOException;
  }

  interface Source {
    void writeTo(Lines lines) throws IOException;
  }

  /**
   * Keeps text, line by line and masked.
   *
   * @param name what it is to be called here
   * @param from where it is from, for people
   */
  void keep(String name, String from, Source source) throws IOException {
    Path file = directory.resolve(free(name));
    Confidential confidential = new Confidential();
    MessageDigest digest = Sha256.digest();
    Files.deleteIfExists(file);
    try (OutputStream out =
        new DigestOutputStream(Files.newOutputStream(PrivateFiles.create(file)), digest)) {
      source.writeTo(
          line -> {
            context.heartbeat("keeping " + from);
            String masked = confidential.line(context.mask(line)) + "\n";
            out.write(masked.getBytes(StandardCharsets.UTF_8));
          });
    }
    kept.add(new Kept(file, context.mask(from), Sha256.of(digest), Files.size(file)));
  }

  private String free(String wanted) {
    String name = wanted.replaceAll("[^A-Za-z0-9_.-]", "_").replaceFirst("^\\.+", "_");
    String free = name;
    for (int i = 2; !names.add(free); i++) {
      free = i + "-" + name;
    }
    return free;
  }

  /** Writes the manifest, and the sums as {@code sha256sum --check} reads them. */
  Kept seal() throws IOException {
    StepCall call = context.call();
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("run", call.runId());
    manifest.put("runbook", call.runbook());
    manifest.put("target", call.target());
    manifest.put("step", call.step());
    manifest.put("collectedAt", Instant.now().toString());
    var files = manifest.putArray("files");
    StringBuilder sums = new StringBuilder();
    for (Kept each : kept) {
      String name = String.valueOf(each.path().getFileName());
      files
          .addObject()
          .put("name", name)
          .put("from", each.from())
          .put("sha256", each.sha256())
          .put("size", each.size());
      sums.append(each.sha256()).append("  ").append(name).append('\n');
    }
    var absent = manifest.putArray("missing");
    missing.forEach(absent::add);
    Kept sealed = plain(MANIFEST, manifest);
    sums.append(sealed.sha256()).append("  " + MANIFEST + "\n");
    Path file = directory.resolve("SHA256SUMS");
    Files.deleteIfExists(file);
    Files.writeString(PrivateFiles.create(file), sums);
    return sealed;
  }

  private Kept plain(String name, JsonNode content) throws IOException {
    byte[] bytes = (content.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    Path file = directory.resolve(name);
    Files.deleteIfExists(file);
    Files.write(PrivateFiles.create(file), bytes);
    return new Kept(file, "", Sha256.of(bytes), bytes.length);
  }
}
