package dev.backout.action.web;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.TextOrSecret;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Headers that an action sends. */
public final class Headers {
  private Headers() {}

  /**
   * With their secrets.
   *
   * @throws ActionException if one can't be sent, or a secret is missing
   */
  public static Map<String, String> revealed(Map<String, TextOrSecret> said, ActionContext context)
      throws ActionException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, TextOrSecret> header : said.entrySet()) {
      headers.put(header.getKey(), context.reveal(header.getValue().text()));
      requireHeader(header.getKey(), headers.get(header.getKey()));
    }
    return headers;
  }

  /**
   * With their secrets, and with a bearer token.
   *
   * @param token null for none
   * @throws ActionException if one can't be sent, or a secret is missing
   */
  public static Map<String, String> revealed(
      @Nullable TextOrSecret token, Map<String, TextOrSecret> said, ActionContext context)
      throws ActionException {
    Map<String, String> headers = revealed(said, context);
    if (token != null) {
      String value = context.reveal(token.text()).strip();
      context.conceal(value);
      headers.put("Authorization", "Bearer " + value);
      requireHeader("Authorization", headers.get("Authorization"));
    }
    return headers;
  }

  private static void requireHeader(String name, @Nullable String value) throws ActionException {
    try {
      HttpRequest.newBuilder().setHeader(name, value);
    } catch (IllegalArgumentException e) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "The header "
              + name
              + " can't be sent: its name or value is not allowed there. A name has no spaces, a value no line ends; some, such as Host and Connection, are the client's own.");
    }
  }
}
