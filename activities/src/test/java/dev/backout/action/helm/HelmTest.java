package dev.backout.action.helm;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Releases of a small chart on a real control plane. */
@RequiresKubernetes
class HelmTest {
  private static final String KEY = "k3y-of-the-exchange";

  private KubernetesCluster cluster;
  private String namespace;
  private Path chart;

  @BeforeEach
  void aNamespaceOfItsOwn(KubernetesCluster shared, @TempDir Path directory) throws Exception {
    cluster = shared;
    namespace = cluster.namespace();
    chart = KubernetesCluster.chart(directory);
  }

  @Test
  void theLastGoodRevisionIsTheOneBeforeTheNewest() throws Exception {
    install("v1");
    install("v2");
    install("v3");
    assertEquals(2, run("findRevision", "").get("revision").asInt());
  }

  @Test
  void aRevisionThatFailedIsNotGoodAndNeitherIsAFailedRollbackToIt() throws Exception {
    install("v1");
    failToInstall("unready");
    assertThrows(
        AssertionError.class, () -> helm("rollback", "poller", "2", "--wait", "--timeout", "1s"));
    install("v4");

    assertEquals(1, run("findRevision", "").get("revision").asInt());
  }

  @Test
  void thatARevisionIsSupersededIsNoProof() {
    Revision failed =
        new Revision(
            2,
            java.time.Instant.EPOCH,
            "superseded",
            "service-1.0.0",
            "1",
            "Upgrade \"poller\" failed: timed out");
    assertFalse(failed.wasThrough());
  }

  @Test
  void aRevisionThatHasTheContentOfTheNewestIsNotTheOneToGoBackTo() throws Exception {
    install("v1");
    install("v2");
    helm("rollback", "poller", "1");

    assertEquals(2, run("findRevision", "").get("revision").asInt());
    helm("rollback", "poller", "2");
    assertEquals(3, run("findRevision", "").get("revision").asInt(), "3 has the content of 1");
  }

  @Test
  void whatWasInPlaceForMomentsOnlyIsNotKnownToBeGood() throws Exception {
    install("v1");
    install("v2");

    ActionException failure = refused("findRevision", ",'servedFor':'1h'");

    assertAll(
        () -> assertTrue(failure.getMessage().contains("it was in place for"), failure::getMessage),
        () -> assertTrue(failure.getMessage().contains("it is the newest"), failure::getMessage));
  }

  @Test
  void aReleaseGoesBackToTheNamedRevisionAndForthAgain() throws Exception {
    install("v1");
    install("v2");

    JsonNode back = run("rollback", ",'revision':1");

    assertAll(
        () -> assertEquals(3, back.get("revision").asInt()),
        () -> assertEquals(2, back.get("formerRevision").asInt()),
        () -> assertEquals("v1", tag()));
    assertTrue(run("putBack", ",'former':2").get("changed").asBoolean());
    assertEquals("v2", tag());
    assertFalse(run("putBack", ",'former':2").get("changed").asBoolean(), "it was back already");
  }

  @Test
  void aRepetitionStillKnowsWhatWasTheNewestAndOneOnAnotherWorkerThatCantTellIsInDoubt(
      @TempDir Path own, @TempDir Path others) throws Exception {
    install("v1");
    install("v2");
    String input = input(",'revision':1");
    Catalog.run("helm.rollback", input, new PlainContext().attempt(1, own));

    JsonNode again = Catalog.run("helm.rollback", input, new PlainContext().attempt(2, own));
    ActionException doubt =
        assertThrows(
            ActionException.class,
            () -> Catalog.run("helm.rollback", input, new PlainContext().attempt(2, others)));

    assertAll(
        () -> assertEquals(2, again.get("formerRevision").asInt()),
        () -> assertEquals(Kind.UNKNOWN_OUTCOME, doubt.kind()),
        () ->
            assertTrue(
                doubt.getMessage().contains("--set formerRevision=NUMBER"), doubt::getMessage));
    JsonNode decided = Catalog.run("helm.rollback", input, new PlainContext().attempt(3, others));
    assertEquals(4, decided.get("formerRevision").asInt(), "a person has said: not done");
  }

