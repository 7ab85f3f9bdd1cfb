package dev.backout.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.plan.Json;
import dev.backout.testing.RequiresProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The repository's own docker-compose.yml, as Compose itself reads it. */
@RequiresProgram("docker-compose")
class TeamComposeFileTest {
  private final JsonNode project = read();

  @Test
  void everyPublishedPortIsOnLoopback() {
    int published = 0;
    for (JsonNode service : project.get("services")) {
      for (JsonNode port : service.path("ports")) {
        assertEquals("127.0.0.1", port.path("host_ip").asText(), port.toString());
        published++;
      }
    }
    assertEquals(2, published);
  }

  @Test
  void bothWorkersHaveAJournalOfTheirOwn() {
    Set<String> journals = new HashSet<>();
    for (String worker : new String[] {"worker-1", "worker-2"}) {
      JsonNode service = project.get("services").get(worker);
      assertEquals(worker, service.get("hostname").asText());
      for (JsonNode volume : service.get("volumes")) {
        if (volume.get("target").asText().equals("/var/lib/backout")) {
          journals.add(volume.get("source").asText());
        }
      }
    }
    assertEquals(Set.of("worker-1", "worker-2"), journals);
  }

  @Test
  void everyImageThatIsFetchedHasAVersion() {
    for (JsonNode service : project.get("services")) {
      String image = service.get("image").asText();
      assertTrue(
          service.has("build") || image.matches("[a-z/-]+:\\d+(\\.\\d+)*"),
          image + " is not pinned");
    }
  }

  private static JsonNode read() {
    try {
      Process compose =
          new ProcessBuilder(
                  "docker-compose", "-f", "docker-compose.yml", "config", "--format", "json")
              .directory(Path.of("..").toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      JsonNode project = Json.MAPPER.readTree(compose.getInputStream().readAllBytes());
      assertEquals(0, compose.waitFor());
      return project;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
