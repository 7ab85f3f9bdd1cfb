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
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresKubernetes
class PatchSecretTest {
  private static final String NEW = "new-k3y-of-the-exchange";

  private final PlainContext context = new PlainContext().secret("NEW", NEW);
  private KubernetesCluster cluster;
  private String namespace;

  @BeforeEach
  void aSecretThatSomeRead(KubernetesCluster shared) {
    cluster = shared;
    namespace = cluster.namespace();
    cluster.apply(
        namespace,
        """
        apiVersion: v1
        kind: Secret
        metadata: { name: exchange }
        stringData: { apiKey: old-k3y, other: stays }
        """);
    reader(
        "byvariable",
        "env: [{ name: KEY, valueFrom: { secretKeyRef: { name: exchange, key: apiKey } } }]",
        "");
    reader("byall", "envFrom: [{ secretRef: { name: exchange } }]", "");
    reader("byfile", "env: []", ", volumes: [{ name: keys, secret: { secretName: exchange } }]");
    reader("ofanother", "envFrom: [{ secretRef: { name: another } }]", "");
  }

  private void reader(String name, String container, String pod) {
    cluster.apply(
        namespace,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: %1$s }
        spec:
          replicas: 0
          selector: { matchLabels: { app: %1$s } }
          template:
            metadata: { labels: { app: %1$s } }
            spec: { containers: [{ name: main, image: registry.test/any, %2$s }]%3$s }
        """
            .formatted(name, container, pod));
  }

  @Test
  void theKeyGetsItsNewValueAndWhoReadsItIsSaid() throws Exception {
    JsonNode output = run("'apiKey': 'secret:NEW'");

    assertAll(
        () -> assertEquals(NEW, value("apiKey")),
        () -> assertEquals("stays", value("other")),
        () -> assertEquals("[\"apiKey\"]", output.get("changed").toString()),
        () ->
            assertEquals(
                "[\"deployment/byall\",\"deployment/byfile\",\"deployment/byvariable\"]",
                output.get("users").toString()));
    assertEquals("[]", run("'apiKey': 'secret:NEW'").get("changed").toString());
  }

  @Test
  void thePreviewShowsNoValueAndChangesNothing() throws Exception {
    String preview =
        Catalog.preview("kubernetes.patchSecret", input("'apiKey': 'secret:NEW'"), context)
            .toString();

    assertAll(
        () -> assertTrue(preview.contains("Would change apiKey in secret/exchange"), preview),
        () -> assertTrue(preview.contains("deployment/byfile"), preview),
        () -> assertFalse(preview.contains("k3y"), preview),
        () -> assertFalse(preview.contains(encoded(NEW)), preview),
        () -> assertEquals("old-k3y", value("apiKey")));
  }

  @Test
  void aPlanCanBeMadeBeforeTheNewKeyIsThere() throws Exception {
    String preview =
        Catalog.preview("kubernetes.patchSecret", input("'apiKey': 'secret:LATER'"), context)
            .toString();
    assertTrue(preview.contains("no such secret"), preview);
  }

  @Test
  void aValueThatStandsInTheRunbookIsRefused() {
    ActionException refused =
        assertThrows(ActionException.class, () -> run("'apiKey': 'in-the-clear'"));

    assertEquals(Kind.INVALID_INPUT, refused.kind());
    assertFalse(refused.getMessage().contains("in-the-clear"), refused::getMessage);
    assertEquals("old-k3y", value("apiKey"));
  }

  private JsonNode run(String set) throws Exception {
    return Catalog.run("kubernetes.patchSecret", input(set), context);
  }

  private String input(String set) {
    return "{'context':'tests','namespace':'"
        + namespace
        + "','secret':'exchange','set':{"
        + set
        + "}}";
  }

  private String value(String key) {
    String data =
        cluster
            .client()
            .secrets()
            .inNamespace(namespace)
            .withName("exchange")
            .get()
            .getData()
            .get(key);
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