  @Test
  void aRepetitionOfAnUpgradeOnAnotherWorkerKnowsARevisionThatTheStepHasMade(
      @TempDir Path own, @TempDir Path others, @TempDir Path third) throws Exception {
    install("v1");
    String input = input(",'chart':'" + chart + "','values':{'image':{'tag':'v2'}}");
    Catalog.run("helm.upgradeInstall", input, new PlainContext().attempt(1, own));

    ActionException doubt =
        assertThrows(
            ActionException.class,
            () -> Catalog.run("helm.upgradeInstall", input, new PlainContext().attempt(2, others)));

    assertEquals(Kind.UNKNOWN_OUTCOME, doubt.kind(), doubt::getMessage);
    JsonNode another =
        Catalog.run("helm.upgradeInstall", input, new PlainContext("run-2").attempt(2, third));
    assertEquals(2, another.get("formerRevision").asInt(), "it is not this step's");
  }

  @Test
  void thePreviewShowsTheObjectsThatDifferAndNothingThatIsSecret() throws Exception {
    install("v1");
    install("v2", "--set", "apiKey=other-k3y");

    String preview = preview("rollback", ",'revision':1").toString();

    assertAll(
        () ->
            assertTrue(
                preview.contains("-      - image: registry.test/poller:v2")
                    || preview.contains("image: registry.test/poller:v2"),
                preview),
        () -> assertTrue(preview.contains("Secret/poller-keys"), preview),
        () -> assertFalse(preview.contains(KEY), preview),
        () -> assertFalse(preview.contains("other-k3y"), preview));
  }

  @Test
  void aRevisionThatHelmHasForgottenIsAnsweredWithThoseThatItHas() {
    install("v1");
    ActionException failure = refused("rollback", ",'revision':99");
    assertTrue(failure.getMessage().contains("it has 1 (deployed"), failure::getMessage);
  }

  @Test
  void aReleaseThatIsNotThereIsSaidNotToBe() {
    ActionException failure = refused("history", "");
    assertEquals(Kind.PERMANENT, failure.kind());
    assertTrue(failure.getMessage().contains("There is no such release"), failure::getMessage);
  }

  @Test
  void credentialsThatAreNoLongerGoodAreSaidToBeSoAndAreNotTriedAgain() {
    Map.of(
            KubernetesCluster.EXPIRED, "of context expired: they have expired",
            KubernetesCluster.EXPIRED_CERTIFICATE, "of context expired-certificate: they have",
            KubernetesCluster.LOGGED_OUT, "The session has ended. Log in again.",
            KubernetesCluster.UNTRUSTED, "does not trust")
        .forEach(
            (context, words) -> {
              ActionException failure =
                  assertThrows(
                      ActionException.class,
                      () ->
                          Catalog.run(
                              "helm.history",
                              input("").replace("'tests'", "'" + context + "'"),
                              new PlainContext()));
              assertEquals(Kind.PERMANENT, failure.kind(), failure::getMessage);
              assertTrue(failure.getMessage().contains(words), failure::getMessage);
              assertFalse(failure.getMessage().contains("t0ken"), failure::getMessage);
            });
  }

  @Test
  void podsThatDoNotGetReadyFailTheRollback() throws Exception {
    install("unready");
    install("v2");
    ActionException failure = refused("rollback", ",'revision':1,'within':'2s'");
    assertTrue(failure.getMessage().contains("did not get ready in time"), failure::getMessage);
  }

  @Test
  void aReleaseThatWasTakenAwayComesBackWithItsValues() throws Exception {
    install("v1", "--set", "replicas=3");

    JsonNode gone = run("uninstall", "");

    assertAll(
        () -> assertEquals(1, gone.get("formerRevision").asInt()),
        () -> assertEquals(1, gone.get("stopped").size()),
        () ->
            assertEquals(
                0,
                cluster
                    .client()
                    .apps()
                    .deployments()
                    .inNamespace(namespace)
                    .list()
                    .getItems()
                    .size()),
        () ->
            assertFalse(
                java.nio.file.Files.readString(Path.of(gone.get("evidence").asText()))
                    .contains(KEY)));
    run("putBack", ",'former':1");
    assertEquals("v1", tag());
    assertEquals(
        3,
        cluster
            .client()
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName("poller")
            .get()
            .getSpec()
            .getReplicas());
  }

