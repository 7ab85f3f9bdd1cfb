package dev.backout.signature;

/**
 * A line of {@code allowed_signers} cut into its parts.
 *
 * @param options empty if there are none
 */
record LineParts(String principals, String options, String keyType, String key) {
  private static final String BLANKS = " \t";

  static LineParts of(String line) throws Flaw {
    int[] at = {skipBlanks(line, 0)};
    String principals = line.charAt(at[0]) == '"' ? quoted(line, at) : word(line, at);
    String first = options(line, at);
    if (isKeyType(first)) {
      return new LineParts(principals, "", first, rest(line, at));
    }
    String type = word(line, at);
    if (type.isEmpty()) {
      throw new Flaw("expected names, options if any, the key's type and the key, found no key");
    }
    return new LineParts(principals, first, type, rest(line, at));
  }

  private static boolean isKeyType(String word) {
    try {
      KeyType.of(word);
      return true;
    } catch (Flaw e) {
      // Not an option's name either, then, and better named as what it is.
      return word.startsWith("ssh-") || word.startsWith("ecdsa-") || word.startsWith("sk-");
    }
  }

  private static String rest(String line, int[] at) throws Flaw {
    String key = word(line, at);
    if (key.isEmpty()) {
      throw new Flaw("expected the key after its type, found nothing");
    }
    return key;
  }

  private static String word(String line, int[] at) {
    int start = at[0];
    while (at[0] < line.length() && BLANKS.indexOf(line.charAt(at[0])) < 0) {
      at[0]++;
    }
    String word = line.substring(start, at[0]);
    at[0] = skipBlanks(line, at[0]);
    return word;
  }

  private static String quoted(String line, int[] at) throws Flaw {
    int end = line.indexOf('"', at[0] + 1);
    if (end < 0) {
      throw new Flaw("expected a closing quote after the names");
    }
    String names = line.substring(at[0] + 1, end);
    at[0] = skipBlanks(line, end + 1);
    return names;
  }

  /** A word in which blanks between quotes count. */
  private static String options(String line, int[] at) throws Flaw {
    int start = at[0];
    boolean inQuotes = false;
    while (at[0] < line.length() && (inQuotes || BLANKS.indexOf(line.charAt(at[0])) < 0)) {
      if (line.startsWith("\\\"", at[0])) {
        at[0]++;
      } else if (line.charAt(at[0]) == '"') {
        inQuotes = !inQuotes;
      }
      at[0]++;
    }
    if (inQuotes) {
      throw new Flaw("expected a closing quote in the options");
    }
    String options = line.substring(start, at[0]);
    at[0] = skipBlanks(line, at[0]);
    return options;
  }

  private static int skipBlanks(String line, int from) {
    int at = from;
    while (at < line.length() && BLANKS.indexOf(line.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }
}
