package dev.backout.action;

import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A program that prints a secret, given its name as the last argument. It says that it has none by
 * ending well and printing nothing; anything else is a failure of its own.
 *
 * @param limit how long it may take
 */
record SecretHelper(List<String> command, Duration limit) {
  private static final int LAST_WORDS = 500;

  /**
   * @return null if it has no such secret
   * @throws ActionException if it can't be run, fails or doesn't answer; never with a value
   */
  @Nullable String ask(String name) throws ActionException {
    Process process = start(name);
    CompletableFuture<String> answer = reading(process.getInputStream());
    CompletableFuture<String> complaint = reading(process.getErrorStream());
    try {
      long deadline = System.nanoTime() + limit.toNanos();
      if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        throw late(name);
      }
      String said = answer.get(left(deadline), TimeUnit.NANOSECONDS);
      if (process.exitValue() != 0) {
        throw failed(
            name, process.exitValue(), said, complaint.get(left(deadline), TimeUnit.NANOSECONDS));
      }
      return said.isBlank() ? null : stripLineEnd(said);
    } catch (TimeoutException e) {
      throw late(name);
    } catch (ExecutionException e) {
      throw new ActionException(
          Kind.TRANSIENT, what(name) + " can't be listened to: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ActionException(Kind.TRANSIENT, "The worker is shutting down.", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start(String name) throws ActionException {
    List<String> words = new ArrayList<>(command);
    words.add(name);
    try {
      Process process = new ProcessBuilder(words).start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new ActionException(
          Kind.PERMANENT,
          what(name)
              + " can't be run: "
              + e.getMessage()
              + ". Correct secrets.command in worker.yaml, or install it, then retry.",
          e);
    }
  }

  /** In a thread of its own: what the helper has started may hold the pipe for ever. */
  private static CompletableFuture<String> reading(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                String read =
                    new String(stream.readNBytes(SecretStore.LONGEST + 1), StandardCharsets.UTF_8);
                text.complete(read);
              } catch (IOException e) {
                text.completeExceptionally(new UncheckedIOException(e));
              }
            },
            "backout-secrets-helper");
    reader.setDaemon(true);
    reader.start();
    return text;
  }

  /** What it printed before it failed may be the secret, and its complaint may repeat that. */
  private ActionException failed(String name, int exitCode, String said, String complaint) {
    Masks masks = new Masks();
    said.lines().map(String::strip).forEach(masks::add);
    String words = masks.apply(complaint).strip();
    String last = words.substring(Math.max(0, words.length() - LAST_WORDS));
    return new ActionException(
        Kind.PERMANENT,
        what(name)
            + " failed with exit code "
            + exitCode
            + (last.isEmpty() ? " and said nothing" : " and said: " + last)
            + (last.endsWith(".") ? " " : ". ")
            + "Mend that, then retry; a helper that has no such secret prints nothing and ends with 0.");
  }

  private ActionException late(String name) {
    return new ActionException(
        Kind.TRANSIENT,
        what(name)
            + " did not answer within "
            + Durations.print(limit)
            + " and was ended. See whether it waits for a login or a server, then retry.");
  }

  private String what(String name) {
    return "The secrets helper " + command.get(0) + ", asked for " + name + ",";
  }

  private static long left(long deadline) {
    return Math.max(1, deadline - System.nanoTime());
  }

  static String stripLineEnd(String text) {
    return text.replaceFirst("\\r?\\n$", "");
  }
}
