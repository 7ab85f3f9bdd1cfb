package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The texts for operators, merchants and regulators, through channels that are really there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommunicationTest {
  private static final Path TEXTS = Path.of("..", "runbooks", "communication");
  private static final String TOKEN = "t0ken-of-the-channels";
  private static final String OWN =
      """
      notifications:
        audit:
          uses: notify.email
          with: { host: 127.0.0.1, port: %d, security: none, from: audit@example.org, to: [audit@example.org] }
          events: [finished]
      """;

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final GreenMail mails =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private HttpServer services;
  private OwnBackout backout;
  private Path root;

  @BeforeAll
  void prepare(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    mails.start();
    services = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    services.createContext(
        "/",
        exchange -> {
          boolean asked = exchange.getRequestMethod().equals("GET");
          told.add(
              exchange.getRequestURI()
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] answer =
              (asked ? "[]" : "{\"ok\": true, \"ts\": \"1.2\", \"id\": \"abc\"}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    services.start();
    backout = OwnBackout.laidOut(root.resolve("own"), root);
    Files.writeString(
        root.resolve("own/config/backout/worker.yaml"),
        OWN.formatted(mails.getSmtp().getPort()),
        StandardOpenOption.APPEND);
    backout.secret("SLACK_TOKEN", TOKEN);
    backout.secret("STATUSPAGE_TOKEN", TOKEN);
    assertEquals(0, backout.run("server", "start").exit());
  }

  @AfterAll
  void end() {
    backout.close();
    services.stop(0);
    mails.stop();
  }

  @Test
  void operatorsAreToldInSlackAndByMailAndTheWorkersOwnByMail() throws Exception {
    Said said =
        backout.run(
            words(
                "operators",
                "service=ledger-a",
                "incident=INC-7",
                "happened=The keys are out.",
                "off=The poller.",
                "next=New keys.",
                "channel=#incidents",
                "slack=" + services(),
                "mailTo=[\"oncall@example.org\"]"));

    assertEquals(0, said.exit(), said::toString);
    String slack = told("/chat.postMessage");
    assertTrue(slack.contains("*INC-7*, ledger-a: The keys are out."), slack);
    assertTrue(mail("oncall@example.org").contains("Evidence: none yet"));
    assertMailed("audit@example.org", "Runbook tell-operators on ledger-a-operators");
    assertFalse(backout.screen().contains(TOKEN));
  }

  @Test
  void merchantsReadTheSameOnTheStatusPageAndInTheMail() throws Exception {
    Said said =
        backout.run(
            words(
                "merchants",
                "service=Ledger B",
                "key=INC-8",
                "since=03:00 UTC",
                "notice=Deposits are credited late.",
                "statusPage=p1",
                "statusPageApi=" + services(),
                "mailTo=[\"merchants@example.org\"]"));

    assertEquals(0, said.exit(), said::toString);
    String page = told("/pages/p1/incidents ");
    assertTrue(page.contains("\"status\":\"identified\""), page);
    assertTrue(page.contains("Deposits are credited late. (since 03:00 UTC)"), page);
    assertTrue(page.contains("\"key\":\"INC-8\""), page);
    assertTrue(mail("merchants@example.org").contains("You need to do nothing."));
  }

  @Test
  void regulatorsHearNothingBeforeSomebodyOfLegalHasSaidYes() throws Exception {
    List<String> words =
        words(
            "regulators",
            "service=ledger-c",
            "company=Example Ltd.",
            "reference=INC-9",
            "detectedAt=2026-01-31 03:00 UTC",
            "nature=API keys were in wrong hands.",
            "containment=The poller was stopped at 03:05 UTC.",
            "affectedInvoices=3",
            "ledgerIntact=true",
            "contact=Ada, +43 1 000",
            "mailTo=[\"regulator@example.org\"]");
    Running command = backout.start(words.toArray(String[]::new));
    var question = backout.question(command, "ledger-c-regulators");
    assertTrue(question.question().contains("Ledger proven whole: yes"), question::question);
    assertEquals("", mail("regulator@example.org"));

    assertEquals(0, backout.run("approve", "ledger-c-regulators", "approve_regulators").exit());

    assertEquals(0, command.said().exit(), command.said()::toString);
    assertTrue(mail("regulator@example.org").contains("Invoices concerned, as far as is known: 3"));
  }

  @Test
  void aTokenThatStandsInARunbookIsRefused() throws Exception {
    Path runbook =
        Files.writeString(
            root.resolve("plain.yaml"),
            """
            apiVersion: backout/v1
            kind: planned
            name: plain
            summary: Tell, with a token in sight.
            target: plain
            steps:
              - id: say
                uses: notify.slack
                with: { token: xoxb-1234, channel: "#incidents", text: Hello }
            """);

    Said said = backout.run("lint", runbook.toString());

    assertEquals(3, said.exit(), said::toString);
    assertTrue(said.all().contains("plain-secret"), said::toString);
  }

  private List<String> words(String text, String... inputs) {
    List<String> words =
        new ArrayList<>(List.of("run", TEXTS.resolve(text + ".yaml").toString(), "--yes"));
    List<String> mail =
        List.of("mailHost=127.0.0.1", "mailPort=" + mails.getSmtp().getPort(), "mailSecurity=none");
    Stream.concat(Arrays.stream(inputs), mail.stream())
        .forEach(input -> words.addAll(List.of("--input", input)));
    return words;
  }

  private String services() {
    return "http://127.0.0.1:" + services.getAddress().getPort();
  }

  private String told(String path) {
    return String.join(
        "\n", told.stream().filter(each -> each.startsWith(path) && each.endsWith("}")).toList());
  }

  /** What is told beside a run comes when the run has ended, and after that of others. */
  private void assertMailed(String address, String text) throws Exception {
    for (int i = 0; i < 300 && !mail(address).contains(text); i++) {
      Thread.sleep(100);
    }
    assertTrue(mail(address).contains(text), mail(address));
  }

  /** What somebody was mailed. */
  private String mail(String address) throws Exception {
    StringBuilder text = new StringBuilder();
    for (MimeMessage each : mails.getReceivedMessages()) {
      if (each.getAllRecipients()[0].toString().equals(address)) {
        text.append(each.getContent());
      }
    }
    return text.toString();
  }
}
