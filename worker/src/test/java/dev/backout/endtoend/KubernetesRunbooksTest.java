package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.testing.KubernetesCluster;
import dev.backout.testing.RequiresKubernetes;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The runbooks for Helm and Kubernetes, by the commands that a person types, on a real control
 * plane.
 */
@RequiresKubernetes
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubernetesRunbooksTest {
  private static final Path RELEASE = Path.of("..", "runbooks", "emergency", "helm-release.yaml");
  private static final Path REDEPLOY = Path.of("..", "runbooks", "planned", "helm-redeploy.yaml");
  private static final Path KILL = Path.of("..", "runbooks", "kill-switch", "poller.yaml");
  private static final Path KEYS =
      Path.of("..", "runbooks", "kill-switch", "compromised-keys-kubernetes.yaml");
  private static final String KEY = "k3y-of-the-exchange";
  private static final String NEW_KEY = "new-k3y-of-theirs";
  private static final String POLLER = "problemsolver-poller";
  private static final String WEBHOOK = "problemsolver-webhook";

  private KubernetesCluster cluster;
  private OwnBackout backout;
  private Path chart;
  private String namespace;
  private String poller;

  @BeforeAll
  void ownBackout(KubernetesCluster shared, @TempDir Path directory) throws Exception {
    cluster = shared;
    Path root = directory.toRealPath();
    chart = KubernetesCluster.chart(root);
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root);
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @BeforeEach
  void aNamespaceOfItsOwn() {
    namespace = cluster.namespace();
  }

  @Test
  void bothReleasesGoBackToTheirLastGoodRevisionAndAnUndoOfTheRunBringsBackWhatRan()
      throws Exception {
    install(POLLER, "v1");
    install(WEBHOOK, "v1");
    install(POLLER, "v2");
    install(WEBHOOK, "v2");

    Running command = start(RELEASE, "--input", "service=" + namespace);
    approve(command, namespace);
    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    assertAll(
        () -> assertEquals("v1", tag(POLLER)),
        () -> assertEquals("v1", tag(WEBHOOK)),
        () -> assertFalse(backout.screen().contains(KEY), "a secret was shown"));

    Said undone = backout.run("undo", namespace, "--yes", "--reason", "v2 was not at fault");

    assertEquals(0, undone.exit(), undone::toString);
    assertAll(
        () -> assertEquals("v2", tag(POLLER)),
        () -> assertEquals("v2", tag(WEBHOOK)),
        () -> assertFalse(backout.screen().contains(KEY), "a secret was shown"),
        () ->
            assertFalse(backout.screen().contains(KubernetesCluster.TOKEN), "the token was shown"));
  }

  @Test
  void thePlanShowsWhatWouldChangeInEachObjectAndNoSecret() throws Exception {
    install(POLLER, "v1");
    install(WEBHOOK, "v1");
    install(POLLER, "v2");
    install(WEBHOOK, "v2");

    Said plan = backout.run(words("plan", RELEASE, "--input", "service=" + namespace));

    assertAll(
        () -> assertEquals(0, plan.exit(), plan::toString),
        () -> assertTrue(plan.all().contains("registry.test/" + POLLER + ":v1"), plan::toString),
        () -> assertFalse(plan.all().contains(KEY), plan::toString),
        () -> assertEquals("v2", tag(POLLER)));
  }

  @Test
  void whereTheRevisionNeverGetsReadyAPersonDecidesAndUndoBringsBackWhatRan() throws Exception {
    install(POLLER, "v1");
    install(WEBHOOK, "unready", "--wait=false");
    install(POLLER, "v2");
    install(WEBHOOK, "v2");

    Running command =
        start(RELEASE, "--input", "service=" + namespace, "--input", "readyWithin=3s");
    approve(command, namespace);
    Waiting failure = backout.question(command, namespace);

    assertEquals("webhook", failure.step(), failure::question);
    assertTrue(failure.question().contains("did not get ready in time"), failure::question);
    Said decided =
        backout.run("undo", namespace, "webhook", "--reason", "the old webhook is worse");
    assertEquals(0, decided.exit(), decided::toString);
    Said said = command.said();
    assertAll(
        () -> assertEquals(5, said.exit(), said::toString),
        () -> assertTrue(said.out().contains("Undone"), said::toString),
        () -> assertEquals("v2", tag(POLLER)),
        () -> assertEquals("v2", tag(WEBHOOK)));
  }

  @Test
  void bothReleasesAreInstalledAnewWithThePinnedTagAndTheValuesThatTheyHad() throws Exception {
    install(POLLER, "v1", "--set", "replicas=3");
    install(WEBHOOK, "v1");
    install(POLLER, "v2");
    install(WEBHOOK, "v2");

    Running command = redeploy("v1");
    approve(command, namespace);
    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    assertAll(
        () -> assertEquals("v1", tag(POLLER)),
        () -> assertEquals(3, deployment(POLLER).getSpec().getReplicas()),
        () -> assertEquals("v1", tag(WEBHOOK)));

    Said undone = backout.run("undo", namespace, "--yes", "--reason", "v2 was not at fault");

    assertEquals(0, undone.exit(), undone::toString);
    assertAll(
        () -> assertEquals("v2", tag(POLLER)),
        () -> assertEquals(2, deployment(POLLER).getSpec().getReplicas()),
        () -> assertEquals("v2", tag(WEBHOOK)),
        () -> assertFalse(backout.screen().contains(KEY), "a secret was shown"));
  }

  @Test
  void theKillSwitchTakesThePollerAwayAndUndoBringsItBack() throws Exception {
    install(POLLER, "v1", "--set", "replicas=3");
    cluster.apply(
        namespace,
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: invoices, annotations: { team: payments } }
        spec: { defaultBackend: { service: { name: invoices, port: { number: 80 } } } }
        """);

    Said off =
        backout.run(
            words("run", KILL, "--yes", "--input", "ingress=invoices", "--reason", "INC-4711"));

    assertEquals(0, off.exit(), off::toString);
    assertAll(
        () -> assertEquals(0, deployment(POLLER).getSpec().getReplicas()),
        () -> assertEquals(List.of(), pods()),
        () -> assertEquals("127.0.0.1/32", blocked()));

    Said on = backout.run("undo", POLLER, "--yes", "--reason", "the keys are renewed");

    assertEquals(0, on.exit(), on::toString);
    assertAll(
        () -> assertEquals(3, deployment(POLLER).getSpec().getReplicas()),
        () -> assertEquals(3, pods().size()),
        () -> assertNull(blocked()));
  }

  @Test
  void whereThePollerDoesNotGoAPersonDecidesAndUndoStartsItAgain() throws Exception {
    poller = "poller-" + namespace;
    install(poller, "stuck", "--wait=false");
    cluster.awaitPods(namespace, poller, 2);

    Running command = start(KILL, "--input", "poller=" + poller, "--input", "gone=2s");
    Waiting failure = backout.question(command, poller);

    assertEquals("gone", failure.step(), failure::question);
    assertTrue(failure.question().contains("is Terminating"), failure::question);
    assertEquals(0, deployment(poller).getSpec().getReplicas());
    cluster.client().pods().inNamespace(namespace).withGracePeriod(0).delete();
    Said decided = backout.run("undo", poller, "gone", "--reason", "the node was at fault");
    assertEquals(0, decided.exit(), decided::toString);
    Said said = command.said();
    assertAll(
        () -> assertEquals(5, said.exit(), said::toString),
        () -> assertTrue(said.out().contains("Undone"), said::toString),
        () -> assertEquals(2, deployment(poller).getSpec().getReplicas()));
  }

  @Test
  void compromisedKeysAreRotatedInTheClusterWhateverReadsThemStartsAnewAndNoKeyIsInAnyRecord()
      throws Exception {
    poller = "poller-" + namespace;
    install(poller, "v1");
    install(WEBHOOK, "v1");
    readsTheKey(WEBHOOK);
    backout.secret("EXCHANGE_API_KEY_OLD", KEY);
    Set<String> before = Set.copyOf(pods());
    AtomicReference<String> good = new AtomicReference<>(KEY);
    HttpServer exchange = exchange(good);
    try {
      Running command =
          start(
              KEYS,
              "--input",
              "poller=" + poller,
              "--input",
              "secret=" + WEBHOOK + "-keys",
              "--input",
              "account=http://127.0.0.1:" + exchange.getAddress().getPort() + "/account");
      assertEquals("rotate", backout.question(command, poller).step());
      assertEquals(0, deployment(poller).getSpec().getReplicas());
      tick(4);

      Waiting stillGood = backout.question(command, poller);
      assertEquals("refused", stillGood.step(), stillGood::question);
      good.set(NEW_KEY);
      retry("refused");
      Waiting missing = backout.question(command, poller);
      assertEquals("taken", missing.step(), missing::question);
      backout.secret("EXCHANGE_API_KEY_NEW", NEW_KEY);
      retry("taken");

      Waiting open = backout.question(command, poller);
      assertEquals("open", open.step(), open::question);
      assertTrue(open.question().contains("deployment/" + WEBHOOK), open::question);
      Said approved = backout.run("approve", poller, "open", "--comment", "by the test");
      assertEquals(0, approved.exit(), approved::toString);
      Said said = command.said();
      assertEquals(0, said.exit(), said::toString);
    } finally {
      exchange.stop(0);
    }
    assertAll(
        () -> assertEquals(NEW_KEY, key(WEBHOOK)),
        () -> assertEquals(2, deployment(poller).getSpec().getReplicas()),
        () -> assertTrue(pods().stream().noneMatch(before::contains), pods()::toString),
        () -> assertNowhere(KEY),
        () -> assertNowhere(NEW_KEY));
  }

  /** As an exchange does it: 401 for a key that it doesn't know. */
  private static HttpServer exchange(AtomicReference<String> good) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/account",
        request -> {
          boolean known = good.get().equals(request.getRequestHeaders().getFirst("X-API-Key"));
          request.sendResponseHeaders(known ? 200 : 401, -1);
          request.close();
        });
    server.start();
    return server;
  }

  private void readsTheKey(String deployment) {
    cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName(deployment)
        .patch(
            PatchContext.of(PatchType.STRATEGIC_MERGE),
            "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"main\",\"envFrom\":[{\"secretRef\":{\"name\":\""
                + deployment
                + "-keys\"}}]}]}}}}");
  }

  private void tick(int items) throws Exception {
    for (int item = 1; item <= items; item++) {
      assertEquals(0, backout.run("tick", poller, "rotate", String.valueOf(item)).exit());
    }
  }

  private void retry(String step) throws Exception {
    Said said = backout.run("retry", poller, step, "--reason", "it is so now");
    assertEquals(0, said.exit(), said::toString);
  }

  private String key(String release) {
    String data =
        cluster
            .client()
            .secrets()
            .inNamespace(namespace)
            .withName(release + "-keys")
            .get()
            .getData()
            .get("apiKey");
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  /** Not on the screen, and in no file of the worker's: history, journal, evidence, log. */
  private void assertNowhere(String secret) throws IOException {
    String encoded = Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
    assertFalse(backout.screen().contains(secret), "on the screen");
    try (Stream<Path> files = Files.walk(backout.state())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = OwnBackout.text(file);
        assertFalse(text.contains(secret) || text.contains(encoded), file::toString);
      }
    }
  }

  @Test
  void aMissingRightShowsBeforeTheFirstStep() throws Exception {
    install(POLLER, "v1");

    Said said =
        backout.run(
            "run",
            KILL.toString(),
            "--yes",
            "--until-waiting",
            "--input",
            "context=" + KubernetesCluster.READER,
            "--input",
            "ns=" + namespace);
    Said stopped = backout.run("stop", "@latest", "preflight", "--reason", "no right");

    assertAll(
        () -> assertEquals(6, said.exit(), said::toString),
        () -> assertEquals(0, stopped.exit(), stopped::toString),
        () -> assertTrue(said.all().contains("nothing has been touched"), said::toString),
        () ->
            assertTrue(said.all().contains("may not patch deployments.apps/scale"), said::toString),
        () -> assertEquals(2, deployment(POLLER).getSpec().getReplicas()));
  }

  @Test
  void credentialsThatAreNoLongerGoodEndTheRunBeforeTheFirstStep() throws Exception {
    install(POLLER, "v1");
    install(WEBHOOK, "v1");

    Said said =
        backout.run(
            words(
                "run",
                RELEASE,
                "--yes",
                "--input",
                "context=" + KubernetesCluster.LOGGED_OUT,
                "--input",
                "service=" + namespace));

    assertAll(
        () -> assertEquals(1, said.exit(), said::toString),
        () ->
            assertTrue(
                said.all().contains("has no credentials for namespace " + namespace),
                said::toString),
        () -> assertTrue(said.all().contains("The session has ended."), said::toString),
        () -> assertFalse(said.all().contains("may not"), said::toString),
        () ->
            assertTrue(
                backout.run("runs").all().lines().noneMatch(line -> line.contains(namespace))));
  }

  private void install(String release, String tag, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("upgrade", "--install", release, chart.toString(), "--reset-values"));
    words.addAll(List.of("--set", "image.tag=" + tag));
    words.addAll(List.of(more));
    KubernetesCluster.helm(namespace, words.toArray(String[]::new));
  }

  private Running redeploy(String tag) {
    return start(
        REDEPLOY,
        "--input",
        "service=" + namespace,
        "--input",
        "pollerChart=" + chart,
        "--input",
        "webhookChart=" + chart,
        "--input",
        "tag=" + tag);
  }

  private Running start(Path runbook, String... more) {
    List<String> words = words("run", runbook, more);
    words.add("--yes");
    return backout.start(words.toArray(String[]::new));
  }

  private List<String> words(String command, Path runbook, String... more) {
    List<String> words = new ArrayList<>(List.of(command, runbook.toString()));
    words.addAll(List.of("--input", "context=" + KubernetesCluster.CONTEXT));
    words.addAll(List.of("--input", "ns=" + namespace));
    words.addAll(List.of(more));
    return words;
  }

  private void approve(Running command, String target) throws Exception {
    assertEquals("authorize", backout.question(command, target).step());
    Said said = backout.run("approve", target, "authorize", "--comment", "by the test");
    assertEquals(0, said.exit(), said::toString);
  }

  private Deployment deployment(String name) {
    return cluster.client().apps().deployments().inNamespace(namespace).withName(name).get();
  }

  private String tag(String name) {
    String image =
        deployment(name).getSpec().getTemplate().getSpec().getContainers().get(0).getImage();
    return image.substring(image.lastIndexOf(':') + 1);
  }

  private List<String> pods() {
    return cluster.client().pods().inNamespace(namespace).list().getItems().stream()
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  private String blocked() {
    return cluster
        .client()
        .network()
        .v1()
        .ingresses()
        .inNamespace(namespace)
        .withName("invoices")
        .get()
        .getMetadata()
        .getAnnotations()
        .get("nginx.ingress.kubernetes.io/whitelist-source-range");
  }
}
