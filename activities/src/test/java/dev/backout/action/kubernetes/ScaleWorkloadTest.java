package dev.backout.action.kubernetes;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.KubernetesCluster;
import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresKubernetes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresKubernetes
class ScaleWorkloadTest {
  private KubernetesCluster cluster;
  private String namespace;

  @BeforeEach
  void aNamespaceOfItsOwn(KubernetesCluster shared) {
    cluster = shared;
    namespace = cluster.namespace();
  }

  @Test
  void atZeroTheLastPodIsGoneAndTheFormerNumberBringsThemBack() throws Exception {
    cluster.deploy(namespace, "poller", 3, "v1");
    cluster.awaitPods(namespace, "poller", 3);

    JsonNode off = scale("tests", "deployment/poller", 0, "30s");

    assertEquals(3, off.get("formerReplicas").asInt());
    assertEquals(0, pods(), "a pod is left");
    assertEquals("deployment/poller", off.at("/stopped/0").asText());
    JsonNode on = scale("tests", "deployment/poller", off.get("formerReplicas").asInt(), "30s");
    assertTrue(on.path("stopped").isMissingNode(), on::toString);
    assertEquals(3, on.get("replicas").asInt());
    assertEquals(3, pods());
  }

  @Test
  void aRepetitionStillKnowsHowManyThereWere(@TempDir Path evidence) throws Exception {
    cluster.deploy(namespace, "poller", 2, "v1");
    String input = input("tests", "deployment/poller", 0, "30s");
    Catalog.run("kubernetes.scale", input, new PlainContext().attempt(1, evidence));

    JsonNode again =
        Catalog.run("kubernetes.scale", input, new PlainContext().attempt(2, evidence));

    assertEquals(2, again.get("formerReplicas").asInt());
  }

  @Test
  void aRepetitionOnAnotherWorkerThatCantTellIsInDoubt(@TempDir Path own, @TempDir Path others)
      throws Exception {
    cluster.deploy(namespace, "poller", 2, "v1");
    String input = input("tests", "deployment/poller", 0, "30s");
    Catalog.run("kubernetes.scale", input, new PlainContext().attempt(1, others));

    ActionException failure =
        assertThrows(
            ActionException.class,
            () -> Catalog.run("kubernetes.scale", input, new PlainContext().attempt(2, own)));

    assertEquals(Kind.UNKNOWN_OUTCOME, failure.kind());
  }

  @Test
  void thePreviewIsTheServersOwnDryRunAndChangesNothing() throws Exception {
    cluster.deploy(namespace, "poller", 2, "v1");

    JsonNode preview =
        Catalog.preview(
            "kubernetes.scale", input("tests", "deployment/poller", 0, "1s"), new PlainContext());

    String text = preview.toString();
    assertAll(
        () -> assertTrue(text.contains("-replicas: 2"), text),
        () -> assertTrue(text.contains("+replicas: 0"), text),
        () -> assertTrue(preview.get("changes").asBoolean()),
        () -> assertEquals(2, replicas()));
  }

  @Test
  void withoutWaitingItIsSetAndWhatWasIsKnownThoughThePodsDontGo() throws Exception {
    cluster.deploy(namespace, "poller", 1, "stuck");
    cluster.awaitPods(namespace, "poller", 1);

    JsonNode off =
        Catalog.run(
            "kubernetes.scale",
            input("tests", "deployment/poller", 0, "1s").replace("}", ",'await':false}"),
            new PlainContext());

    assertEquals(1, off.get("formerReplicas").asInt());
    assertEquals(0, replicas());
    assertEquals(1, pods());
  }

