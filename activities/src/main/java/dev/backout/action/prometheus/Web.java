package dev.backout.action.prometheus;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.net.URI;

/** Where something is to be asked. */
final class Web {
  private Web() {}

  static void require(URI url) throws ActionException {
    String scheme = String.valueOf(url.getScheme());
    boolean web = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
    if (!web || url.getHost() == null || url.getUserInfo() != null) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "url must be one of http or https with a host and without a password, such as"
              + " http://127.0.0.1:9090. A token goes into `token`, other credentials into `headers`.");
    }
  }
}