  @Test
  void aChartIsInstalledWithTheValuesThatAreSaidAndNoOthers() throws Exception {
    PlainContext context = new PlainContext().secret("KEY", "fr3sh-key");
    install("v1", "--set", "replicas=3");

    JsonNode upgraded =
        Catalog.run(
            "helm.upgradeInstall",
            input(",'chart':'" + chart + "','values':{'image':{'tag':'v2'},'apiKey':'secret:KEY'}"),
            context);

    assertAll(
        () -> assertEquals(2, upgraded.get("revision").asInt()),
        () -> assertEquals(1, upgraded.get("formerRevision").asInt()),
        () -> assertEquals("v2", tag()),
        () ->
            assertEquals(
                2,
                cluster
                    .client()
                    .apps()
                    .deployments()
                    .inNamespace(namespace)
                    .withName("poller")
                    .get()
                    .getSpec()
                    .getReplicas(),
                "the chart's own"),
        () ->
            assertEquals(
                "ZnIzc2gta2V5",
                cluster
                    .client()
                    .secrets()
                    .inNamespace(namespace)
                    .withName("poller-keys")
                    .get()
                    .getData()
                    .get("apiKey")));
  }

  @Test
  void thePreviewOfAnUpgradeComesFromTheServer() throws Exception {
    install("v1");
    String preview =
        preview("upgradeInstall", ",'chart':'" + chart + "','values':{'image':{'tag':'v2'}}")
            .toString();
    assertAll(
        () -> assertTrue(preview.contains("registry.test/poller:v2"), preview),
        () -> assertFalse(preview.contains(KEY), preview),
        () -> assertEquals("v1", tag()));
  }

  @Test
  void aReleaseThatAKilledHelmHasLeftPendingIsUnlocked() throws Exception {
    install("v1");
    killAnUpgrade();
    ActionException locked = refused("rollback", ",'revision':1,'within':'1s'");
    assertTrue(locked.getMessage().contains("helm.unlock"), locked::getMessage);
    ActionException young = refused("unlock", ",'olderThan':'1h'");
    assertTrue(young.getMessage().contains("may still be under way"), young::getMessage);

    JsonNode unlocked = run("unlock", ",'olderThan':'0s'");

    assertTrue(unlocked.get("wasPending").asBoolean());
    assertEquals("v1", tag());
    assertEquals("deployed", run("history", "").get("status").asText());
  }

  @Test
  void aServerThatDoesNotAnswerMayLater() {
    ActionException failure =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.run(
                    "helm.history", input("").replace("'tests'", "'nowhere'"), new PlainContext()));
    assertEquals(Kind.TRANSIENT, failure.kind(), failure::getMessage);
  }

  private void killAnUpgrade() throws Exception {
    Process process =
        new ProcessBuilder(
                "helm",
                "upgrade",
                "poller",
                chart.toString(),
                "--set",
                "image.tag=unready",
                "--wait",
                "--kube-context",
                "tests",
                "--namespace",
                namespace)
            .redirectErrorStream(true)
            .start();
    KubernetesCluster.await(() -> helm("list", "--short", "--pending").contains("poller"));
    process.destroyForcibly().waitFor();
  }

  private void failToInstall(String tag) {
    assertThrows(AssertionError.class, () -> install(tag, "--wait", "--timeout", "1s"));
  }

  private void install(String tag, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("upgrade", "--install", "poller", chart.toString(), "--reset-values"));
    words.addAll(List.of("--set", "image.tag=" + tag));
    words.addAll(List.of(more));
    helm(words.toArray(String[]::new));
  }

  private String helm(String... words) {
    return KubernetesCluster.helm(namespace, words);
  }

  private String tag() {
    String image =
        cluster
            .client()
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName("poller")
            .get()
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .get(0)
            .getImage();
    return image.substring(image.lastIndexOf(':') + 1);
  }

  private JsonNode run(String action, String more) throws Exception {
    return Catalog.run("helm." + action, input(more), new PlainContext());
  }

  private JsonNode preview(String action, String more) throws Exception {
    return Catalog.preview("helm." + action, input(more), new PlainContext());
  }

  private ActionException refused(String action, String more) {
    return assertThrows(ActionException.class, () -> run(action, more));
  }

  private String input(String more) {
    return "{'context':'tests','namespace':'" + namespace + "','release':'poller'" + more + "}";
  }
}
