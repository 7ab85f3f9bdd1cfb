package dev.backout.cli;

import dev.backout.cli.view.Finding;
import dev.backout.cli.view.Finding.Verdict;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The programs of this machine that some actions want: whether they are there, and answer. */
final class Tools {
  private static final int PATIENCE_SECONDS = 5;

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
              "helm", "`helm.*`", "Helm: https://helm.sh", List.of(Question.version("--short"))),
          new Tool(
              "pg_dump",
              "`postgres.dump`",
              "PostgreSQL's client programs, of the server's version or newer",
              List.of(Question.version())),
          new Tool(
              "pg_restore",
              "`postgres.restore` and `postgres.findBackup`",
              "PostgreSQL's client programs, of the server's version or newer",
              List.of(Question.version())),
          new Tool("alembic", "`alembic.*` on the worker", "Alembic", List.of(Question.version())),
          new Tool("prisma", "`prisma.*` on the worker", "Prisma's command line", List.of()),
          new Tool(
              "sqlite3",
              "looking into SQLite files by hand; Backout itself needs none",
              "SQLite's command line",
              List.of()));

  private final Map<String, String> environment;

  Tools(Map<String, String> environment) {
    this.environment = environment;
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
    static Question version(String... more) {
      return new Question(
          Stream.concat(Stream.of(more.length > 0 ? "version" : "--version"), Stream.of(more))
              .toList(),
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
    Optional<Path> found = onPath(tool.name());
    if (found.isEmpty()) {
      return new Finding(
          tool.name(),
          Verdict.OPTIONAL,
          "not on the PATH; for " + tool.what(),
          "To get it, install " + tool.howToGet() + ".");
    }
    String version = "";
    for (Question question : tool.questions()) {
      String answer = answer(found.get(), question.words());
      if (answer == null) {
        return new Finding(
            tool.name(),
            Verdict.OPTIONAL,
            found.get() + " " + question.otherwise() + "; for " + tool.what(),
            question.advice());
      }
      version = answer;
    }
    return new Finding(
        tool.name(),
        Verdict.GOOD,
        found.get() + (version.isEmpty() ? "" : ", " + version) + ", for " + tool.what(),
        null);
  }

  private Optional<Path> onPath(String name) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The first line of what it says; null if it ends otherwise than well, or not soon. */
  private @Nullable String answer(Path program, List<String> words) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Path said = null;
    try {
      // A file, as a pipe might be held open by what the program has started.
      said = Files.createTempFile("backout-doctor", ".txt");
      Process process = builder.redirectOutput(said.toFile()).start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return null;
      }
      return process.exitValue() == 0
          ? Files.readString(said, StandardCharsets.UTF_8).lines().findFirst().orElse("")
          : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      delete(said);
    }
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It is in the directory for what may be thrown away.
    }
  }

  private Finding kubeconfig() {
    String named = environment.getOrDefault("KUBECONFIG", "");
    String files =
        named.isBlank()
            ? Path.of(environment.getOrDefault("HOME", ""), ".kube/config").toString()
            : named;
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
