package dev.backout.action.channel;

import dev.backout.action.channel.SendMail.Security;
import jakarta.mail.Session;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A server that takes mails, and how one gets in. */
record Smtp(
    String host,
    int port,
    Security security,
    @Nullable String user,
    @Nullable String password,
    Duration timeout) {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  String protocol() {
    return security == Security.TLS ? "smtps" : "smtp";
  }

  Session session() {
    String prefix = "mail." + protocol() + ".";
    Properties properties = new Properties();
    properties.setProperty("mail.transport.protocol", protocol());
    String millis = Long.toString((timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout).toMillis());
    for (String limit : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
      properties.setProperty(prefix + limit, millis);
    }
    properties.setProperty(prefix + "auth", Boolean.toString(user != null));
    properties.setProperty(prefix + "ssl.checkserveridentity", "true");
    boolean startTls = security == Security.START_TLS;
    properties.setProperty(prefix + "starttls.enable", Boolean.toString(startTls));
    properties.setProperty(prefix + "starttls.required", Boolean.toString(startTls));
    return Session.getInstance(properties);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
