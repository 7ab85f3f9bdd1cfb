package dev.backout.testing;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Kubernetes control plane of the tests' own, on loopback, in a directory of its own: etcd, API
 * server, controllers and scheduler are real, the nodes and what runs on them are simulated. What
 * becomes of a pod is said by its image's tag: see {@code kubernetes/stages.yaml}.
 */
public final class KubernetesCluster implements AutoCloseable {
  /** The context of an administrator, in the kubeconfig that the build names to the tests. */
  public static final String CONTEXT = "tests";

  /** Of somebody who may only look. */
  public static final String READER = "reader";

  /** Of somebody whose token the API server does not know any more. */
  public static final String EXPIRED = "expired";

  /** Of somebody whose certificate has run out. */
  public static final String EXPIRED_CERTIFICATE = "expired-certificate";

  /** Of an administrator with a key on an elliptic curve, as k3s and k3d write it. */
  public static final String ELLIPTIC = "elliptic";

  /** Of the same, whose key has its curve in front, as {@code openssl ecparam} writes it. */
  public static final String ELLIPTIC_WITH_CURVE = "elliptic-with-curve";

  /** Of the same, whose key is PKCS #8 and in a file of its own. */
  public static final String ELLIPTIC_IN_FILE = "elliptic-in-file";

  /** Of the same, with a key of a kind that can't be used. */
  public static final String EDWARDS = "edwards";

  /** Of somebody whose program that logs them in fails. */
  public static final String LOGGED_OUT = "logged-out";

  /** Of a cluster where nothing answers. */
  public static final String NOWHERE = "nowhere";

  /** Of this cluster, by somebody who doesn't know its authority. */
  public static final String UNTRUSTED = "untrusted";

  /** The administrator's token, which must never be seen. */
  public static final String TOKEN = "t0ken-of-the-administrator";

  private static final String CONTROLLERS =
      "deployment-controller,replicaset-controller,statefulset-controller,namespace-controller,"
          + "serviceaccount-controller,garbage-collector-controller";

  private final Path root;
  private final int port = Daemon.freePort();
  private final int store = Daemon.freePort();
  private final AtomicInteger namespaces = new AtomicInteger();
  private final List<Daemon> others = new ArrayList<>();
  private Daemon apiServer;
  private final KubernetesClient client;

