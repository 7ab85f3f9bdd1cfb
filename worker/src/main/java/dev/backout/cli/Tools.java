package dev.backout.cli;

import dev.backout.cli.view.Finding;
import dev.backout.cli.view.Finding.Verdict;
import dev.backout.machine.Machine;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of this machine that some actions want: whether they are there, and answer. */
final class Tools {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final List<Tool> ALL =
      List.of(
          new Tool(
              "temporal",
              "a server of this machine that keeps runs over a restart",
              "Temporal's command line: https://docs.temporal.io/cli",
              List.of()),
          new Tool("ssh-keygen", "signed decisions", "OpenSSH's client", List.of()),
          new Tool(
              "docker",
              "runbooks for Docker Compose",
              "Docker with Compose",
              List.of(
                  new Question(
                      List.of("compose", "version", "--short"),
                      "has no Compose",
                      "Install Docker's Compose plugin."),
                  new Question(
                      List.of("version", "--format", "{{.Server.Version}}"),
                      "has no engine that answers",
                      "Start Docker's engine, or see that this user may use its socket."))),
          new Tool(
              "helm",
              "`helm.*`",
              "Helm: https://helm.sh",
              List.of(Question.version("version", "--short"))),
          new Tool(
              "pg_dump",
              "`postgres.dump`",
              "PostgreSQL's client programs, of the server's version or newer",
              List.of(Question.version("--version"))),
          new Tool(
              "pg_restore",
              "`postgres.restore` and `postgres.findBackup`",
              "PostgreSQL's client programs, of the server's version or newer",
              List.of(Question.version("--version"))),
          new Tool(
              "alembic",
              "`alembic.*` on the worker",
              "Alembic",
              List.of(Question.version("--version"))),
          new Tool("prisma", "`prisma.*` on the worker", "Prisma's command line", List.of()),
          new Tool(
              "sqlite3",
              "looking into SQLite files by hand; Backout itself needs none",
              "SQLite's command line",
              List.of()));

  private final Machine machine;

  Tools(Machine machine) {
    this.machine = machine;
  }

  /**
   * @param what it is for
   * @param howToGet what is to be installed
   * @param questions that it must answer by exit 0, and the last of them with its version
   */
  private record Tool(String name, String what, String howToGet, List<Question> questions) {}

  /**
   * @param otherwise what is to be said where it doesn't answer
   */
  private record Question(List<String> words, String otherwise, String advice) {
    static Question version(String... words) {
      return new Question(
          List.of(words),
          "doesn't say its version",
          "See what it says by hand, and install it anew.");
    }
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(ALL.stream().map(this::look).toList());
    findings.add(kubeconfig());
    return findings;
  }

  private Finding look(Tool tool) {
    Optional<Path> found = machine.program(tool.name());
    if (found.isEmpty()) {
      return new Finding(
          tool.name(),
          Verdict.OPTIONAL,
          "not on the PATH; for " + tool.what(),
          "To get it, install " + tool.howToGet() + ".");
    }
    String version = "";
    for (Question question : tool.questions()) {
      Optional<String> answer =
          machine.ask(PATIENCE, tool.name(), question.words().toArray(String[]::new));
      if (answer.isEmpty()) {
        return new Finding(
            tool.name(),
            Verdict.OPTIONAL,
            found.get() + " " + question.otherwise() + "; for " + tool.what(),
            question.advice());
      }
      version = answer.get().lines().findFirst().orElse("");
    }
    return new Finding(
        tool.name(),
        Verdict.GOOD,
        found.get() + (version.isEmpty() ? "" : ", " + version) + ", for " + tool.what(),
        null);
  }

  private Finding kubeconfig() {
    String files =
        machine
            .variable("KUBECONFIG")
            .orElseGet(
                () -> Path.of(machine.variable("HOME").orElse(""), ".kube/config").toString());
    boolean isThere =
        Stream.of(files.split(File.pathSeparator))
            .filter(file -> !file.isEmpty())
            .anyMatch(file -> Files.isReadable(Path.of(file)));
    return new Finding(
        "kubeconfig",
        isThere ? Verdict.GOOD : Verdict.OPTIONAL,
        files + (isThere ? "" : " isn't there") + ", for `kubernetes.*` and `helm.*`",
        isThere ? null : "KUBECONFIG names another file.");
  }
}
