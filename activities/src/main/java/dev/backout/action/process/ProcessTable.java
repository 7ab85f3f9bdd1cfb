package dev.backout.action.process;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The processes of this machine as {@code /proc} shows them. A process that has gone while it is
 * looked at is simply not there.
 */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTEN = "0A";

  private ProcessTable() {}

  static void requireLinux() throws ActionException {
    if (!Files.isDirectory(PROC.resolve("self/fd"))) {
      throw new ActionException(
          Kind.PERMANENT,
          "Processes are found through /proc, which this machine does not have: run this step on a worker on Linux.");
    }
  }

  static List<RunningProcess> all() throws ActionException {
    requireLinux();
    List<RunningProcess> processes = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        find(Long.parseLong(entry.getFileName().toString())).ifPresent(processes::add);
      }
    } catch (IOException e) {
      throw new ActionException(Kind.TRANSIENT, "/proc can't be read: " + e.getMessage(), e);
    }
    return processes;
  }

  /** Empty when it isn't there, or is a zombie: dead, and only not yet collected by its parent. */
  static Optional<RunningProcess> find(long pid) {
    Path directory = PROC.resolve(Long.toString(pid));
    try {
      // The name stands in parentheses and may hold anything, also spaces and parentheses.
      String stat = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      if (fields[0].equals("Z") || fields[0].equals("X")) {
        return Optional.empty();
      }
      return Optional.of(
          new RunningProcess(
              pid,
              Long.parseLong(fields[1]),
              Long.parseLong(fields[19]),
              arguments(directory),
              workingDirectory(directory)));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static List<String> arguments(Path directory) throws IOException {
    String line = Files.readString(directory.resolve("cmdline"), StandardCharsets.UTF_8);
    if (line.isEmpty()) {
      return List.of();
    }
    String whole = line.endsWith("\0") ? line.substring(0, line.length() - 1) : line;
    return List.of(whole.split("\0", -1));
  }

  private static Optional<Path> workingDirectory(Path directory) {
    try {
      return Optional.of(Files.readSymbolicLink(directory.resolve("cwd")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The processes that listen on a TCP port, on whatever address. */
  static List<RunningProcess> listeningOn(int port) throws ActionException {
    requireLinux();
    Set<String> sockets = socketsListeningOn(port);
    if (sockets.isEmpty()) {
      return List.of();
    }
    return all().stream().filter(process -> holdsAny(process.pid(), sockets)).toList();
  }

  /** Whether anything listens there, even if it can't be seen whose it is. */
  static boolean isListening(int port) throws ActionException {
    return !socketsListeningOn(port).isEmpty();
  }

  private static Set<String> socketsListeningOn(int port) throws ActionException {
    Set<String> sockets = new HashSet<>();
    String wanted = String.format(":%04X", port);
    for (String table : List.of("net/tcp", "net/tcp6")) {
      Path file = PROC.resolve(table);
      if (!Files.exists(file)) {
        continue;
      }
      try {
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
          String[] fields = line.strip().split("\\s+", -1);
          if (fields.length > 9 && fields[1].endsWith(wanted) && fields[3].equals(LISTEN)) {
            sockets.add("socket:[" + fields[9] + "]");
          }
        }
      } catch (IOException e) {
        throw new ActionException(Kind.TRANSIENT, file + " can't be read: " + e.getMessage(), e);
      }
    }
    return sockets;
  }

  private static boolean holdsAny(long pid, Set<String> sockets) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
      for (Path file : files) {
        if (sockets.contains(linkOf(file))) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private static String linkOf(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
