package dev.backout.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the documentation shows is what Backout takes: its runbooks lint clean, its commands parse,
 * its links lead somewhere.
 */
class DocumentationTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\R(.*?)^```");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(?:\\$ )?(?:\\./)?backout ([^\\n#|;&<>]+?)(?:  .*| [|<>#].*)?$");
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)");

  @TempDir Path home;

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(ROOT::resolve),
              docs.filter(path -> path.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  static Stream<Named<String>> runbooks() throws IOException {
    return blocks().filter(block -> block.getPayload().startsWith("apiVersion: backout/v1"));
  }

  static Stream<Named<String>> commands() throws IOException {
    List<Named<String>> commands = new ArrayList<>();
    blocks()
        .forEach(
            block -> {
              Matcher command = COMMAND.matcher(block.getPayload().replaceAll("\\\\\\R\\s*", ""));
              while (command.find()) {
                commands.add(Named.of(block.getName() + ": " + command.group(1), command.group(1)));
              }
            });
    return commands.stream();
  }

  private static Stream<Named<String>> blocks() throws IOException {
    List<Named<String>> blocks = new ArrayList<>();
    for (Path page : pages()) {
      Matcher fence = FENCE.matcher(Files.readString(page));
      while (fence.find()) {
        blocks.add(Named.of(ROOT.relativize(page).toString(), fence.group(2)));
      }
    }
    return blocks.stream();
  }

  @ParameterizedTest
  @MethodSource("runbooks")
  void aRunbookInTheDocumentationHasNothingWrong(String runbook) throws IOException {
    Path file = Files.writeString(home.resolve("runbook.yaml"), runbook);

    Said said = Said.by(home, "lint", file.toString());

    assertEquals(0, said.exit(), said.err() + said.out());
  }

  static Stream<Named<String>> policies() throws IOException {
    return blocks()
        .filter(block -> block.getPayload().startsWith("# yaml-language-server"))
        .filter(block -> block.getPayload().contains("policy.schema.json"));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aPolicyInTheDocumentationHasNothingWrong(String policy) throws IOException {
    Files.writeString(
        home.resolve("allowed_signers"),
        "*@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB/u06rcJdl43OH2Si7HyMX+QY3aRLlW51lxsg1CMH3h\n");
    Path file = Files.writeString(home.resolve("policy.yaml"), policy);

    Said said = Said.by(home, "policy", "check", file.toString());

    assertEquals(0, said.exit(), said.err() + said.out());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandInTheDocumentationIsOneThatBackoutTakes(String command) {
    String[] words =
        command.strip().replaceAll("\\$\\([^)]*\\)|\"[^\"]*\"|'[^']*'", "TEXT").split("\\s+");

    assertDoesNotThrow(() -> Said.commandLine(home).parseArgs(words), command);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aLinkInTheDocumentationLeadsSomewhere(Path page) throws IOException {
    Matcher link = LINK.matcher(Files.readString(page));
    while (link.find()) {
      assertTrue(
          Files.exists(page.resolveSibling(link.group(1))), page + " links to " + link.group(1));
    }
  }

  @Test
  void theDocumentationShowsRunbooksAndCommandsAtAll() throws IOException {
    assertTrue(runbooks().count() >= 3);
    assertTrue(policies().count() >= 1);
    assertTrue(commands().count() >= 20);
  }
}
