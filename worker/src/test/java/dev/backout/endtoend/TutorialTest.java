package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.cli.Backout;
import dev.backout.endtoend.ConsolePage.Part;
import dev.backout.endtoend.ConsolePage.Typed;
import dev.backout.endtoend.ConsolePage.WrittenFile;
import dev.backout.launch.OwnJava;
import dev.backout.testing.RequiresProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial, done from the first command to the last as somebody new would, in a new home. */
class TutorialTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** What nobody can be asked here, and where things are. */
  private static final Map<String, String> TYPED_OTHERWISE =
      Map.of(
          "demo --keep", "demo --yes --keep",
          "run plan.json", "run plan.json --yes",
          "cd /path/to/your/clone", "cd ~/clone",
          "curl ", "curl -sS ");

  private static final String ASKS = "decide ";

  private Shell shell;
  private Shell.Background waiting;

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  @RequiresProgram({"bash", "curl", "sed"})
  void everyCommandDoesWhatThePageSays(@TempDir Path directory) throws Exception {
    Path home = directory.toRealPath();
    Path clone = clone(home);
    Path scratch = Files.createDirectories(home.resolve("scratch"));
    List<Part> parts = ConsolePage.parts(Files.readString(ROOT.resolve("docs/tutorial.md")));
    assertTrue(parts.size() > 20, "the page has lost its commands: " + parts);
    try (Shell own = new Shell(clone, scratch, environment(home))) {
      shell = own;
      for (Part part : parts) {
        if (part instanceof WrittenFile file) {
          Files.writeString(home.resolve("harvester").resolve(file.name()), file.content());
        } else if (part instanceof Typed typed) {
          type(typed);
        }
      }
      assertTrue(Files.notExists(home.resolve("harvester")), "the demo has been removed");
    } finally {
      end(home, clone, scratch);
    }
  }

  private void type(Typed typed) throws Exception {
    String command = typed.command();
    for (Map.Entry<String, String> other : TYPED_OTHERWISE.entrySet()) {
      command = command.replace(other.getKey(), other.getValue());
    }
    boolean asks = typed.promised().stream().anyMatch(line -> line.startsWith("backout "));
    if (asks) {
      waiting = shell.start(command);
      awaitQuestion();
      assertPromised(typed, waiting.soFar());
      return;
    }
    Shell.Said said = shell.run(command);
    int expected = command.equals("backout lint typo.yaml") ? 3 : 0;
    assertEquals(expected, said.exit(), () -> typed + "\n" + said);
    assertPromised(typed, said.text());
    if (waiting != null && command.matches("backout (stop|approve) .*")) {
      assertEquals(command.startsWith("backout stop") ? 5 : 0, waiting.end().exit());
      waiting = null;
    }
  }

  private void awaitQuestion() throws Exception {
    while (!waiting.soFar().contains(ASKS)) {
      Thread.sleep(50);
    }
  }

  private static void assertPromised(Typed typed, String said) {
    for (String promised : typed.promised()) {
      assertTrue(
          ConsolePage.isIn(said, promised),
          () -> "$ " + typed.command() + "\nshould say: " + promised + "\nand says:\n" + said);
    }
  }

  /** A directory with a launcher in it, which starts what has been compiled for this test. */
  static Path clone(Path home) throws Exception {
    Path clone = Files.createDirectories(home.resolve("clone"));
    Path launcher = clone.resolve("backout");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '%s' %s \"$@\"\n"
            .formatted(
                String.join("' '", OwnJava.command("-Dbackout.home=" + ROOT)),
                Backout.class.getName()));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    return clone;
  }

  static Map<String, String> environment(Path home) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("TEMPORAL_") || name.startsWith("XDG_"));
    environment.put("HOME", home.toString());
    environment.put("NO_COLOR", "1");
    environment.put("BACKOUT_JAVA_OPTS", OwnJava.BRIEF);
    return environment;
  }

  /** Whatever went wrong, no service stays. */
  private static void end(Path home, Path clone, Path scratch) throws Exception {
    if (Files.exists(home.resolve("harvester"))) {
      try (Shell last = new Shell(clone, scratch, environment(home))) {
        last.run("./backout demo --clean --directory ~/harvester");
      }
    }
  }
}
