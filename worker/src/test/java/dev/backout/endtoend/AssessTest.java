package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.plan.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Which runbook to take, where one service is well and another is not there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AssessTest {
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: %s
      name: %s
      summary: Do something about it.
      target: %s
      inputs:
        %s: { type: url, description: Where it answers }
      triggers:
        - name: It does not answer
          uses: http.check
          with: { url: "${{ inputs.%s }}" }
          expect: outputs.status == 200
          for: 5m
      steps:
        - id: authorize
          name: Go on?
          checkpoint: { approvers: [group:oncall], timeout: 5m }
      """;

  private OwnBackout backout;
  private HttpServer healthy;
  private Path runbooks;
  private String up;
  private String down;

  @BeforeAll
  void prepare(@TempDir Path directory) throws Exception {
    Path root = directory.toRealPath();
    healthy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    healthy.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    healthy.start();
    up = "http://127.0.0.1:" + healthy.getAddress().getPort() + "/";
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      down = "http://127.0.0.1:" + free.getLocalPort() + "/";
    }
    runbooks = Files.createDirectories(root.resolve("some runbooks/emergency"));
    write("a-shop", "planned", "shopUrl");
    write("b-mail", "emergency", "mailUrl");
    Files.writeString(
        runbooks.resolve("c-none.yaml"),
        RUNBOOK
            .formatted("planned", "none", "none", "x", "x")
            .replaceAll("(?s)triggers:.*steps", "steps"));
    backout = OwnBackout.in(root.resolve("own"), root);
  }

  @AfterAll
  void end() {
    backout.close();
    healthy.stop(0);
  }

  @Test
  void theRunbookWhoseTriggerHoldsIsNamedWithTheCommandThatStartsIt() throws Exception {
    Said said = assess(up, down);
    assertAll(
        () -> assertEquals(0, said.exit(), said::toString),
        () -> assertTrue(said.out().contains("The one to take: b-mail."), said::toString),
        () -> assertTrue(said.out().contains("does not hold: It does not answer"), said::toString),
        () -> assertTrue(said.out().contains("held for 5m"), said::toString),
        () -> assertFalse(said.out().contains("none"), said::toString),
        () ->
            assertTrue(
                said.out()
                    .replaceAll(" \\\\\\R\\s+", " ")
                    .stripTrailing()
                    .endsWith(
                        "backout run '"
                            + runbooks.resolve("b-mail.yaml")
                            + "' --input mailUrl="
                            + down),
                said::toString));
  }

  @Test
  void whenAllIsWellNoneIsToBeTaken() throws Exception {
    Said said = assess(up, up);
    assertEquals(0, said.exit(), said::toString);
    assertTrue(said.out().contains("No trigger holds"), said::toString);
    assertFalse(said.out().contains("backout run"), said::toString);
  }

  @Test
  void theMostUrgentOfSeveralComesFirstAlsoAsData() throws Exception {
    Said text = assess(down, down);
    assertTrue(text.out().contains("The one to take: b-mail."), text::toString);
    assertTrue(text.out().contains("Its time too: a-shop."), text::toString);
    JsonNode data = Json.MAPPER.readTree(assess(down, down, "-o", "json").out());
    assertEquals("b-mail", data.path(0).path("runbook").asText(), data::toString);
    assertTrue(data.path(1).path("isTime").asBoolean(), data::toString);
  }

  @Test
  void keptAskingItEndsWhenATriggerHasHeldForAsLongAsItsRunbookSays() throws Exception {
    Path file =
        Files.writeString(
            runbooks.resolve("d-soon.yaml"),
            RUNBOOK
                .formatted("emergency", "soon", "soon", "soonUrl", "soonUrl")
                .replace("for: 5m", "for: 2s"));
    Said said =
        backout.run(
            "assess", file.toString(), "--input", "soonUrl=" + down, "--watch", "--every", "1s");
    Files.delete(file);
    assertEquals(0, said.exit(), said::toString);
    assertTrue(said.err().contains("holds: soon: It does not answer"), said::toString);
    assertTrue(said.out().contains("It has held since "), said::toString);
    assertTrue(said.out().contains("The one to take: soon."), said::toString);
    assertFalse(said.out().contains("asked once"), said::toString);
  }

  @Test
  void filesThatSayNothingOfWhenAreNamed() throws Exception {
    Said said = backout.run("assess", runbooks.resolve("c-none.yaml").toString());
    assertEquals(1, said.exit(), said::toString);
    assertTrue(said.err().contains("None of these is a runbook with `triggers`"), said::toString);
  }

  private Said assess(String shop, String mail, String... more) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                "assess",
                runbooks.getParent().toString(),
                "--input",
                "shopUrl=" + shop,
                "--input",
                "mailUrl=" + mail));
    words.addAll(List.of(more));
    return backout.run(words);
  }

  private void write(String name, String kind, String input) throws Exception {
    Files.writeString(
        runbooks.resolve(name + ".yaml"), RUNBOOK.formatted(kind, name, name, input, input));
  }
}
