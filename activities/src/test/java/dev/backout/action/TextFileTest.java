package dev.backout.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresProgram;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TextFileTest {
  @TempDir private Path temporary;
  private Path inside;
  private Path outside;

  @BeforeEach
  void twoDirectories() throws IOException {
    Path root = temporary.toRealPath();
    inside = Files.createDirectories(root.resolve("inside/conf")).getParent();
    outside = Files.createDirectory(root.resolve("outside"));
    Files.writeString(inside.resolve("conf/.env"), "A=1\n");
    Files.writeString(outside.resolve(".env"), "A=1\n");
  }

  @Test
  void aDirectoryThatIsReplacedByALinkOutOfTheAllowedOnesLeadsNowhere() throws Exception {
    try (WorkerContext context = context()) {
      TextFile file = TextFile.read(inside.resolve("conf/.env"), false, context);
      Files.move(inside.resolve("conf"), inside.resolve("moved"));
      Files.createSymbolicLink(inside.resolve("conf"), outside);

      ActionException refused =
          assertThrows(ActionException.class, () -> file.replace("A=2\n", context));

      assertEquals(ActionException.Kind.NOT_ALLOWED, refused.kind(), refused.getMessage());
      assertEquals(List.of(".env"), names(outside));
      assertEquals("A=1\n", Files.readString(outside.resolve(".env")));
    }
  }

  @Test
  void aFileThatIsReplacedByALinkInTheMeantimeIsNotFollowed() throws Exception {
    try (WorkerContext context = context()) {
      Path path = inside.resolve("conf/.env");
      TextFile file = TextFile.read(path, false, context);
      Files.delete(path);
      Files.createSymbolicLink(path, outside.resolve(".env"));

      ActionException refused =
          assertThrows(ActionException.class, () -> file.replace("A=2\n", context));

      assertEquals(ActionException.Kind.NOT_ALLOWED, refused.kind(), refused.getMessage());
      assertEquals("A=1\n", Files.readString(outside.resolve(".env")));
      assertEquals(List.of(".env"), names(inside.resolve("conf")));
    }
  }

  @Test
  void whatSomebodyElseHasWrittenInTheMeantimeIsNotLost() throws Exception {
    PlainContext context = new PlainContext();
    Path path = inside.resolve("conf/.env");
    TextFile file = TextFile.read(path, false, context);
    Files.writeString(path, "A=1\nB=2\n");

    ActionException refused =
        assertThrows(ActionException.class, () -> file.replace("A=2\n", context));

    assertEquals(ActionException.Kind.TRANSIENT, refused.kind());
    assertEquals("A=1\nB=2\n", Files.readString(path));
    assertEquals(List.of(".env"), names(inside.resolve("conf")));
  }

  /** The superuser without the right to give files away stands for every other user. */
  @Test
  @RequiresProgram({"root", "setpriv"})
  void anOwnerThatCannotBeKeptIsSaidForGoodAndNothingIsChanged() throws Exception {
    Path path = inside.resolve("conf/.env");
    Files.setAttribute(path, "unix:uid", 12_345);

    Process child =
        new ProcessBuilder(
                "setpriv",
                "--bounding-set=-chown",
                "--inh-caps=-chown",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TextFileTest.class.getName(),
                path.toString())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(0, child.waitFor(), said);
    assertTrue(said.startsWith("PERMANENT " + path + " can't be replaced: its owner"), said);
    assertTrue(said.contains("user 12345") && said.contains("Nothing was changed"), said);
    assertEquals("A=1\n", Files.readString(path));
    assertEquals(12_345, Files.getAttribute(path, "unix:uid"));
    assertEquals(List.of(".env"), names(inside.resolve("conf")));
  }

  /** Edits a file, and prints how that failed. */
  public static void main(String[] args) throws Exception {
    PlainContext context = new PlainContext();
    try {
      var unused = TextFile.read(Path.of(args[0]), false, context).replace("A=2\n", context);
    } catch (ActionException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
  }

  private WorkerContext context() {
    return new WorkerContext(
        new StepCall("run-1", "runbook", "target", "step", 1),
        new SecretStore(Map.of(), inside, null, List.of()),
        new WorkerLimits(List.of(inside), List.of(), inside),
        progress -> {});
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
