package dev.backout.testing;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.StepCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a worker without restrictions would say: every path is allowed as it is, secrets come from a
 * map. Remembers heartbeats, and can cancel at one.
 */
public final class PlainContext implements ActionContext {
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final List<String> heartbeats = new ArrayList<>();
  private final List<StepCall.Approval> approvals = new ArrayList<>();
  private final String runId;
  private int attempt = 1;
  private @Nullable Path evidence;
  private boolean cancelled;
  private Runnable atHeartbeat = () -> {};

  public PlainContext() {
    this("run-1");
  }

  public PlainContext(String runId) {
    this.runId = runId;
  }

  public PlainContext secret(String name, String value) {
    secrets.put(name, value);
    return this;
  }

  /**
   * Which attempt of the step it is.
   *
   * @param directory where the worker keeps its evidence
   */
  public PlainContext attempt(int number, Path directory) {
    attempt = number;
    evidence = directory;
    return this;
  }

  /** Somebody has opened a checkpoint of the run. */
  public PlainContext approvedBy(String who) {
    approvals.add(new StepCall.Approval("authorize", who, true));
    return this;
  }

  /** The next heartbeat cancels the action. */
  public PlainContext cancel() {
    cancelled = true;
    return this;
  }

  /** What to do at each heartbeat: something that happens while the action waits. */
  public PlainContext atHeartbeat(Runnable happening) {
    atHeartbeat = happening;
    return this;
  }

  public synchronized List<String> heartbeats() {
    return List.copyOf(heartbeats);
  }

  @Override
  public StepCall call() {
    return new StepCall(runId, "runbook", "target", "step", attempt, null, List.copyOf(approvals));
  }

  @Override
  public String reveal(String textOrSecret) throws ActionException {
    if (!textOrSecret.startsWith("secret:")) {
      return textOrSecret;
    }
    String value = secrets.get(textOrSecret.substring("secret:".length()));
    if (value == null) {
      throw new ActionException(ActionException.Kind.INVALID_INPUT, "no such secret");
    }
    return value;
  }

  @Override
  public void conceal(String value) {
    secrets.put("concealed " + secrets.size(), value);
  }

  @Override
  public String mask(String text) {
    String masked = text;
    for (String value : secrets.values()) {
      masked = masked.replace(value, "***");
    }
    return masked;
  }

  @Override
  public synchronized void heartbeat(String progress) {
    heartbeats.add(progress);
    atHeartbeat.run();
    if (cancelled) {
      throw new CancelledException("cancelled by the test");
    }
  }

  @Override
  public Path allowed(Path path) {
    return path;
  }

  @Override
  public void allowProgram(String program) {
    // all are
  }

  @Override
  public Path evidence(String name) throws IOException {
    return evidence == null
        ? Files.createTempDirectory("evidence-").resolve(name)
        : evidence.resolve("step-" + attempt + "-" + name);
  }
}
