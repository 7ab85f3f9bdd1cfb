package dev.backout.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of documentation as something to be done, from top to bottom. */
final class ConsolePage {
  private static final Pattern FENCE = Pattern.compile("(?ms)^```(yaml|console)\\R(.*?)^```");
  private static final Pattern FILE_TO_WRITE = Pattern.compile("[Ww]rite[^`]*`([\\w.-]+)`:\\s*$");

  private ConsolePage() {}

  sealed interface Part permits WrittenFile, Typed {}

  /** A block that the text says to write to a file. */
  record WrittenFile(String name, String content) implements Part {}

  /**
   * A command, and lines that its output has, in this order.
   *
   * @param command as a shell takes it, perhaps in several lines
   */
  record Typed(String command, List<String> promised) implements Part {}

  static List<Part> parts(String page) {
    List<Part> parts = new ArrayList<>();
    Matcher fence = FENCE.matcher(page);
    int end = 0;
    while (fence.find()) {
      Matcher file = FILE_TO_WRITE.matcher(page.substring(end, fence.start()));
      if (fence.group(1).equals("console")) {
        parts.addAll(typed(fence.group(2)));
      } else if (file.find()) {
        parts.add(new WrittenFile(file.group(1), fence.group(2)));
      }
      end = fence.end();
    }
    return parts;
  }

  private static List<Typed> typed(String block) {
    List<Typed> typed = new ArrayList<>();
    StringBuilder command = new StringBuilder();
    List<String> promised = new ArrayList<>();
    boolean goesOn = false;
    for (String line : block.lines().toList()) {
      if (line.startsWith("$ ")) {
        add(typed, command, promised);
        command.append(line.substring(2));
      } else if (goesOn) {
        command.append('\n').append(line);
      } else {
        promised.add(line);
        continue;
      }
      goesOn = line.endsWith("\\");
    }
    add(typed, command, promised);
    return typed;
  }

  private static void add(List<Typed> typed, StringBuilder command, List<String> promised) {
    if (!command.isEmpty()) {
      typed.add(new Typed(command.toString(), List.copyOf(promised)));
    }
    command.setLength(0);
    promised.clear();
  }

  /** Whether a promised line, its numbers and ids aside, is a part of what was said. */
  static boolean isIn(String said, String promised) {
    String[] parts = promised.strip().split("…", -1);
    String all = masked(said);
    int from = 0;
    for (String part : parts) {
      int found = all.indexOf(masked(part), from);
      if (found < 0) {
        return false;
      }
      from = found;
    }
    return true;
  }

  private static String masked(String text) {
    return text.replaceAll("\\b[0-9a-f]{8}\\b", "ID")
        .replaceAll("\\d+", "#")
        .replaceAll("\\s+", " ");
  }
}
