package dev.backout.action.kubernetes;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.testing.Catalog;
import dev.backout.testing.KubernetesCluster;
import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresKubernetes;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What restarts, configures and looks. */
@RequiresKubernetes
class RolloutTest {
  private KubernetesCluster cluster;
  private String namespace;

  @BeforeEach
  void aNamespaceOfItsOwn(KubernetesCluster shared) {
    cluster = shared;
    namespace = cluster.namespace();
  }

  @Test
  void aRestartReplacesEachPodAndWaitsUntilTheFormerAreGone() throws Exception {
    cluster.deploy(namespace, "grafana", 2, "v1");
    run("rolloutStatus", ",'workload':'deployment/grafana','within':'30s'");
    List<String> before = pods();

    JsonNode restarted = run("rolloutRestart", ",'workload':'deployment/grafana','within':'30s'");

    assertAll(
        () -> assertEquals(2, restarted.get("status").get("ready").asInt()),
        () -> assertEquals(2, pods().size()),
        () -> assertTrue(pods().stream().noneMatch(before::contains), "a former pod is left"));
    List<String> after = pods();
    run("rolloutRestart", ",'workload':'deployment/grafana','within':'30s'");
    assertEquals(after, pods(), "a repetition of the step replaced them once more");
  }

  @Test
  void aRolloutThatKubernetesGivesUpFailsBeforeTheTimeIsUp() {
    cluster.apply(
        namespace,
        KubernetesCluster.deployment("poller", 1, "broken")
            .replace("progressDeadlineSeconds: 600", "progressDeadlineSeconds: 1"));

    ActionException failure =
        refused("rolloutStatus", ",'workload':'deployment/poller','within':'5m'");

    assertAll(
        () -> assertTrue(failure.getMessage().contains("has given up"), failure::getMessage),
        () -> assertTrue(failure.getMessage().contains("ImagePullBackOff"), failure::getMessage));
  }

  @Test
  void aStatefulSetIsWaitedForToo() throws Exception {
    cluster.apply(
        namespace,
        KubernetesCluster.deployment("store", 2, "v1")
            .replace("kind: Deployment", "kind: StatefulSet")
            .replace("progressDeadlineSeconds: 600", "serviceName: store"));

    JsonNode status = run("rolloutStatus", ",'workload':'statefulset/store','within':'30s'");
    JsonNode scaled = run("scale", ",'workload':'statefulset/store','replicas':0,'within':'30s'");

    assertAll(
        () -> assertTrue(status.get("complete").asBoolean()),
        () -> assertEquals(2, scaled.get("formerReplicas").asInt()),
        () -> assertEquals(List.of(), pods()));
  }

  @Test
  void podsAreListedWithWhatKeepsThemFromBeingReady() throws Exception {
    cluster.deploy(namespace, "poller", 1, "crash");
    cluster.deploy(namespace, "webhook", 2, "v1");
    cluster.awaitPods(namespace, "poller", 1);
    run("rolloutStatus", ",'workload':'deployment/webhook','within':'30s'");

    JsonNode poller = run("pods", ",'labels':'app=poller'");
    JsonNode webhook = run("pods", ",'labels':'app in (webhook)'");

    assertAll(
        () -> assertEquals(4, poller.get("restarts").asInt()),
        () -> assertFalse(poller.get("allReady").asBoolean()),
        () -> assertTrue(poller.toString().contains("CrashLoopBackOff"), poller::toString),
        () -> assertEquals(2, webhook.get("ready").asInt()));
  }

  @Test
  void aConfigMapIsChangedAndPutBack() throws Exception {
    dataSources("name: PostgreSQL");

    JsonNode changed =
        run("patchConfigMap", ",'configMap':'grafana','set':{'sources.yaml':'name: SQLite'}");

    assertEquals("name: SQLite", sources());
    assertEquals("stays", map().get("other"));
    run("patchConfigMap", ",'configMap':'grafana','set':{'sources.yaml':'name: SQLite'}");
    run(
        "putBackConfigMap",
        ",'configMap':'grafana','keys':['sources.yaml'],'former':'"
            + changed.get("former").asText()
            + "'");
    assertEquals("name: PostgreSQL", sources());
  }

  @Test
  void thePreviewOfAConfigMapIsADiffOfWhatTheServerWouldMakeOfIt() throws Exception {
    dataSources("name: PostgreSQL");
    JsonNode preview =
        Catalog.preview(
            "kubernetes.patchConfigMap",
            input(",'configMap':'grafana','set':{'sources.yaml':'name: SQLite'}"),
            new PlainContext());
    assertTrue(preview.toString().contains("-sources.yaml: 'name: PostgreSQL'"), preview::toString);
    assertEquals("name: PostgreSQL", sources());
  }

