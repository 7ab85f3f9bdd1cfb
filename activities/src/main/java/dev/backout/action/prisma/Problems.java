package dev.backout.action.prisma;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.program.Ended;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prisma could not do, by the codes of its errors, and what to do about it. */
final class Problems {
  private static final Pattern CODE = Pattern.compile("\\b(P[13]\\d{3})\\b");
  private static final Pattern COLOUR = Pattern.compile("\\u001b\\[[0-9;]*m");
  private static final Set<String> UNREACHABLE = Set.of("P1001", "P1002", "P1008", "P1017");

  private Problems() {}

  /**
   * Of a question that got no answer; nothing was changed.
   *
   * @param where the project is, for people
   */
  static ActionException of(Ended ended, String where) {
    String said = said(ended);
    String code = code(said).orElse("");
    if (UNREACHABLE.contains(code)) {
      return new ActionException(
          Kind.TRANSIENT,
          "The database can't be reached "
              + where
              + ": "
              + said
              + "\nNothing was changed; see that it runs and can be reached from there, then retry.");
    }
    return new ActionException(
        Kind.PERMANENT,
        "Prisma can't say how the migrations are "
            + where
            + ": "
            + said
            + "\nNothing was changed; "
            + toDo(code)
            + ", then retry. All that it said: "
            + ended.log());
  }

  private static String toDo(String code) {
    return switch (code) {
      case "P1000", "P1010" -> "correct the login where the project takes it from";
      case "P1003" -> "correct the database's name, or create it";
      case "P1012", "P1013" -> "correct the project's schema or its database URL";
      default -> "mend that";
    };
  }

  /** Whether it may go well at another time: the database was out of reach, or another deploys. */
  static boolean isPassing(Ended ended) {
    return code(said(ended)).filter(UNREACHABLE::contains).isPresent();
  }

  /** Prisma's last words, as they are read. */
  static String said(Ended ended) {
    return COLOUR.matcher(ended.tail()).replaceAll("").strip();
  }

  private static Optional<String> code(String said) {
    Matcher matcher = CODE.matcher(said);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
