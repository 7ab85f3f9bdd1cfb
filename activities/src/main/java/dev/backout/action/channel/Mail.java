package dev.backout.action.channel;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/** A mail of plain text. */
record Mail(Message message, InternetAddress from, List<InternetAddress> to) {

  /** Returns its Message-ID when the server has taken it. */
  String send(Smtp server) throws MessagingException {
    Session session = server.session();
    Fixed mail = new Fixed(session, id(message.key()));
    InternetAddress[] receivers = to.toArray(InternetAddress[]::new);
    mail.setFrom(from);
    mail.setRecipients(jakarta.mail.Message.RecipientType.TO, receivers);
    mail.setSubject(message.subject(), StandardCharsets.UTF_8.name());
    mail.setText(
        message.text() + "\n\n-- \n" + message.origin() + "\n", StandardCharsets.UTF_8.name());
    mail.setSentDate(Date.from(Instant.now()));
    mail.setHeader("References", id(message.thread()));
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.saveChanges();
    try (Transport transport = session.getTransport(server.protocol())) {
      transport.connect(server.host(), server.port(), server.user(), server.password());
      transport.sendMessage(mail, receivers);
    }
    return id(message.key());
  }

  private String id(String key) {
    String address = String.valueOf(from.getAddress());
    return "<"
        + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8))
        + ".backout@"
        + address.substring(address.indexOf('@') + 1)
        + ">";
  }

  /** The library would give each attempt an id of its own. */
  private static final class Fixed extends MimeMessage {
    private final String id;

    Fixed(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
