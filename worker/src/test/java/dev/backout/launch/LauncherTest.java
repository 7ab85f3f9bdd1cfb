package dev.backout.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code backout} of a clone in a directory with a space, which has been built. */
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "backout");
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  /** What it may use; Maven and Java are not among it. */
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "basename",
          "cat",
          "cp",
          "date",
          "dirname",
          "env",
          "find",
          "flock",
          "mkdir",
          "mktemp",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sh",
          "sleep",
          "tail",
          "touch");

  @TempDir Path home;
  private Path clone;
  private Path tools;

  private record Said(int exit, String text) {}

  @BeforeEach
  void cloneAndBuild() throws IOException {
    clone = Files.createDirectories(home.resolve("a clone of it"));
    Files.copy(SCRIPT, clone.resolve("backout"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createFile(clone.resolve("pom.xml"));
    for (String module : List.of("workflows", "activities", "worker")) {
      Files.createDirectories(clone.resolve(module).resolve("src/main"));
      Files.createFile(clone.resolve(module).resolve("pom.xml"));
    }
    Path build = Files.createDirectories(clone.resolve("worker/target/backout/20260101-000000-1"));
    String classPath =
        String.join(
            File.pathSeparator,
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .toList());
    Files.writeString(build.resolve("classpath"), classPath);
    Files.writeString(build.resolve("java"), JAVA_HOME.resolve("bin/java").toString());
    Files.createFile(build.resolve("begun"));
    Files.writeString(build.resolveSibling("current"), build.getFileName() + "\n");
    tools = Files.createDirectories(home.resolve("tools"));
    for (String tool : TOOLS) {
      provide(tool);
    }
  }

  @Test
  void runsWithoutABuildToolOnceItIsBuilt() throws Exception {
    Said said = launch(clone.resolve("backout"), Map.of("JAVA_HOME", JAVA_HOME.toString()));
    assertEquals(0, said.exit(), said.text());
    assertTrue(said.text().startsWith("backout "), said.text());
  }

  @Test
  void findsItsCloneThroughSymbolicLinks() throws Exception {
    Path first = Files.createSymbolicLink(home.resolve("one"), clone.resolve("backout"));
    Path second = Files.createSymbolicLink(tools.resolve("two"), Path.of("../one"));
    assertTrue(Files.isSymbolicLink(first));
    Said said = launch(second, Map.of("JAVA_HOME", JAVA_HOME.toString()));
    assertEquals(0, said.exit(), said.text());
    assertTrue(said.text().startsWith("backout "), said.text());
  }

  @Test
  void takesTheJavaOfThePathWhereNoneIsNamed() throws Exception {
    program(tools.resolve("java"), "exec '" + JAVA_HOME.resolve("bin/java") + "' \"$@\"");
    Said said = launch(clone.resolve("backout"), Map.of());
    assertEquals(0, said.exit(), said.text());
  }

  @Test
  void aJavaHomeThatIsNotThereIsNamed() throws Exception {
    assertRefused(
        launch(clone.resolve("backout"), Map.of("JAVA_HOME", "/no/such/jdk")),
        "JAVA_HOME=/no/such/jdk has no bin/java");
  }

  @Test
  void noJavaAtAllIsSaid() throws Exception {
    assertRefused(
        launch(clone.resolve("backout"), Map.of()), "there is no java on the PATH. Install one");
  }

  @Test
  void aJavaThatIsTooOldIsNamedWithItsVersion() throws Exception {
    Path old = Files.createDirectories(home.resolve("old jdk/bin"));
    program(old.resolve("java"), "echo '    java.specification.version = 11' >&2");
    assertRefused(
        launch(clone.resolve("backout"), Map.of("JAVA_HOME", old.getParent().toString())),
        "JDK 17 or newer is needed, but " + old.resolve("java") + " is 11");
  }

  @Test
  void aBuildThatIsNeededWithoutMavenSaysHowToGetIt() throws Exception {
    Files.delete(clone.resolve("worker/target/backout/current"));
    assertRefused(
        launch(clone.resolve("backout"), Map.of("JAVA_HOME", JAVA_HOME.toString())),
        "needs Maven 3.8 or newer, but there is no mvn on the PATH");
  }

  @Test
  void aBuildThatFailsShowsItsEndAndLeavesNothingBehind() throws Exception {
    Files.delete(clone.resolve("worker/target/backout/current"));
    program(tools.resolve("mvn"), "echo 'this does not compile'; exit 1");
    Said said = launch(clone.resolve("backout"), Map.of("JAVA_HOME", JAVA_HOME.toString()));
    assertRefused(said, "the build failed");
    assertTrue(said.text().contains("this does not compile"), said.text());
    assertFalse(Files.exists(clone.resolve("worker/target/backout/current")));
  }

  private static void assertRefused(Said said, String expected) {
    assertEquals(1, said.exit(), said.text());
    assertTrue(said.text().contains("backout: "), said.text());
    assertTrue(said.text().contains(expected), said.text());
  }

  private Said launch(Path script, Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("PATH", tools.toString());
    environment.put("HOME", home.toString());
    ProcessBuilder builder =
        new ProcessBuilder(script.toString(), "--version")
            .directory(home.toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }

  /** By a script: links that lead out of a temporary directory make JUnit complain. */
  private void provide(String tool) throws IOException {
    for (String folder : List.of("/usr/bin", "/bin", "/usr/local/bin")) {
      if (Files.isExecutable(Path.of(folder, tool))) {
        program(tools.resolve(tool), "exec " + folder + "/" + tool + " \"$@\"");
        return;
      }
    }
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
