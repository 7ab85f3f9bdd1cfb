package dev.backout.action;

import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One execution's view of its worker. Beats in the background too, so that a quiet second of an
 * action isn't taken for its worker's death.
 */
public final class WorkerContext implements ActionContext, AutoCloseable {
  private static final long BEAT_SECONDS = 2;

  private final StepCall call;
  private final SecretStore secrets;
  private final WorkerLimits limits;
  private final Consumer<String> heartbeat;
  private final Masks masks = new Masks();
  private final ScheduledExecutorService beats =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "backout-heartbeat");
            thread.setDaemon(true);
            return thread;
          });
  private volatile String progress = "";
  private volatile @Nullable RuntimeException cancelled;

  /**
   * @param heartbeat tells the server; throws when the execution was cancelled
   */
  public WorkerContext(
      StepCall call, SecretStore secrets, WorkerLimits limits, Consumer<String> heartbeat) {
    this.call = call;
    this.secrets = secrets;
    this.limits = limits;
    this.heartbeat = heartbeat;
    var unused =
        beats.scheduleAtFixedRate(this::beat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public StepCall call() {
    return call;
  }

  @Override
  public String reveal(String textOrSecret) throws ActionException {
    if (!textOrSecret.startsWith(SecretStore.PREFIX)) {
      return textOrSecret;
    }
    String value = secrets.resolve(textOrSecret.substring(SecretStore.PREFIX.length()));
    masks.add(value);
    return value;
  }

  @Override
  public void conceal(String value) {
    masks.add(value);
  }

  @Override
  public String mask(String text) {
    return masks.apply(text);
  }

  @Override
  public void heartbeat(String progress) {
    this.progress = Messages.bounded(mask(progress));
    beat();
    if (cancelled != null) {
      throw new CancelledException("The step was cancelled.");
    }
  }

  private void beat() {
    try {
      heartbeat.accept(progress);
    } catch (RuntimeException e) {
      cancelled = e;
    }
  }

  @Override
  public Path allowed(Path path) throws ActionException {
    Path real = real(path.toAbsolutePath().normalize());
    refuseOutside(path, real, limits.directories(), "worker.yaml");
    WorkerLimits.Fence fence = limits.fence();
    if (fence != null) {
      refuseOutside(path, real, fence.directories(), fence.place());
    }
    return real;
  }

  private static void refuseOutside(Path path, Path real, List<Path> directories, String decidedIn)
      throws ActionException {
    for (Path directory : directories) {
      if (real.startsWith(real(directory))) {
        return;
      }
    }
    throw new ActionException(
        Kind.NOT_ALLOWED,
        path
            + (real.equals(path) ? "" : " (really " + real + ")")
            + " is outside the directories that this worker may touch: "
            + directories
            + ". The worker's operator decides that, in "
            + decidedIn
            + ".");
  }

  /** With the symbolic links of as much of it as exists followed. */
  private static Path real(Path path) throws ActionException {
    Path rest = Path.of("");
    for (Path at = path; at != null; at = at.getParent()) {
      try {
        return at.toRealPath().resolve(rest).normalize();
      } catch (IOException e) {
        if (Files.isSymbolicLink(at)) {
          // Whatever is made through it would be made where it points, which nobody has looked at.
          throw new ActionException(
              Kind.NOT_ALLOWED,
              at
                  + " is a symbolic link to something that can't be found. Mend the link, or name the file itself.");
        }
        Path name = at.getFileName();
        rest = name == null ? rest : name.resolve(rest);
      }
    }
    return path;
  }

  @Override
  public void allowProgram(String program) throws ActionException {
    if (!limits.programs().contains(program)) {
      throw new ActionException(
          Kind.NOT_ALLOWED,
          "This worker may not run '"
              + program
              + "': it may run "
              + (limits.programs().isEmpty() ? "no program" : String.join(", ", limits.programs()))
              + ". The worker's operator decides that, under allowedPrograms in worker.yaml.");
    }
  }

  @Override
  public Path evidence(String name) throws IOException {
    Path directory = PrivateFiles.directories(limits.evidence().resolve(call.runId()));
    String step = call.step().replaceAll("[^A-Za-z0-9_.-]", "_");
    return directory.resolve(step + "-" + call.attempt() + "-" + name);
  }

  @Override
  public void close() {
    beats.shutdownNow();
  }
}
