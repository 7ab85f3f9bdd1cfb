package dev.backout.action.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in a document: {@code servers[0].port}. A key with a dot in it is quoted: {@code 'a.b'.c}.
 *
 * @param parts keys as text and indices as numbers; at least one
 */
record YamlPath(List<Object> parts) {
  private static final Pattern PART =
      Pattern.compile("\\G(?:\\[(\\d{1,9})\\]|(?:^|\\.)(?:'([^']+)'|([^.\\[\\]']+)))");

  static YamlPath parse(String text) throws YamlEditException {
    List<Object> parts = new ArrayList<>();
    Matcher part = PART.matcher(text);
    int end = 0;
    while (part.find()) {
      if (part.group(1) != null) {
        parts.add(Integer.valueOf(part.group(1)));
      } else {
        parts.add(part.group(2) != null ? part.group(2) : part.group(3));
      }
      end = part.end();
    }
    if (parts.isEmpty() || end != text.length()) {
      throw new YamlEditException(
          "'" + text + "' is not a path such as app.database.url or servers[0].port.");
    }
    return new YamlPath(List.copyOf(parts));
  }

  YamlPath parent() {
    return new YamlPath(parts.subList(0, parts.size() - 1));
  }

  Object last() {
    return parts.get(parts.size() - 1);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Object part : parts) {
      text.append(part instanceof Integer ? "[" + part + "]" : (text.isEmpty() ? "" : ".") + part);
    }
    return text.toString();
  }
}
