package dev.backout.action.channel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends an e-mail. */
@ActionInfo(
    name = "notify.email",
    summary = "Send an e-mail",
    description =
        """
        By SMTP to a server that takes mail from the worker. The connection is encrypted and the server's certificate checked against
        the trust store of the worker's Java: by `startTls`, as port 587 has it, or by `tls` from the first byte, as port 465; `none`
        is for a server on the same machine, and refused with a password.

        A repeat has the same `Message-ID`, by which mail systems drop it; all mails of a run are one thread. What the server says to
        one of the addresses holds for the mail: if it takes none of them, nobody gets it.
        """,
    repeatable = Repeatable.SAFE,
    because = "A repeat has the same Message-ID.")
public final class SendMail implements Action<SendMail.Input, SendMail.Output> {

  public enum Security {
    START_TLS,
    TLS,
    NONE
  }

  public record Input(
      @Doc("The host of the server.") String host,
      @Doc(value = "Its port.", defaultValue = "587") int port,
      @Doc(value = "How it is encrypted: `startTls`, `tls` or `none`.", defaultValue = "startTls")
          Security security,
      @Doc("The user that logs in. Nobody logs in, if absent.") @Nullable String user,
      @Doc("Their password, `secret:NAME`.") @Nullable TextOrSecret password,
      @Doc("Who it is from, such as `Rollbacks <rollbacks@example.org>`.") String from,
      @Doc("Who gets it.") List<String> to,
      @Doc("Its subject. The first line of the text, if absent.") @Nullable String subject,
      @Doc("What it says. Under `notifications` the event says it, after this.")
          @Nullable String text,
      @Doc(
              value = "How long the server may take for each answer, at most 60s.",
              defaultValue = "10s")
          Duration timeout,
      @Doc("What is told. Under `notifications` Backout gives it.") @Nullable JsonNode event) {}

  public record Output(@Doc("The mail's `Message-ID`.") String messageId) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    List<InternetAddress> to = new ArrayList<>();
    for (String each : input.to()) {
      to.add(address("to", each));
    }
    if (to.isEmpty()) {
      throw new ActionException(Kind.INVALID_INPUT, "to names nobody. Nothing was sent.");
    }
    InternetAddress from = address("from", input.from());
    Message message = message(input, context);
    String password = password(input, context);
    context.heartbeat("sending a mail");
    try {
      return new Output(
          new Mail(message, from, to)
              .send(
                  new Smtp(
                      input.host(),
                      input.port(),
                      input.security(),
                      input.user(),
                      password,
                      input.timeout())));
    } catch (MessagingException e) {
      throw Refusals.of(e, input.host() + ":" + input.port(), context);
    }
  }

  private static @Nullable String password(Input input, ActionContext context)
      throws ActionException {
    if ((input.user() == null) != (input.password() == null)) {
      throw new ActionException(
          Kind.INVALID_INPUT, "user and password go together, and one of them is missing.");
    }
    if (input.password() == null) {
      return null;
    }
    if (input.security() == Security.NONE) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "A password is not sent without encryption. Set security to startTls or tls.");
    }
    String password = context.reveal(input.password().text());
    context.conceal(password);
    return password;
  }

  private static InternetAddress address(String field, String text) throws ActionException {
    try {
      InternetAddress[] parsed = InternetAddress.parse(text, true);
      if (parsed.length == 1) {
        parsed[0].validate();
        parsed[0].setPersonal(parsed[0].getPersonal(), StandardCharsets.UTF_8.name());
        return parsed[0];
      }
    } catch (AddressException | UnsupportedEncodingException e) {
      // said below
    }
    throw new ActionException(
        Kind.INVALID_INPUT,
        field + " is to hold an address such as oncall@example.org, and holds '" + text + "'.");
  }

  private static Message message(Input input, ActionContext context) throws ActionException {
    return Message.of(null, input.subject(), input.text(), input.event(), context);
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Message message = message(input, context);
    return new Preview(
        "Would mail to " + String.join(", ", input.to()) + ": " + message.subject(),
        true,
        List.of(new Detail(Preview.Kind.NOTE, "Mail", message.text().lines().toList())),
        null);
  }
}
