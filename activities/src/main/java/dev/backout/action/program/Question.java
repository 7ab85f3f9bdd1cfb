package dev.backout.action.program;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Durations;
import dev.backout.action.ProcessTree;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Asks a program something that it answers at once, and that changes nothing. */
public final class Question {
  private static final int LONGEST = 32 << 20;
  private static final long POLL_MILLIS = 20;
  private static final int TURNS_BETWEEN_BEATS = 50;

  private Question() {}

  /**
   * @param environment the whole of it
   * @param beat called every second or so; what it throws ends the question
   * @throws ActionException if the program isn't there, does not answer in time, or answers with
   *     more than 32 MiB
   */
  public static Answer ask(
      List<String> words,
      Path directory,
      Map<String, String> environment,
      Duration timeout,
      Runnable beat)
      throws ActionException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    String mark = UUID.randomUUID().toString();
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put(ProcessTree.MARK, mark);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw ProgramRun.notStarted(words.get(0), e);
    }
    FutureTask<byte[]> out = read(process.getInputStream());
    FutureTask<byte[]> err = read(process.getErrorStream());
    try {
      await(process, words, timeout, beat);
      return new Answer(process.exitValue(), text(out, words), text(err, words));
    } finally {
      if (process.isAlive()) {
        var unused = new ProcessTree(process, ProcessTree.MARK + "=" + mark).end(Duration.ZERO);
      }
    }
  }

  private static void await(Process process, List<String> words, Duration timeout, Runnable beat)
      throws ActionException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (int turn = 1; !process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS); turn++) {
      if (System.nanoTime() > deadline) {
        throw new ActionException(
            Kind.TRANSIENT,
            "`"
                + String.join(" ", words)
                + "` has not answered within "
                + Durations.print(timeout)
                + ". Nothing was changed; see whether what it asks is well, then retry.");
      }
      if (turn % TURNS_BETWEEN_BEATS == 0) {
        beat.run();
      }
    }
  }

  private static FutureTask<byte[]> read(InputStream stream) {
    FutureTask<byte[]> reading = new FutureTask<>(() -> stream.readNBytes(LONGEST));
    Thread thread = new Thread(reading, "backout-question");
    thread.setDaemon(true);
    thread.start();
    return reading;
  }

  private static String text(FutureTask<byte[]> read, List<String> words)
      throws ActionException, InterruptedException {
    try {
      return new String(read.get(), StandardCharsets.UTF_8);
    } catch (ExecutionException e) {
      throw new ActionException(
          Kind.TRANSIENT, "What `" + String.join(" ", words) + "` says can't be read: " + e, e);
    }
  }
}
