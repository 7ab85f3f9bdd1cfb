package dev.backout.demo;

import dev.backout.archive.RunSummary;
import dev.backout.client.BackoutClient;
import dev.backout.config.Flags;
import dev.backout.config.Settings;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.RunStatus.WaitingFor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Decides in the reader's place, with the same commands that a person would type. */
final class Deciding implements AutoCloseable {
  private static final long PAUSE_MILLIS = 100;

  private final List<String> done = new CopyOnWriteArrayList<>();
  private final @Nullable Thread thread;

  private Deciding(@Nullable Thread thread) {
    this.thread = thread;
  }

  static Deciding leftToTheReader() {
    return new Deciding(null);
  }

  static Deciding byItself(DemoHome home, Commands commands, @Nullable Mishap mishap) {
    Watcher watcher = new Watcher(home, commands, mishap);
    Thread thread = new Thread(watcher, "decide");
    Deciding deciding = new Deciding(thread);
    watcher.done = deciding.done;
    thread.setDaemon(true);
    thread.start();
    return deciding;
  }

  /** What was decided, one line each. */
  List<String> done() {
    return List.copyOf(done);
  }

  @Override
  public void close() throws InterruptedException {
    if (thread != null) {
      thread.interrupt();
      thread.join(5_000);
    }
  }

  private static final class Watcher implements Runnable {
    private final DemoHome home;
    private final Commands commands;
    private final @Nullable Mishap mishap;
    private final Set<String> decided = new HashSet<>();
    private List<String> done = List.of();

    Watcher(DemoHome home, Commands commands, @Nullable Mishap mishap) {
      this.home = home;
      this.commands = commands;
      this.mishap = mishap;
    }

    @Override
    public void run() {
      Settings settings = Settings.load(Flags.NONE, home.wholeEnvironment());
      List<RunStatus> statuses = new ArrayList<>();
      try (BackoutClient client = BackoutClient.openToRead(settings)) {
        while (!Thread.currentThread().isInterrupted()) {
          for (RunSummary run : client.runs()) {
            if (run.workflowId().startsWith("backout/") && !run.state().isFinal()) {
              client.status(run).ifPresent(statuses::add);
            }
          }
          for (RunStatus status : statuses) {
            answer(status);
          }
          statuses.clear();
          Thread.sleep(PAUSE_MILLIS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException | RuntimeException e) {
        done.add("The demo could not decide by itself: " + e.getMessage());
      }
    }

    private void answer(RunStatus status) throws IOException, InterruptedException {
      for (Waiting waiting : status.waiting()) {
        if (decided.add(waiting.step() + " since " + waiting.since())) {
          decide(waiting);
        }
      }
    }

    private void decide(Waiting waiting) throws IOException, InterruptedException {
      if (waiting.reason() == WaitingFor.CHECKPOINT) {
        type("approve", waiting.step(), "--comment", "the demo was started with --yes");
      } else if (mishap != null && waiting.step().equals(mishap.step())) {
        mishap.close();
        type("retry", waiting.step(), "--reason", mishap.reason());
      } else {
        type("stop", waiting.step(), "--reason", "nobody is here to decide otherwise");
      }
    }

    private void type(String choice, String step, String flag, String reason)
        throws IOException, InterruptedException {
      Commands.Said said = commands.ask(List.of(choice, "@latest", step, flag, reason));
      done.add(
          "The demo typed: backout "
              + choice
              + " @latest "
              + step
              + " "
              + flag
              + " \""
              + reason
              + "\"");
      if (said.exit() != 0) {
        done.add("    and was told: " + said.text().strip());
      }
    }
  }
}
