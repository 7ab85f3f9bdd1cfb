package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.ConsolePage.Part;
import dev.backout.endtoend.ConsolePage.Typed;
import dev.backout.endtoend.ConsolePage.WrittenFile;
import dev.backout.testing.RequiresProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page on setting up approvers, done as somebody new would, on a real Temporal server. */
class SetUpApproversTest {
  private static final Path PAGE = Path.of("..", "docs/how-to/set-up-approvers.md");
  private static final String PORT = "7233";

  private Shell shell;
  private Shell.Background run;

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  @RequiresProgram({"bash", "ssh-keygen", "temporal"})
  void everyCommandDoesWhatThePageSays(@TempDir Path directory) throws Exception {
    Path home = directory.toRealPath();
    Path clone = TutorialTest.clone(home);
    Map<String, String> environment = TutorialTest.environment(home);
    environment.put("PATH", clone + ":" + environment.get("PATH"));
    Path scratch = Files.createDirectories(home.resolve("scratch"));
    String port = freePort();
    List<Part> parts = ConsolePage.parts(Files.readString(PAGE));
    assertTrue(parts.size() > 25, "the page has lost its commands: " + parts);
    List<ProcessHandle> before = ProcessHandle.current().children().toList();
    try (Shell own = new Shell(home, scratch, environment)) {
      shell = own;
      try {
        follow(parts, home.resolve("team"), port);
      } finally {
        // While the shell lives: what it leaves behind is nobody's child any more.
        end(before);
      }
    }
  }

  private void follow(List<Part> parts, Path team, String port) throws Exception {
    for (Part part : parts) {
      if (part instanceof WrittenFile file) {
        Files.writeString(team.resolve(file.name()), file.content());
      } else if (part instanceof Typed typed) {
        type(typed, port);
      }
    }
  }

  private void type(Typed typed, String port) throws Exception {
    String command = typed.command().replace(PORT, port);
    if (command.equals("backout worker")) {
      awaitPromised(typed, shell.start(command));
    } else if (command.startsWith("backout run ")) {
      run = shell.start(command + " --yes");
      awaitPromised(typed, run);
    } else {
      Shell.Said said = shell.run(command);
      boolean refused = typed.promised().stream().anyMatch(line -> line.startsWith("Not taken"));
      int waiting = command.startsWith("backout approvals") ? 6 : 0;
      assertEquals(refused ? 1 : waiting, said.exit(), () -> typed + "\n" + said);
      assertPromised(typed, said.text());
      if (command.startsWith("temporal server")) {
        awaitListening(Integer.parseInt(port));
      }
      if (command.startsWith("backout submit")) {
        assertEquals(0, run.end().exit(), run.soFar());
      }
    }
  }

  /** A person takes longer to type the next command. */
  private static void awaitListening(int port) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        assertTrue(System.nanoTime() < deadline, "Temporal's server does not come up");
        Thread.sleep(50);
      }
    }
  }

  private static void awaitPromised(Typed typed, Shell.Background command) throws Exception {
    while (!typed.promised().stream().allMatch(line -> isSaid(line, command))) {
      assertTrue(!command.hasEnded(), () -> typed + "\nhas ended: " + said(command));
      Thread.sleep(50);
    }
  }

  private static boolean isSaid(String line, Shell.Background command) {
    return ConsolePage.isIn(said(command), line);
  }

  private static String said(Shell.Background command) {
    try {
      return command.soFar();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void assertPromised(Typed typed, String said) {
    for (String promised : typed.promised()) {
      assertTrue(
          ConsolePage.isIn(said, promised),
          () -> "$ " + typed.command() + "\nshould say: " + promised + "\nand says:\n" + said);
    }
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return String.valueOf(socket.getLocalPort());
    }
  }

  /** What the page leaves running in its terminals. */
  private void end(List<ProcessHandle> before) {
    List<ProcessHandle> ours = new ArrayList<>();
    ProcessHandle.current()
        .children()
        .filter(child -> !before.contains(child))
        .forEach(child -> child.descendants().forEach(ours::add));
    ours.forEach(ProcessHandle::destroy);
    // They write to their files until the end, and the directory is removed next.
    ours.forEach(each -> each.onExit().orTimeout(30, TimeUnit.SECONDS).join());
  }
}
