package dev.backout.action.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.channel.Service.Reply;
import dev.backout.action.channel.Service.Request;
import dev.backout.testing.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** GitHub, Jira and Statuspage as services that keep what they are given, asked again and again. */
final class TicketsTest {
  private final ArrayNode kept = Service.JSON.createArrayNode();
  private final ArrayNode comments = Service.JSON.createArrayNode();

  private static Reply json(int status, JsonNode body) {
    return new Reply(status, body.toString(), java.util.Map.of());
  }

  private Reply github(Request request) {
    boolean onComments = request.path().contains("/comments");
    ArrayNode list = onComments ? comments : kept;
    if (request.method().equals("GET")) {
      return json(200, list);
    }
    ObjectNode made = (ObjectNode) request.json();
    made.put("number", 17).put("html_url", "https://github.example/acme/ops/issues/17");
    list.add(made);
    return json(201, made);
  }

  @Test
  void aRunIsOneIssueWithAComment() throws Exception {
    try (Service github = new Service(this::github)) {
      JsonNode opened = issue(github, "'event': " + Events.waiting());
      assertEquals(opened, issue(github, "'event': " + Events.waiting()));
      var ended = issue(github, "'event': " + Events.finished());
      assertEquals(ended, issue(github, "'event': " + Events.finished()));

      assertEquals(17, opened.path("number").asInt());
      assertEquals(1, kept.size());
      assertEquals(1, comments.size());
      Request first = github.changes().get(0);
      assertEquals("/repos/acme/ops/issues", first.path());
      assertEquals("Bearer " + Events.TOKEN, first.header("Authorization"));
      assertEquals("2022-11-28", first.header("X-github-api-version"));
      assertEquals("Stop the poller? ***", first.json().path("title").asText());
      assertEquals("[\"rollback\"]", first.json().path("labels").toString());
      assertFalse((kept.toString() + comments).contains(Events.TOKEN));
    }
  }

  @Test
  void aTokenThatMayNotWriteIsAPermanentRefusal() throws Exception {
    try (Service github =
        new Service(request -> Reply.of(403, "{'message': 'Resource not accessible'}"))) {
      ActionException failure =
          assertThrows(ActionException.class, () -> issue(github, "'text': 'x'"));
      assertEquals(Kind.PERMANENT, failure.kind());
      assertTrue(failure.getMessage().contains("GitHub answered 403"), failure.getMessage());
    }
  }

  private static JsonNode issue(Service github, String more) throws ActionException, IOException {
    return Catalog.run(
        "notify.github",
        "{'repository': 'acme/ops', 'token': 'secret:TOKEN', 'api': '"
            + github.url()
            + "', "
            + more
            + "}",
        Events.context());
  }

  /** A server of one's own, which doesn't know the cloud's search. */
  private Reply jira(Request request) {
    if (request.path().startsWith("/rest/api/3/")) {
      return Reply.of(404, "");
    }
    if (request.path().startsWith("/rest/api/2/search")) {
      ObjectNode found = Service.JSON.createObjectNode();
      found.set("issues", kept);
      return json(200, found);
    }
    if (request.path().contains("/comment")) {
      if (request.method().equals("POST")) {
        comments.add(request.json());
        return json(201, request.json());
      }
      ObjectNode found = Service.JSON.createObjectNode();
      found.set("comments", comments);
      return json(200, found);
    }
    if (request.method().equals("GET")) {
      return json(200, kept.get(0));
    }
    ObjectNode made = (ObjectNode) request.json();
    made.put("key", "OPS-17").put("id", "10017");
    kept.add(made);
    return json(201, made);
  }

  @Test
  void aRunIsOneTicketWithAComment() throws Exception {
    try (Service jira = new Service(this::jira)) {
      JsonNode opened = ticket(jira, "'event': " + Events.waiting());
      assertEquals(opened, ticket(jira, "'event': " + Events.waiting()));
      var ended = ticket(jira, "'event': " + Events.finished());
      assertEquals(ended, ticket(jira, "'event': " + Events.finished()));

      assertEquals("OPS-17", opened.path("ticket").asText());
      assertEquals(jira.url() + "/browse/OPS-17", opened.path("link").asText());
      assertEquals(1, kept.size());
      assertEquals(1, comments.size());
      JsonNode fields = jira.changes().get(0).json().path("fields");
      assertEquals("OPS", fields.path("project").path("key").asText());
      assertEquals("Task", fields.path("issuetype").path("name").asText());
      assertEquals("Stop the poller? ***", fields.path("summary").asText());
      assertTrue(fields.path("labels").toString().contains("rollback"));
    }
  }

  @Test
  void inTheCloudTheLoginIsUserAndToken() throws Exception {
    try (Service jira = new Service(request -> Reply.of(401, ""))) {
      ActionException failure =
          assertThrows(
              ActionException.class, () -> ticket(jira, "'user': 'bot@example.org', 'text': 'x'"));
      assertEquals("Jira answered 401.", failure.getMessage());
      String login =
          Base64.getEncoder()
              .encodeToString(("bot@example.org:" + Events.TOKEN).getBytes(StandardCharsets.UTF_8));
      assertEquals("Basic " + login, jira.requests().get(0).header("Authorization"));
    }
  }

  private static JsonNode ticket(Service jira, String more) throws ActionException, IOException {
    return Catalog.run(
        "notify.jira",
        "{'url': '" + jira.url() + "', 'project': 'OPS', 'token': 'secret:TOKEN', " + more + "}",
        Events.context());
  }

  private Reply statusPage(Request request) {
    if (request.method().equals("GET")) {
      return json(200, kept);
    }
    ObjectNode incident = (ObjectNode) request.json().path("incident");
    incident.put("id", "abc").put("shortlink", "https://stspg.example/abc");
    kept.removeAll().add(incident);
    return json(request.method().equals("POST") ? 201 : 200, incident);
  }

  @Test
  void aRunIsOneIncidentThatIsResolvedAtItsEnd() throws Exception {
    try (Service page = new Service(this::statusPage)) {
      JsonNode opened = incident(page, "'status': 'identified'");
      var unused = incident(page, "'event': " + Events.finished());

      assertEquals("https://stspg.example/abc", opened.path("link").asText());
      assertEquals("POST", page.changes().get(0).method());
      assertEquals("/pages/p1/incidents", page.changes().get(0).path());
      assertEquals("OAuth " + Events.TOKEN, page.changes().get(0).header("Authorization"));
      JsonNode first = page.changes().get(0).json().path("incident");
      assertEquals("identified", first.path("status").asText());
      assertEquals("Payments are delayed", first.path("name").asText());
      assertEquals("PATCH", page.changes().get(1).method());
      assertEquals("/pages/p1/incidents/abc", page.changes().get(1).path());
      JsonNode last = page.changes().get(1).json().path("incident");
      assertEquals("resolved", last.path("status").asText());
      assertFalse(last.toString().contains("compromised"), last::toString);
    }
  }

  private static JsonNode incident(Service page, String more) throws ActionException, IOException {
    return Catalog.run(
        "notify.statuspage",
        "{'page': 'p1', 'token': 'secret:TOKEN', 'name': 'Payments are delayed', 'text': 'We work on it.', 'api': '"
            + page.url()
            + "', "
            + more
            + "}",
        Events.context());
  }
}