  /** That is more than a page of a list, and more than a result may hold. */
  @Test
  void amongTwoThousandPodsTheRightOnesGoAndTheRestIsListed() throws Exception {
    cluster.deploy(namespace, "poller", 2, "v1");
    cluster.pods(namespace, "other", 2_000);
    cluster.awaitPods(namespace, "poller", 2);

    JsonNode off = scale("tests", "deployment/poller", 0, "60s");
    JsonNode others =
        Catalog.run(
            "kubernetes.pods",
            "{'context':'tests','namespace':'" + namespace + "','labels':'app=other'}",
            new PlainContext());

    assertEquals(2, off.get("formerReplicas").asInt());
    assertEquals(2_000, others.get("total").asInt());
    assertEquals(2_000, pods());
  }

  @Test
  void podsThatAreNotReadyAreNamedWithTheReason() {
    cluster.deploy(namespace, "poller", 0, "broken");

    ActionException failure = refused("tests", "deployment/poller", 2, "1s");

    assertAll(
        () -> assertEquals(Kind.PERMANENT, failure.kind()),
        () -> assertTrue(failure.getMessage().contains("ImagePullBackOff"), failure::getMessage),
        () ->
            assertTrue(
                failure.getMessage().contains("It was set from 0 to 2"), failure::getMessage));
  }

  @Test
  void podsThatNoNodeTakesAreNamedWithTheReason() {
    cluster.apply(
        namespace,
        KubernetesCluster.deployment("poller", 0, "v1")
            .replace("terminationGracePeriodSeconds: 1", "nodeSelector: { disk: fast }"));

    ActionException failure = refused("tests", "deployment/poller", 1, "2s");

    assertTrue(failure.getMessage().contains("Unschedulable"), failure::getMessage);
  }

  @Test
  void aPodThatDoesNotGoAwayIsNamed() {
    cluster.deploy(namespace, "poller", 1, "stuck");
    cluster.awaitPods(namespace, "poller", 1);

    ActionException failure = refused("tests", "deployment/poller", 0, "1s");

    assertTrue(failure.getMessage().contains("is Terminating"), failure::getMessage);
  }

  @Test
  void aMissingRightIsNamed() {
    cluster.deploy(namespace, "poller", 1, "v1");

    ActionException failure = refused("reader", "deployment/poller", 0, "10s");

    assertAll(
        () ->
            assertTrue(
                failure.getMessage().contains("may not patch deployments.apps/scale"),
                failure::getMessage),
        () -> assertEquals(1, replicas()));
  }

  @Test
  void aMissingWorkloadIsAnsweredWithThoseThatThereAre() {
    cluster.deploy(namespace, "poller", 1, "v1");

    ActionException failure = refused("tests", "deployment/webhook", 0, "1s");

    assertTrue(failure.getMessage().contains("there are poller"), failure::getMessage);
  }

  @Test
  void credentialsThatAreNoLongerGoodAreSaidToBeSo() {
    ActionException failure = refused("expired", "deployment/poller", 0, "1s");
    assertTrue(
        failure.getMessage().contains("does not accept the worker's credentials"),
        failure::getMessage);
    assertFalse(failure.getMessage().contains("t0ken"), failure::getMessage);
  }