  @Test
  void aConfigMapThatSomebodyElseChangesMeanwhileKeepsBothChanges() throws Exception {
    dataSources("name: PostgreSQL");
    PlainContext context = new PlainContext();
    Cluster own = Cluster.open("tests", namespace, context);
    try (own) {
      Ref ref = new Ref(Type.CONFIG_MAP, "grafana");
      JsonNode stale = own.require(ref);
      cluster
          .client()
          .configMaps()
          .inNamespace(namespace)
          .withName("grafana")
          .edit(map -> new ConfigMapBuilder(map).addToData("theirs", "1").build());
      String version = stale.path("metadata").path("resourceVersion").asText();
      assertThrows(
          Cluster.ConflictException.class,
          () ->
              own.patch(
                  ref,
                  null,
                  Cluster.JSON.readTree(
                      "{\"metadata\":{\"resourceVersion\":\""
                          + version
                          + "\"},\"data\":{\"a\":\"1\"}}"),
                  "test",
                  false));
    }
    run("patchConfigMap", ",'configMap':'grafana','set':{'sources.yaml':'name: SQLite'}");
    assertEquals("1", map().get("theirs"));
  }

  @Test
  void annotationsAreSetAndTakenBack() throws Exception {
    cluster.deploy(namespace, "poller", 0, "v1");
    String object = ",'object':'deployment/poller'";
    run("annotate", object + ",'set':{'owner':'ada'}");
    PlainContext another = new PlainContext("run-2");

    JsonNode changed =
        Catalog.run(
            "kubernetes.annotate",
            input(object + ",'set':{'owner':'grace','why':'INC-1'}"),
            another);
    JsonNode again =
        Catalog.run(
            "kubernetes.annotate",
            input(object + ",'set':{'owner':'grace','why':'INC-1'}"),
            another);

    assertEquals(changed, again, "a repetition takes the changed for the former");
    assertEquals("ada", changed.get("former").get("owner").asText());
    run(
        "annotate",
        object
            + ",'set':"
            + changed.get("former").toString().replace('"', '\'')
            + ",'unset':"
            + changed.get("added").toString().replace('"', '\''));
    Map<String, String> after =
        cluster
            .client()
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName("poller")
            .get()
            .getMetadata()
            .getAnnotations();
    assertEquals("ada", after.get("owner"));
    assertNull(after.get("why"));
    assertNull(after.get("backout.dev/before-run-2-step"));
  }

  @Test
  void eventsAreListed() throws Exception {
    cluster.deploy(namespace, "poller", 1, "v1");
    run("rolloutStatus", ",'workload':'deployment/poller','within':'30s'");
    String events = run("events", ",'about':'poller'").toString();
    assertTrue(events.contains("ScalingReplicaSet"), events);
  }

  @Test
  void rightsAreAskedOfTheServer() throws Exception {
    run("rights", ",'rights':['patch deployments/scale','list pods']");
    ActionException failure =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.run(
                    "kubernetes.rights",
                    input(",'rights':['get deployments','patch deployments/scale']")
                        .replace("'tests'", "'reader'"),
                    new PlainContext()));
    assertAll(
        () ->
            assertTrue(
                failure.getMessage().contains("may not patch deployments.apps/scale"),
                failure::getMessage),
        () -> assertFalse(failure.getMessage().contains("get deployments"), failure::getMessage));
  }

  private void dataSources(String text) {
    cluster
        .client()
        .configMaps()
        .inNamespace(namespace)
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("grafana")
                .endMetadata()
                .addToData("sources.yaml", text)
                .addToData("other", "stays")
                .build())
        .create();
  }

  private Map<String, String> map() {
    return cluster.client().configMaps().inNamespace(namespace).withName("grafana").get().getData();
  }

  private String sources() {
    return map().get("sources.yaml");
  }

  private List<String> pods() {
    return cluster.client().pods().inNamespace(namespace).list().getItems().stream()
        .map(pod -> pod.getMetadata().getName())
        .sorted()
        .toList();
  }

  private JsonNode run(String action, String more) throws Exception {
    return Catalog.run("kubernetes." + action, input(more), new PlainContext());
  }

  private ActionException refused(String action, String more) {
    return assertThrows(ActionException.class, () -> run(action, more));
  }

  private String input(String more) {
    return "{'context':'tests','namespace':'" + namespace + "'" + more + "}";
  }
}