  private KubernetesCluster(Path root) throws IOException {
    this.root = root;
    layOut();
    startStore();
    this.apiServer = startServer();
    Files.writeString(kubeconfig(), config());
    this.client = new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(config())).build();
    startControllers();
    startNodes();
  }

  /** Returns when it is ready. Tests share one: they have it by an annotation. */
  public static KubernetesCluster start() {
    try {
      return new KubernetesCluster(Files.createTempDirectory("backout-kubernetes-"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void layOut() throws IOException {
    try (InputStream stages =
        KubernetesCluster.class.getResourceAsStream("kubernetes/stages.yaml")) {
      Files.copy(Objects.requireNonNull(stages), root.resolve("stages.yaml"));
    }
    Files.writeString(
        root.resolve("tokens.csv"),
        TOKEN + ",admin,1,\"system:masters\"\nt0ken-of-the-reader,reader,2\n");
    Files.writeString(root.resolve("service-accounts.pem"), key("RSA"));
    ClientCertificate former =
        ClientCertificate.make(
            root.resolve("former.p12"), "RSA", "-startdate", "-2d", "-validity", "1");
    ClientCertificate elliptic =
        ClientCertificate.make(root.resolve("elliptic.p12"), "EC", "-groupname", "secp256r1");
    Files.writeString(root.resolve("former.crt"), former.certificate());
    Files.writeString(root.resolve("former.key"), former.key());
    Files.writeString(root.resolve("elliptic.crt"), elliptic.certificate());
    Files.writeString(root.resolve("elliptic.key"), elliptic.key());
    Files.writeString(root.resolve("elliptic-sec1.key"), elliptic.sec1());
    Files.writeString(
        root.resolve("elliptic-with-curve.key"), ClientCertificate.CURVE + elliptic.sec1());
    Files.writeString(root.resolve("edwards.key"), key("Ed25519"));
    // Each is its own authority.
    Files.writeString(root.resolve("clients.crt"), former.certificate() + elliptic.certificate());
  }

  private static String key(String algorithm) {
    try {
      byte[] key =
          KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate().getEncoded();
      return ClientCertificate.pem("PRIVATE KEY", key);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void startStore() {
    String peer = "http://127.0.0.1:" + Daemon.freePort();
    run(
        "etcd",
        () -> Daemon.listens(store),
        "--data-dir=" + root.resolve("etcd"),
        "--listen-client-urls=http://127.0.0.1:" + store,
        "--advertise-client-urls=http://127.0.0.1:" + store,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer,
        "--unsafe-no-fsync");
  }

  private Daemon startServer() {
    return part(
        "kube-apiserver",
        this::isReady,
        "--etcd-servers=http://127.0.0.1:" + store,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--secure-port=" + port,
        "--cert-dir=" + root.resolve("certificates"),
        "--client-ca-file=" + root.resolve("clients.crt"),
        "--token-auth-file=" + root.resolve("tokens.csv"),
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=" + root.resolve("service-accounts.pem"),
        "--service-account-signing-key-file=" + root.resolve("service-accounts.pem"),
        "--service-cluster-ip-range=10.0.0.0/24",
        "--endpoint-reconciler-type=none",
        // No node controller runs that would take the taint away again.
        "--disable-admission-plugins=TaintNodesByCondition,ServiceAccount");
  }

  private boolean isReady() {
    if (!Daemon.listens(port)) {
      return false;
    }
    try (KubernetesClient asking =
        new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(config())).build()) {
      return "ok".equals(asking.raw("/readyz"));
    } catch (RuntimeException | IOException e) {
      return false;
    }
  }

  private void startControllers() {
    String kubeconfig = "--kubeconfig=" + kubeconfig();
    run(
        "kube-controller-manager",
        () -> true,
        kubeconfig,
        "--controllers=" + CONTROLLERS,
        "--use-service-account-credentials=true",
        "--service-account-private-key-file=" + root.resolve("service-accounts.pem"),
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        "--leader-elect=false",
        "--secure-port=0");
    run("kube-scheduler", () -> true, kubeconfig, "--leader-elect=false", "--secure-port=0");
  }

  private void startNodes() {
    others.add(
        Daemon.start(
            root.resolve("kwok.log"),
            () -> true,
            List.of(
                "kwok",
                "--kubeconfig=" + kubeconfig(),
                "--config=" + root.resolve("stages.yaml"),
                "--manage-all-nodes=true")));
    client
        .load(
            new ByteArrayInputStream(
                """
                apiVersion: v1
                kind: Node
                metadata: { name: node }
                status:
                  capacity: { cpu: "64", memory: 256Gi, pods: "5000" }
                  allocatable: { cpu: "64", memory: 256Gi, pods: "5000" }
                """
                    .getBytes(StandardCharsets.UTF_8)))
        .create();
  }

  private void run(String program, java.util.function.BooleanSupplier ready, String... options) {
    others.add(part(program, ready, options));
  }

  private Daemon part(String program, java.util.function.BooleanSupplier ready, String... options) {
    List<String> words = new ArrayList<>(List.of("control-plane", program));
    words.addAll(List.of(options));
    return Daemon.start(root.resolve(program + ".log"), ready, words);
  }

  /** The kubeconfig that the build names to the tests and to what they start. */
  public static Path kubeconfig() {
    String file = System.getenv("KUBECONFIG");
    if (file == null) {
      throw new AssertionError("The build gives the tests a KUBECONFIG of their own");
    }
    return Path.of(file);
  }

  private String encoded(String file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(root.resolve(file)));
  }

  private String config() throws IOException {
    String authority = encoded("certificates/apiserver.crt");
    return """
        apiVersion: v1
        kind: Config
        clusters:
          - { name: here, cluster: { server: "https://127.0.0.1:%d", certificate-authority-data: %s } }
          - { name: nowhere, cluster: { server: "https://127.0.0.1:%d", certificate-authority-data: %s } }
          - { name: stranger, cluster: { server: "https://127.0.0.1:%d" } }
        users:
          - { name: admin, user: { token: %s } }
          - { name: reader, user: { token: t0ken-of-the-reader } }
          - { name: former, user: { token: t0ken-of-last-year } }
          - { name: former-certificate, user: { client-certificate-data: %s, client-key-data: %s } }
          - { name: elliptic, user: { client-certificate-data: %s, client-key-data: %s } }
          - { name: elliptic-with-curve, user: { client-certificate-data: %s, client-key-data: %s } }
          - { name: elliptic-in-file, user: { client-certificate: "%s", client-key: "%s" } }
          - { name: edwards, user: { client-certificate-data: %s, client-key-data: %s } }
          - { name: logged-out, user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: sh, args: [-c, "echo 'The session has ended. Log in again.' >&2; exit 1"], interactiveMode: Never } } }
        contexts:
          - { name: tests, context: { cluster: here, user: admin } }
          - { name: reader, context: { cluster: here, user: reader } }
          - { name: expired, context: { cluster: here, user: former } }
          - { name: expired-certificate, context: { cluster: here, user: former-certificate } }
          - { name: elliptic, context: { cluster: here, user: elliptic } }
          - { name: elliptic-with-curve, context: { cluster: here, user: elliptic-with-curve } }
          - { name: elliptic-in-file, context: { cluster: here, user: elliptic-in-file } }
          - { name: edwards, context: { cluster: here, user: edwards } }
          - { name: logged-out, context: { cluster: here, user: logged-out } }
          - { name: nowhere, context: { cluster: nowhere, user: admin } }
          - { name: untrusted, context: { cluster: stranger, user: admin } }
        current-context: tests
        """
        .formatted(
            port,
            authority,
            Daemon.freePort(),
            authority,
            port,
            TOKEN,
            encoded("former.crt"),
            encoded("former.key"),
            encoded("elliptic.crt"),
            encoded("elliptic-sec1.key"),
            encoded("elliptic.crt"),
            encoded("elliptic-with-curve.key"),
            root.resolve("elliptic.crt"),
            root.resolve("elliptic.key"),
            encoded("elliptic.crt"),
            encoded("edwards.key"));
  }

  /** An administrator's. */
  public KubernetesClient client() {
    return client;
  }

  /** A new namespace, in which the reader may look at everything but Secrets. */
  public String namespace() {
    String name = "test-" + namespaces.incrementAndGet();
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    apply(
        name,
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: { name: reader }
        rules:
          - apiGroups: ["", apps, networking.k8s.io]
            resources: [pods, events, configmaps, deployments, deployments/scale, statefulsets, ingresses]
            verbs: [get, list, watch]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: { name: reader }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: reader }]
        """);
    return name;
  }

  /** As {@code kubectl apply}. */
  public void apply(String namespace, String yaml) {
    client
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .inNamespace(namespace)
        .serverSideApply();
  }

  /** A deployment whose pods have the label {@code app} with its name. */
  public void deploy(String namespace, String name, int replicas, String tag) {
    apply(namespace, deployment(name, replicas, tag));
  }

  public static String deployment(String name, int replicas, String tag) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: %1$s }
        spec:
          replicas: %2$d
          progressDeadlineSeconds: 600
          selector: { matchLabels: { app: %1$s } }
          template:
            metadata: { labels: { app: %1$s } }
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{ name: main, image: "registry.test/%1$s:%3$s" }]
        """
        .formatted(name, replicas, tag);
  }

  /** So many pods of nobody's, on the node already. */
  public void pods(String namespace, String name, int count) {
    IntStream.range(0, count)
        .parallel()
        .forEach(
            number ->
                client
                    .pods()
                    .inNamespace(namespace)
                    .resource(
                        new PodBuilder()
                            .withNewMetadata()
                            .withName(name + "-" + number)
                            .addToLabels("app", name)
                            .endMetadata()
                            .withNewSpec()
                            .withNodeName("node")
                            .addNewContainer()
                            .withName("main")
                            .withImage("registry.test/" + name + ":v1")
                            .endContainer()
                            .endSpec()
                            .build())
                    .create());
  }

  public void awaitPods(String namespace, String name, int wanted) {
    await(
        () ->
            client.pods().inNamespace(namespace).withLabel("app", name).list().getItems().stream()
                    .filter(
                        pod ->
                            pod.getMetadata().getDeletionTimestamp() == null
                                && pod.getStatus().getContainerStatuses().stream()
                                    .anyMatch(status -> status.getImage() != null))
                    .count()
                == wanted);
  }

  public static void await(java.util.function.BooleanSupplier holds) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("It should be so by now");
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  /**
   * The sample chart, laid out in the directory: a deployment, a ConfigMap and a Secret, named
   * after the release.
   */
  public static Path chart(Path directory) throws IOException {
    Path chart = Files.createDirectories(directory.resolve("service"));
    Files.createDirectories(chart.resolve("templates"));
    for (String file : List.of("Chart.yaml", "values.yaml", "templates/service.yaml")) {
      try (InputStream in =
          KubernetesCluster.class.getResourceAsStream("kubernetes/chart/" + file)) {
        Files.copy(Objects.requireNonNull(in), chart.resolve(file));
      }
    }
    return chart;
  }

  /** {@code helm} in that namespace, which must succeed; what it says. */
  public static String helm(String namespace, String... words) {
    List<String> all = new ArrayList<>(List.of("helm"));
    all.addAll(List.of(words));
    all.addAll(List.of("--kube-context", CONTEXT, "--namespace", namespace));
    DockerEngine.Said said = DockerEngine.run(all, "");
    if (said.exit() != 0) {
      throw new AssertionError(said.text());
    }
    return said.text();
  }

  public void stopServer() {
    apiServer.kill();
  }

  public void startServerAgain() {
    apiServer = startServer();
  }

  @Override
  public void close() {
    client.close();
    for (int i = others.size() - 1; i >= 0; i--) {
      others.get(i).kill();
    }
    apiServer.kill();
    try (Stream<Path> files = Files.walk(root)) {
      files.sorted(Comparator.reverseOrder()).forEach(KubernetesCluster::delete);
      Files.deleteIfExists(kubeconfig());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
