package dev.backout.benchmark;

import dev.backout.testing.ComposeSite;
import dev.backout.testing.DockerEngine;
import dev.backout.testing.KubernetesCluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How long it takes from a command until nothing of the poller runs any more: by the kill switch's
 * runbook, beside what a person would type: the API itself, Helm, and Docker Compose. The control
 * plane is real and its nodes are simulated, so a pod goes as soon as it is told to; the clock
 * stops when the API server has told a watch that the last one went, whether the command has ended
 * or not. How long the whole command takes is a table of its own.
 */
public final class KillSwitchBenchmark {
  private static final int ROUNDS = 5;
  private static final int PODS = 3;
  private static final long SETTLE_SECONDS = 3;
  private static final long PATIENCE_SECONDS = 60;
  private static final String RUNBOOK = "runbooks/kill-switch/poller.yaml";
  private static final String POLLER = "poller";

  private final Path work;
  private final KubernetesCluster cluster;
  private final DockerEngine docker;
  private final Path chart;
  private final Map<String, List<Duration>> whole = new LinkedHashMap<>();

  private KillSwitchBenchmark(Path work, KubernetesCluster cluster, DockerEngine docker)
      throws IOException {
    this.work = work;
    this.cluster = cluster;
    this.docker = docker;
    this.chart = KubernetesCluster.chart(work);
  }

  /** Run from the repository's root, with KUBECONFIG and DOCKER_CONFIG of its own. */
  public static void main(String[] args) throws Exception {
    Path work = Files.createTempDirectory("kill-switch-benchmark-");
    try (KubernetesCluster cluster = KubernetesCluster.start();
        DockerEngine docker = DockerEngine.start()) {
      new KillSwitchBenchmark(work, cluster, docker).run();
    }
  }

  private void run() throws Exception {
    docker.publish("v1");
    backout("server", "start");
    try {
      Map<String, Comparison.Contender> contenders = new LinkedHashMap<>();
      contenders.put("the API by curl", () -> pods("the API by curl", this::api));
      contenders.put("backout run", () -> pods("backout run", this::runbook));
      contenders.put("helm rollback by hand", () -> pods("helm rollback by hand", this::helm));
      contenders.put("docker compose up by hand", this::compose);
      new Comparison("Kill switch, until nothing of the poller runs", ROUNDS, contenders)
          .run(System.out);
      commands();
    } finally {
      backout("server", "stop");
    }
  }

  /** The same rounds, by how long the commands took. */
  private void commands() throws Exception {
    Map<String, Comparison.Contender> contenders = new LinkedHashMap<>();
    whole.forEach((name, took) -> contenders.put(name, () -> took.remove(0)));
    new Comparison("Kill switch, whole command", ROUNDS, contenders).run(System.out);
  }

  private interface Command {
    List<String> words(String namespace) throws IOException;
  }

  /** From the command until the API server lists no pod. */
  private Duration pods(String name, Command command) throws Exception {
    String namespace = cluster.namespace();
    // Its first revision has no pods, so that Helm can go back to it.
    install(namespace, 0);
    install(namespace, PODS);
    List<String> words = command.words(namespace);
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    CountDownLatch gone = new CountDownLatch(PODS);
    try (Watch unused = cluster.client().pods().inNamespace(namespace).watch(counting(gone))) {
      long began = System.nanoTime();
      Process process = begin(words);
      if (!gone.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(name + " has not taken the pods away");
      }
      final Duration took = Duration.ofNanos(System.nanoTime() - began);
      end(process, words);
      whole
          .computeIfAbsent(name, any -> new ArrayList<>())
          .add(Duration.ofNanos(System.nanoTime() - began));
      return took;
    } finally {
      cluster.client().namespaces().withName(namespace).delete();
    }
  }

  /** The API server tells of each by itself: asking it again and again takes a core of two. */
  private static Watcher<Pod> counting(CountDownLatch gone) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, Pod pod) {
        if (action == Action.DELETED) {
          gone.countDown();
        }
      }

      @Override
      public void onClose(WatcherException cause) {
        throw new IllegalStateException("The API server ended the watch", cause);
      }
    };
  }

  private void install(String namespace, int replicas) {
    String unused =
        KubernetesCluster.helm(
            namespace,
            "upgrade",
            "--install",
            POLLER,
            chart.toString(),
            "--wait",
            "--set",
            "replicas=" + replicas);
  }

  private List<String> api(String namespace) throws IOException {
    var config = cluster.client().getConfiguration();
    Path authority = work.resolve("authority.pem");
    Files.write(authority, java.util.Base64.getDecoder().decode(config.getCaCertData()));
    return List.of(
        "curl",
        "--silent",
        "--fail",
        "--cacert",
        authority.toString(),
        "--header",
        "Authorization: Bearer " + KubernetesCluster.TOKEN,
        "--header",
        "Content-Type: application/merge-patch+json",
        "--request",
        "PATCH",
        "--data",
        "{\"spec\":{\"replicas\":0}}",
        config.getMasterUrl()
            + "apis/apps/v1/namespaces/"
            + namespace
            + "/deployments/"
            + POLLER
            + "/scale");
  }

  private List<String> runbook(String namespace) {
    return List.of(
        Path.of("backout").toAbsolutePath().toString(),
        "run",
        RUNBOOK,
        "--yes",
        "--input",
        "context=" + KubernetesCluster.CONTEXT,
        "--input",
        "ns=" + namespace,
        "--input",
        "poller=" + POLLER);
  }

  private List<String> helm(String namespace) {
    return List.of(
        "helm",
        "rollback",
        POLLER,
        "1",
        "--wait",
        "--kube-context",
        KubernetesCluster.CONTEXT,
        "--namespace",
        namespace);
  }

  /** The same on one machine: a container that does as it is told is taken away. */
  private Duration compose() throws Exception {
    Path home = Files.createTempDirectory(work, "site-");
    try (ComposeSite site = ComposeSite.layOut(docker, home, "v1").up()) {
      List<String> words =
          List.of(
              "docker",
              "compose",
              "--project-directory",
              site.home().toString(),
              "up",
              "--detach",
              "--scale",
              "jobs=0");
      long began = System.nanoTime();
      end(begin(words), words);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      if (!site.container("jobs").isEmpty()) {
        throw new IllegalStateException("the jobs still run");
      }
      return took;
    }
  }

  private void backout(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of("backout").toAbsolutePath().toString()));
    command.addAll(List.of(words));
    end(begin(command), command);
  }

  private Process begin(List<String> words) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(work.resolve("output.log").toFile());
    builder.environment().put("XDG_STATE_HOME", work.resolve("state").toString());
    return builder.start();
  }

  private void end(Process process, List<String> words) throws IOException, InterruptedException {
    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          words + " failed:\n" + Files.readString(work.resolve("output.log")));
    }
  }
}
