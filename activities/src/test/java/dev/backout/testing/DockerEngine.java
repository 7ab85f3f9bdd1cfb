package dev.backout.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Docker daemon and an image registry of the tests' own, on loopback, in a directory of their
 * own. Their images are made from busybox. Needs the superuser; leaves no process, mount, network
 * or file behind.
 */
public final class DockerEngine implements AutoCloseable {
  private static final String CONTEXT = "backout-tests";
  private static final List<String> APPLETS =
      List.of(
          "sh", "nc", "cat", "wget", "sleep", "env", "touch", "ls", "yes", "head", "ps", "kill",
          "seq", "pwd", "setsid", "rm");

  private final Path root;
  private final int registryPort = Daemon.freePort();
  private Daemon daemon;
  private Daemon registry;

  private DockerEngine(Path root) {
    this.root = root;
    this.daemon = startDaemon();
    this.registry = startRegistryDaemon();
  }

  /** Returns when it is ready. Tests share one: they have it by an annotation. */
  public static DockerEngine start() {
    try {
      DockerEngine engine = new DockerEngine(Files.createTempDirectory("backout-docker-"));
      engine.configureClient();
      return engine;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Daemon startDaemon() {
    Path socket = socket();
    return Daemon.start(
        root.resolve("dockerd.log"),
        () -> Files.exists(socket) && answers(),
        List.of(
            "dockerd",
            "--data-root=" + root.resolve("data"),
            "--exec-root=" + root.resolve("exec"),
            "--pidfile=" + root.resolve("dockerd.pid"),
            "--host=unix://" + socket,
            // An address of this machine only; no rule in its firewall and no bridge but those of
            // networks, which go with them.
            "--ip=127.0.0.1",
            "--iptables=false",
            "--ip6tables=false",
            "--bridge=none"));
  }

  private Daemon startRegistryDaemon() {
    try {
      Path file = root.resolve("registry.yml");
      Files.writeString(
          file,
          "version: 0.1\nlog: { level: warn }\nstorage:\n  filesystem: { rootdirectory: \""
              + root.resolve("registry")
              + "\" }\nhttp: { addr: \"127.0.0.1:"
              + registryPort
              + "\" }\n");
      return Daemon.start(
          root.resolve("registry.log"),
          () -> Daemon.listens(registryPort),
          List.of("docker-registry", "serve", file.toString()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Where {@code docker} finds this daemon and Compose, for the tests of this module. */
  private void configureClient() throws IOException {
    Path config = config();
    Path plugins = Files.createDirectories(config.resolve("cli-plugins"));
    Files.deleteIfExists(plugins.resolve("docker-compose"));
    Files.createSymbolicLink(plugins.resolve("docker-compose"), onPath("docker-compose"));
    Files.writeString(config.resolve("config.json"), "{}");
    docker("context", "rm", "--force", CONTEXT);
    require(docker("context", "create", CONTEXT, "--docker", "host=unix://" + socket()));
    require(docker("context", "use", CONTEXT));
  }

  private static Path onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private boolean answers() {
    return run(List.of("docker", "--host", "unix://" + socket(), "version"), "").exit() == 0;
  }

  private Path socket() {
    return root.resolve("docker.sock");
  }

  private static Path config() {
    String directory = System.getenv("DOCKER_CONFIG");
    if (directory == null) {
      throw new AssertionError("The build gives the tests a DOCKER_CONFIG of their own");
    }
    return Path.of(directory);
  }

  /** What a process needs to speak to this daemon that isn't started by the build. */
  public Map<String, String> environment() {
    return Map.of("DOCKER_CONFIG", config().toString());
  }

  /** HOST:PORT of the registry. */
  public String registry() {
    return "127.0.0.1:" + registryPort;
  }

  /** A free port, for a service to be published on. */
  public int freePort() {
    return Daemon.freePort();
  }

  /** A command's exit code and all that it wrote. */
  public record Said(int exit, String text) {}

  public Said docker(String... words) {
    List<String> all = new ArrayList<>(List.of("docker"));
    all.addAll(List.of(words));
    return run(all, "");
  }

  private static void require(Said said) {
    if (said.exit() != 0) {
      throw new AssertionError(said.text());
    }
  }

  /** Makes the sample service's image and pushes it. */
  public void publish(String tag) {
    image(tag, "");
    require(docker("push", "--quiet", reference(tag)));
  }

  /** The same, of a release that never gets healthy. */
  public void publishBroken(String tag) {
    image(tag, "touch broken; ");
    require(docker("push", "--quiet", reference(tag)));
  }

  /**
   * Makes the sample service's image, of this machine alone.
   *
   * @param more what a shell does in the image's root before it is made
   */
  public void makeImage(String tag, String more) {
    image(tag, more);
  }

  /** Forgets the image that the daemon has under the tag, as a clean-up does. */
  public void forget(String tag) {
    require(docker("image", "rm", "--force", reference(tag)));
  }

  public String reference(String tag) {
    return registry() + "/api:" + tag;
  }

  private void image(String tag, String more) {
    Path content = ComposeSite.resource("api").getParent();
    String script =
        "set -e; d=$(mktemp -d); trap 'rm -rf $d' EXIT; cd $d; mkdir bin etc tmp proc; "
            + "cp $(command -v busybox) bin/busybox; "
            + "for a in "
            + String.join(" ", APPLETS)
            + "; do ln -s busybox bin/$a; done; "
            + "cp '"
            + content.resolve("api")
            + "' '"
            + content.resolve("jobs")
            + "' bin; chmod +x bin/*; echo "
            + tag
            + " > version; "
            + more
            + "tar -c . | docker import --change 'ENV PATH=/bin' - "
            + reference(tag);
    require(run(List.of("sh", "-c", script), ""));
  }

  /** Gives the tag the content of another, in the registry, as somebody does who pushes it anew. */
  public void pushOver(String tag, String content) {
    String former = docker("image", "inspect", "--format", "{{.Id}}", reference(tag)).text();
    require(docker("tag", reference(content), reference(tag)));
    require(docker("push", "--quiet", reference(tag)));
    require(docker("tag", former.strip(), reference(tag)));
  }

  public void stopRegistry() {
    registry.close();
  }

  public void startRegistry() {
    registry = startRegistryDaemon();
  }

  public void stopDaemon() {
    daemon.close();
  }

  public void restartDaemon() {
    daemon.close();
    daemon = startDaemon();
  }

  static Said run(List<String> words, String input) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      try (var in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Said(process.waitFor(), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    run(
        List.of(
            "sh",
            "-c",
            "docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes; docker network prune --force"),
        "");
    docker("context", "rm", "--force", CONTEXT);
    daemon.close();
    registry.close();
    unmountAll();
    delete();
  }

  /** What a daemon that was killed leaves mounted; the last mount first. */
  private void unmountAll() {
    try {
      Files.readAllLines(Path.of("/proc/self/mounts")).stream()
          .map(line -> line.split(" ", -1)[1])
          .filter(mount -> mount.startsWith(root + "/"))
          .sorted(Comparator.reverseOrder())
          .forEach(mount -> run(List.of("umount", "--lazy", mount), ""));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void delete() {
    require(run(List.of("rm", "-rf", "--one-file-system", root.toString()), ""));
  }
}
