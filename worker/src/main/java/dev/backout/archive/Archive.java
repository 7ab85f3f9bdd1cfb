package dev.backout.archive;

import dev.backout.archive.RunSummary.Place;
import dev.backout.history.RunStatus.RunState;
import dev.backout.plan.Json;
import io.temporal.common.WorkflowExecutionHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder of histories: {@code RUN.history.json} as Temporal's own replayer reads it, and {@code
 * RUN.run.json}, an {@link Entry}. Each file is replaced as a whole, the history first, so that a
 * reader always finds a history that has at least what the entry says.
 */
public record Archive(Path folder) {
  private static final String ENTRY = ".run.json";
  private static final String HISTORY = ".history.json";

  /**
   * What is known of an archived run.
   *
   * @param server the server it was copied from: the background server's instance, or an address
   * @param durable whether that server still knows the run after it has been stopped
   */
  public record Entry(RunSummary run, String server, boolean durable) {

    /**
     * The run as it stands when {@code running} is the server that runs now: what has not ended can
     * only go on where its server is, or comes back.
     */
    public RunSummary truth(String running) {
      boolean lost = !run.state().isFinal() && !durable && !server.equals(running);
      return run.in(Place.ARCHIVE, lost ? RunState.INTERRUPTED : run.state());
    }
  }

  /** Every entry, in no order; those that can't be read are left out. */
  public List<Entry> entries() {
    List<Entry> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENTRY)) {
      for (Path file : files) {
        read(file).ifPresent(found::add);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("The archive in " + folder + " can't be read", e);
    }
    return found;
  }

  public Optional<Entry> entry(String runId) {
    return isRunId(runId) ? read(folder.resolve(runId + ENTRY)) : Optional.empty();
  }

  /** The history as it was last copied. */
  public Optional<WorkflowExecutionHistory> history(String runId) {
    Optional<Entry> entry = entry(runId);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    try {
      String json = Files.readString(folder.resolve(runId + HISTORY), StandardCharsets.UTF_8);
      return Optional.of(WorkflowExecutionHistory.fromJson(json, entry.get().run().workflowId()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("The archived history of run " + runId + " can't be read", e);
    }
  }

  /** Replaces what is kept of the run; what has ended is on the disk when this returns. */
  public void keep(Entry entry, WorkflowExecutionHistory history) throws IOException {
    Files.createDirectories(folder);
    boolean forGood = entry.run().state().isFinal();
    String runId = entry.run().runId();
    replace(runId + HISTORY, history.toJson(true).getBytes(StandardCharsets.UTF_8), forGood);
    replace(runId + ENTRY, Json.MAPPER.writeValueAsBytes(entry), forGood);
  }

  private void replace(String name, byte[] content, boolean durable) throws IOException {
    Path beside = Files.createTempFile(folder, name, ".part");
    try {
      Files.write(beside, content);
      if (durable) {
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
      Files.move(
          beside,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static Optional<Entry> read(Path file) {
    try {
      return Optional.of(Json.MAPPER.readValue(file.toFile(), Entry.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isRunId(String text) {
    return text.matches("[0-9A-Za-z-]+");
  }
}
