package dev.backout.action.alertmanager;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.util.List;
import java.util.regex.Pattern;

/** Which alerts, as Alertmanager and PromQL write it: {@code service="orders"}. */
record Matcher(String label, String operator, String value) {
  private static final Pattern WRITTEN =
      Pattern.compile(
          "\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*(=~|!~|!=|=)\\s*(?:\"(.*)\"|([^\"\\s]*))\\s*");

  static Matcher parse(String text) throws ActionException {
    java.util.regex.Matcher parts = WRITTEN.matcher(text);
    if (!parts.matches()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "matchers has `"
              + text
              + "`, and one such as service=\"orders\" or severity=~\"page|warning\" was expected.");
    }
    String quoted = parts.group(3);
    return new Matcher(
        parts.group(1),
        parts.group(2),
        quoted == null ? parts.group(4) : quoted.replace("\\\"", "\"").replace("\\\\", "\\"));
  }

  /**
   * @throws ActionException if there are none, or they would silence everything
   */
  static ArrayNode json(List<String> matchers) throws ActionException {
    ArrayNode all = Alertmanager.JSON.createArrayNode();
    boolean narrow = false;
    for (String text : matchers) {
      Matcher each = parse(text);
      narrow |= each.isNarrow();
      all.addObject()
          .put("name", each.label())
          .put("value", each.value())
          .put("isRegex", each.operator().endsWith("~"))
          .put("isEqual", each.operator().startsWith("="));
    }
    if (!narrow) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "matchers would silence every alert there is. Name at least one label with its value, such as service=\"orders\".");
    }
    return all;
  }

  private boolean isNarrow() {
    boolean anything = operator.equals("=~") && (value.equals(".*") || value.equals(".+"));
    return operator.startsWith("=") && !value.isEmpty() && !anything;
  }
}
