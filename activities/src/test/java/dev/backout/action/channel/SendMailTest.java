package dev.backout.action.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SendMailTest {
  private static final String PASSWORD = "p4ssword-of-the-mail";

  private final GreenMail mails =
      new GreenMail(
          new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS)
          });

  @BeforeEach
  void start() {
    mails.start();
  }

  @AfterEach
  void stop() {
    mails.stop();
  }

  @Test
  void anEventIsAMailOfTheRunsThread() throws Exception {
    JsonNode sent = mail("'security': 'none', 'event': " + Events.waiting());
    JsonNode again = mail("'security': 'none', 'event': " + Events.waiting());
    var unused = mail("'security': 'none', 'event': " + Events.finished());

    MimeMessage[] received = mails.getReceivedMessages();
    assertEquals(3, received.length);
    assertEquals("Stop the poller? ***", received[0].getSubject());
    InternetAddress from = (InternetAddress) received[0].getFrom()[0];
    assertEquals("Rückfall", from.getPersonal());
    assertEquals("rollbacks@example.org", from.getAddress());
    String text = received[0].getContent().toString();
    assertTrue(text.contains("Asked: group:oncall."), text);
    assertFalse(text.contains(Events.TOKEN), text);
    assertEquals(sent, again);
    assertEquals(sent.path("messageId").asText(), received[1].getMessageID());
    assertEquals(received[0].getMessageID(), received[1].getMessageID());
    assertFalse(received[0].getMessageID().equals(received[2].getMessageID()));
    assertEquals(received[0].getHeader("References")[0], received[2].getHeader("References")[0]);
  }

  @Test
  void aServerWithoutEncryptionIsRefusedBeforeAnythingIsSaid() {
    ActionException failure = failure("'text': 'hello'");

    assertEquals(Kind.PERMANENT, failure.kind());
    assertTrue(failure.getMessage().contains("STARTTLS"), failure.getMessage());
    assertEquals(0, mails.getReceivedMessages().length);
  }

  @Test
  void aCertificateThatNobodyVouchesForEndsItBeforeThePasswordIsSent() {
    ActionException failure =
        assertThrows(
            ActionException.class,
            () ->
                mail(
                    mails.getSmtps().getPort(),
                    "'security': 'tls', 'user': 'bot', 'password': 'secret:PASSWORD', 'text': 'x'"));

    assertEquals(Kind.PERMANENT, failure.kind());
    assertTrue(failure.getMessage().contains("can be trusted"), failure.getMessage());
  }

  @Test
  void aPasswordIsNotSentInClearText() {
    ActionException failure =
        failure("'security': 'none', 'user': 'bot', 'password': 'secret:PASSWORD', 'text': 'x'");

    assertEquals(Kind.INVALID_INPUT, failure.kind());
  }

  @Test
  void aServerThatIsDownMayBeUpLater() {
    int port = mails.getSmtp().getPort();
    mails.stop();

    ActionException failure =
        assertThrows(ActionException.class, () -> mail(port, "'security': 'none', 'text': 'x'"));

    assertEquals(Kind.TRANSIENT, failure.kind());
  }

  @Test
  void anAddressThatIsNoneIsNamed() {
    ActionException failure = failure("'security': 'none', 'to': ['on call'], 'text': 'x'");

    assertTrue(failure.getMessage().contains("holds 'on call'"), failure.getMessage());
  }

  private ActionException failure(String more) {
    return assertThrows(ActionException.class, () -> mail(more));
  }

  private JsonNode mail(String more) throws ActionException, IOException {
    return mail(mails.getSmtp().getPort(), more);
  }

  private JsonNode mail(int port, String more) throws ActionException, IOException {
    PlainContext context = Events.context().secret("PASSWORD", PASSWORD);
    String to = more.contains("'to'") ? "" : "'to': ['oncall@example.org'], ";
    return Catalog.run(
        "notify.email",
        "{'host': '127.0.0.1', 'port': "
            + port
            + ", 'from': 'Rückfall <rollbacks@example.org>', "
            + to
            + more
            + "}",
        context);
  }
}
