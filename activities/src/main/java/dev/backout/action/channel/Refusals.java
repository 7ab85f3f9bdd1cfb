package dev.backout.action.channel;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/** What it means that a mail was not taken. */
final class Refusals {
  private static final int PERMANENT = 500;

  private Refusals() {}

  static ActionException of(MessagingException problem, String server, ActionContext context) {
    String said =
        context.mask(String.valueOf(problem.getMessage()).replaceAll("\\s+", " ").strip());
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthenticationFailedException) {
        return new ActionException(
            Kind.PERMANENT,
            "The mail server "
                + server
                + " did not let the user in: "
                + said
                + ". Nothing was sent.");
      }
      if (cause instanceof SSLException) {
        return new ActionException(
            Kind.PERMANENT,
            "No connection to the mail server "
                + server
                + " can be trusted: "
                + context.mask(String.valueOf(cause.getMessage()))
                + ". Nothing was sent. Mend its certificate, or add its authority to the trust store of"
                + " the worker's Java.");
      }
    }
    boolean never = code(problem) >= PERMANENT || said.contains("STARTTLS is required");
    return new ActionException(
        never ? Kind.PERMANENT : Kind.TRANSIENT,
        "The mail server "
            + server
            + " did not take the mail: "
            + said
            + (said.endsWith(".") ? "" : "."));
  }

  /** What the server answered, as far as it did; of an address that it doesn't take before all. */
  private static int code(MessagingException problem) {
    int code = 0;
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof SMTPAddressFailedException address) {
        return address.getReturnCode();
      }
      if (cause instanceof SMTPSenderFailedException sender) {
        return sender.getReturnCode();
      }
      if (cause instanceof SMTPSendFailedException send) {
        code = send.getReturnCode();
      }
    }
    return code;
  }
}
