package dev.backout.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps outputs that are too big for a history in an evidence file, and leaves an excerpt of them
 * with a reference. An act that was done is never failed for the size of what it has to say.
 */
final class WholeOutputs {
  /** The field beside the outputs that says where the whole of them is, and what was cut. */
  static final String FIELD = "wholeOutputs";

  /** The largest outputs that a history and the journal hold, in bytes. */
  static final int MOST_BYTES = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(WholeOutputs.class);

  private WholeOutputs() {}

  /**
   * @param outputs masked
   */
  static JsonNode bounded(JsonNode outputs, ActionContext context) {
    if (!outputs.isObject() || Excerpt.bytes(outputs) <= MOST_BYTES) {
      return outputs;
    }
    // Room for the reference too.
    Excerpt.Of excerpt = Excerpt.of(outputs, MOST_BYTES - 8 * 1024);
    ObjectNode left = (ObjectNode) excerpt.value();
    ObjectNode whole = left.putObject(FIELD);
    keep(outputs.toPrettyString(), whole, context);
    ObjectNode cut = whole.putObject("cut");
    excerpt.cut().entrySet().stream()
        .limit(20)
        .forEach(each -> cut.put(Excerpt.head(each.getKey(), 200), each.getValue()));
    return left;
  }

  /** The act is done whether or not there is room for its outputs. */
  private static void keep(String text, ObjectNode whole, ActionContext context) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      Path file = context.evidence("outputs.json");
      write(file, bytes);
      whole.put("path", file.toString());
      whole.put("sha256", Sha256.of(text));
    } catch (IOException e) {
      LOG.warn("The outputs of step {} are cut, and not kept", context.call().step(), e);
      whole.put("lost", "The whole could not be kept: " + Excerpt.head(e.toString(), 500));
    }
    whole.put("size", bytes.length);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.deleteIfExists(draft);
      Path made = PrivateFiles.create(draft);
      try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
        java.nio.ByteBuffer left = java.nio.ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          int ignored = channel.write(left);
        }
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
