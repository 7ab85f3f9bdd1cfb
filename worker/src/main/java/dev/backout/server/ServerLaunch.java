package dev.backout.server;

import dev.backout.config.Settings;
import dev.backout.config.StateDirectory;
import dev.backout.machine.Machine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Starts the server's process so that it outlives the terminal that it was started from. */
final class ServerLaunch {
  private static final long LOG_LIMIT_BYTES = CappedLog.LIMIT_BYTES;

  private final Settings settings;

  ServerLaunch(Settings settings) {
    this.settings = settings;
  }

  Process start() throws IOException {
    StateDirectory state = settings.state();
    Path log = state.serverLog();
    if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
      Files.move(log, CappedLog.former(log), StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> command = new ArrayList<>(detached());
    command.addAll(java());
    command.addAll(
        List.of(
            ServerProcess.class.getName(),
            state.root().toString(),
            settings.configDirectory().toString(),
            settings.taskQueue(),
            settings.serverChoice().name()));
    return new ProcessBuilder(command)
        .directory(state.root().toFile())
        .redirectInput(new File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .redirectErrorStream(true)
        .start();
  }

  private List<String> java() {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:MaxHeapFreeRatio=40"));
    java.addAll(ClassArchive.optionsOfThisProcess());
    java.addAll(settings.javaOptions());
    java.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return java;
  }

  /** What a closing terminal and its Ctrl-C must not reach. */
  private static List<String> detached() {
    boolean setsid = Machine.here().program("setsid").isPresent();
    return setsid
        ? List.of("setsid")
        : List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$@\"", "sh");
  }
}
