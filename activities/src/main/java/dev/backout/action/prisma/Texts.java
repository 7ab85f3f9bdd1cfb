package dev.backout.action.prisma;

/** What the fields that all these actions have in common mean. */
final class Texts {
  static final String IN = "Where the project lives. On the worker if absent.";
  static final String DIRECTORY =
      "The project's directory, where it lives: the one with `prisma/`. The worker's own, or the container's, if absent.";
  static final String PRISMA =
      "Prisma's command line, relative to that directory, or `prisma` for one on the PATH.";
  static final String SCHEMA =
      "Its schema, relative to that directory. That which Prisma finds by itself if absent.";
  static final String CONFIG =
      "Its configuration, relative to that directory. That which Prisma finds by itself if absent.";
  static final String MIGRATIONS = "Where its migrations are, relative to that directory.";
  static final String ENVIRONMENT =
      "Variables for Prisma, such as `DATABASE_URL`, on top of those that are there.";
  static final String QUESTION = "How long the answer may take.";

  private Texts() {}
}
