package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.testing.KubernetesCluster;
import dev.backout.testing.RequiresKubernetes;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  private static final String KEY = "k3y-of-the-exchange";
  private static final String POLLER = "problemsolver-poller";
  private static final String WEBHOOK = "problemsolver-webhook";

  private KubernetesCluster cluster;
  private OwnBackout backout;
  private Path chart;
  private String namespace;

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
    Waiting failure = question(command, namespace);

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
  void aMissingRightShowsBeforeTheFirstStep() throws Exception {
    install(POLLER, "v1");

    Said said =
        backout.run(
            "run",
            KILL.toString(),
            "--yes",
            "--input",
            "context=" + KubernetesCluster.READER,
            "--input",
            "ns=" + namespace);

    assertAll(
        () -> assertEquals(1, said.exit(), said::toString),
        () ->
            assertTrue(said.all().contains("may not patch deployments.apps/scale"), said::toString),
        () -> assertEquals(2, deployment(POLLER).getSpec().getReplicas()));
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
    assertEquals("authorize", question(command, target).step());
    Said said = backout.run("approve", target, "authorize", "--comment", "by the test");
    assertEquals(0, said.exit(), said::toString);
  }

  private Waiting question(Running command, String target) throws Exception {
    return backout
        .awaitQuestion(command, target)
        .orElseThrow(() -> new AssertionError("It asked nothing and has ended"));
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
