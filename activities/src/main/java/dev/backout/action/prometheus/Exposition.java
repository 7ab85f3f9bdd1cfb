package dev.backout.action.prometheus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Samples in Prometheus' text format, or in that of OpenMetrics, which for a reader of samples is
 * the same.
 */
final class Exposition {
  private final String text;

  Exposition(String text) {
    this.text = text;
  }

  /** A line of it. */
  record Sample(Map<String, String> labels, double value) {}

  /** Not in the format. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String line) {
      super("`" + (line.length() > 120 ? line.substring(0, 120) + "…" : line) + "`");
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** Those of the metric, in their order. */
  List<Sample> samples(String metric) throws Malformed {
    List<Sample> found = new ArrayList<>();
    for (String line : text.split("\\R")) {
      if (nameOf(line).equals(metric)) {
        found.add(sample(line, metric.length()));
      }
    }
    return found;
  }

  /** The names of all samples. */
  TreeSet<String> names() {
    TreeSet<String> names = new TreeSet<>();
    text.lines().map(Exposition::nameOf).filter(name -> !name.isEmpty()).forEach(names::add);
    return names;
  }

  private static String nameOf(String line) {
    int end = 0;
    while (end < line.length() && isOfName(line.charAt(end))) {
      end++;
    }
    return line.substring(0, end);
  }

  private static boolean isOfName(char c) {
    return c == '_' || c == ':' || (c < 128 && Character.isLetterOrDigit(c));
  }

  private static Sample sample(String line, int at) throws Malformed {
    Map<String, String> labels = new LinkedHashMap<>();
    int next = at < line.length() && line.charAt(at) == '{' ? labels(line, at + 1, labels) : at;
    String[] rest = line.substring(next).strip().split("\\s+");
    return new Sample(labels, number(rest[0], line));
  }

  /** Returns where the sample goes on after them. */
  private static int labels(String line, int from, Map<String, String> labels) throws Malformed {
    int at = from;
    while (at < line.length() && line.charAt(at) != '}') {
      int equals = line.indexOf('=', at);
      if (equals < 0 || equals + 1 >= line.length() || line.charAt(equals + 1) != '"') {
        throw new Malformed(line);
      }
      StringBuilder value = new StringBuilder();
      int end = quoted(line, equals + 2, value);
      labels.put(line.substring(at, equals).replaceAll("[,\\s]", ""), value.toString());
      at = end;
      while (at < line.length() && (line.charAt(at) == ',' || line.charAt(at) == ' ')) {
        at++;
      }
    }
    if (at >= line.length()) {
      throw new Malformed(line);
    }
    return at + 1;
  }

  private static int quoted(String line, int from, StringBuilder value) throws Malformed {
    for (int at = from; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\' && at + 1 < line.length()) {
        at++;
        value.append(line.charAt(at) == 'n' ? '\n' : line.charAt(at));
      } else {
        value.append(c);
      }
    }
    throw new Malformed(line);
  }

  private static double number(String text, String line) throws Malformed {
    try {
      return switch (text) {
        case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
        case "-Inf" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(text);
      };
    } catch (NumberFormatException e) {
      throw new Malformed(line);
    }
  }
}
