package dev.backout.endtoend;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** One bash for many commands: what one of them changes, the next one finds. No terminal. */
final class Shell implements AutoCloseable {
  private static final String MARK = "-- end of output --";

  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;
  private final Path folder;
  private int number;

  Shell(Path directory, Path scratch, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--norc", "--noprofile")
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    this.folder = scratch;
    this.process = builder.start();
    this.in =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    type("shopt -s expand_aliases\nexec 2>&1");
  }

  record Said(int exit, String text) {}

  Said run(String command) throws IOException {
    // In lines of its own: an alias holds from the line after the one that sets it.
    type("{ " + command + "\n} </dev/null\nexit=$?; echo; echo \"" + MARK + "$exit\"");
    return answer();
  }

  /** The same, while this shell goes on. */
  Background start(String command) throws IOException {
    Path file = folder.resolve("background-" + ++number);
    type("{ " + command + "\necho \"" + MARK + "$?\"; } >'" + file + "' 2>&1 </dev/null &");
    return new Background(file);
  }

  record Background(Path file) {
    String soFar() throws IOException {
      return Files.exists(file) ? Files.readString(file) : "";
    }

    boolean hasEnded() throws IOException {
      return soFar().contains(MARK);
    }

    Said end() throws IOException, InterruptedException {
      while (!soFar().contains(MARK)) {
        Thread.sleep(50);
      }
      String all = soFar();
      int mark = all.indexOf(MARK);
      return new Said(
          Integer.parseInt(all.substring(mark + MARK.length()).strip()), all.substring(0, mark));
    }
  }

  private void type(String text) throws IOException {
    in.write(text + "\n");
    in.flush();
  }

  private Said answer() throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      String line = out.readLine();
      if (line == null) {
        throw new IOException("The shell has ended: " + text);
      }
      if (line.startsWith(MARK)) {
        return new Said(Integer.parseInt(line.substring(MARK.length())), text.toString());
      }
      text.append(line).append('\n');
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
    process.destroy();
  }
}
