package dev.backout.runbook;

/** The forms that names have. */
final class Names {
  static final NameType STEP_ID =
      NameType.identifier("lower_snake_case, such as `stop_api`", "^[a-z][a-z0-9_]*$");
  static final NameType VARIABLE =
      NameType.identifier(
          "a name of letters and digits that begins with a small letter, such as `baseUrl`",
          "^[a-z][A-Za-z0-9_]*$");
  static final NameType BRANCH =
      NameType.of("lower_snake_case, such as `scheduler`", "^[a-z][a-z0-9_]*$");
  static final NameType RUNBOOK =
      NameType.of("kebab-case, such as `postgres-to-sqlite`", "^[a-z0-9]+(-[a-z0-9]+)*$");
  static final NameType ACTION =
      NameType.of(
          "an action's name, such as `sqlite.restore`",
          "^[a-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*)+$");
  static final NameType PATH =
      NameType.of(
          "a path relative to this file, such as `../validation/api.yaml`",
          "^[^/\\\\\\x00-\\x1f\\x7f][^\\\\\\x00-\\x1f\\x7f]*\\.ya?ml$");

  private Names() {}
}