  @Test
  void aClientCertificateThatHasRunOutIsSaidToBeSo() {
    ActionException failure =
        refused(KubernetesCluster.EXPIRED_CERTIFICATE, "deployment/poller", 0, "1s");
    assertEquals(Kind.PERMANENT, failure.kind(), failure::getMessage);
    assertTrue(
        failure.getMessage().contains("of context expired-certificate: they have expired"),
        failure::getMessage);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        KubernetesCluster.ELLIPTIC,
        KubernetesCluster.ELLIPTIC_WITH_CURVE,
        KubernetesCluster.ELLIPTIC_IN_FILE
      })
  void aClientCertificateMayHaveItsKeyOnAnEllipticCurve(String context) throws Exception {
    cluster.deploy(namespace, "poller", 0, "v1");

    JsonNode off = scale(context, "deployment/poller", 0, "10s");

    assertEquals(0, off.get("formerReplicas").asInt());
  }

  @Test
  void aClientCertificateWhoseKeyCanNotBeUsedIsSaidToBeSo() {
    ActionException failure = refused(KubernetesCluster.EDWARDS, "deployment/poller", 0, "1s");
    assertAll(
        () -> assertEquals(Kind.PERMANENT, failure.kind()),
        () ->
            assertTrue(
                failure.getMessage().contains("credentials for context edwards that can't be used"),
                failure::getMessage),
        () -> assertTrue(failure.getMessage().contains("P-256"), failure::getMessage));
  }

  @Test
  void aProgramThatDoesNotLogTheWorkerInIsNoMissingRight() {
    ActionException failure = refused(KubernetesCluster.LOGGED_OUT, "deployment/poller", 0, "1s");
    assertEquals(Kind.PERMANENT, failure.kind(), failure::getMessage);
    assertTrue(
        failure.getMessage().contains("no credentials for namespace " + namespace),
        failure::getMessage);
    assertTrue(failure.getMessage().contains("kubectl --context logged-out"), failure::getMessage);
  }

  @Test
  void aCertificateThatNobodyVouchesForEndsItBeforeTheTokenIsSent() {
    ActionException failure = refused(KubernetesCluster.UNTRUSTED, "deployment/poller", 0, "1s");
    assertEquals(Kind.PERMANENT, failure.kind(), failure::getMessage);
    assertTrue(failure.getMessage().contains("does not trust"), failure::getMessage);
  }

  @Test
  void aServerThatDoesNotAnswerMayLater() {
    ActionException failure = refused("nowhere", "deployment/poller", 0, "1s");
    assertEquals(Kind.TRANSIENT, failure.kind());
    assertTrue(failure.getMessage().contains("can't be reached"), failure::getMessage);
  }

  @Test
  void aContextThatIsNotThereIsAnsweredWithThoseThatThereAre() {
    ActionException failure = refused("staging", "deployment/poller", 0, "1s");
    assertTrue(
        failure
            .getMessage()
            .contains(
                "there are edwards, elliptic, elliptic-in-file, elliptic-with-curve, expired,"
                    + " expired-certificate, logged-out, nowhere, reader, tests"),
        failure::getMessage);
  }

  @Test
  void aServerThatGoesAwayMeanwhileIsAskedAgain() throws Exception {
    cluster.deploy(namespace, "poller", 1, "unready");
    PlainContext context = new PlainContext();
    List<Runnable> happenings =
        new ArrayList<>(List.of(cluster::stopServer, cluster::startServerAgain));
    context.atHeartbeat(
        () -> {
          if (!happenings.isEmpty()) {
            happenings.remove(0).run();
          }
        });

    JsonNode off =
        Catalog.run("kubernetes.scale", input("tests", "deployment/poller", 0, "60s"), context);

    assertEquals(0, off.get("replicas").asInt());
    assertEquals(0, pods());
    assertTrue(
        context.heartbeats().stream().anyMatch(each -> each.contains("can't be reached")),
        () -> context.heartbeats().toString());
  }

  @Test
  void theFormerObjectIsKeptAsEvidence() throws Exception {
    cluster.deploy(namespace, "poller", 1, "v1");
    JsonNode off = scale("tests", "deployment/poller", 0, "30s");
    String kept = Files.readString(Path.of(off.get("evidence").asText()));
    assertTrue(kept.contains("replicas: 1"), kept);
  }

  private JsonNode scale(String context, String workload, int replicas, String within)
      throws Exception {
    return Catalog.run(
        "kubernetes.scale", input(context, workload, replicas, within), new PlainContext());
  }

  private ActionException refused(String context, String workload, int replicas, String within) {
    return assertThrows(ActionException.class, () -> scale(context, workload, replicas, within));
  }

  private String input(String context, String workload, int replicas, String within) {
    return "{'context':'%s','namespace':'%s','workload':'%s','replicas':%d,'within':'%s'}"
        .formatted(context, namespace, workload, replicas, within);
  }

  private int pods() {
    return cluster.client().pods().inNamespace(namespace).list().getItems().size();
  }

  private int replicas() {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName("poller")
        .get()
        .getSpec()
        .getReplicas();
  }
}
