package dev.backout.action.sqlite;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which processes have a file open, by the kernel's own account: the descriptors in {@code
 * /proc/PID/fd}, and the locks in {@code /proc/locks} for processes whose descriptors this worker
 * may not see. Files are compared by device and inode, so that a container that has the file by
 * another name is found too. Elsewhere than on Linux nobody is found.
 */
final class OpenFiles {
  private static final Path PROC = Path.of("/proc");
  private static final long SELF = ProcessHandle.current().pid();
  private static final int LONGEST_COMMAND = 160;

  private OpenFiles() {}

  /** A process, as a person would look for it. */
  record Holder(long pid, String command, Path file) {
    boolean isThisWorker() {
      return pid == SELF;
    }

    @Override
    public String toString() {
      return "process " + pid + " (" + command + ") has " + file.getFileName() + " open";
    }
  }

  /**
   * @param holders at most one entry a process
   * @param hidden how many processes could not be looked into: somebody else's
   */
  record Found(List<Holder> holders, int hidden) {
    List<Holder> others() {
      return holders.stream().filter(holder -> !holder.isThisWorker()).toList();
    }
  }

  /**
   * @param deed what is about to be done to the database, such as {@code replacing it}
   * @throws ActionException naming who has it, or a file beside it, open
   */
  static void requireNobodyHolds(Path database, String deed, ActionContext context)
      throws IOException, ActionException {
    List<Holder> holders = of(Sidecars.withDatabase(database)).others();
    if (!holders.isEmpty()) {
      throw new ActionException(
          ActionException.Kind.PERMANENT,
          database
              + " is in use, and "
              + deed
              + " would tear it: "
              + describe(holders, context)
              + ". Stop that first, then retry. Nothing was changed.");
    }
  }

  /** Secrets on command lines masked. */
  static String describe(List<Holder> holders, ActionContext context) {
    return context.mask(holders.stream().map(Holder::toString).collect(Collectors.joining("; ")));
  }

  static Found of(List<Path> files) throws IOException {
    Map<Inode, Path> wanted = new HashMap<>();
    for (Path file : files) {
      wanted.put(Inode.of(file), file);
    }
    Map<Long, Holder> found = new LinkedHashMap<>();
    int hidden = 0;
    for (Path process : processes()) {
      if (!scan(process, wanted, found)) {
        hidden++;
      }
    }
    if (hidden > 0) {
      addLocks(wanted, found);
    }
    return new Found(List.copyOf(found.values()), hidden);
  }

  private static List<Path> processes() throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(PROC)) {
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
        processes.forEach(found::add);
      }
    }
    return found;
  }

  /** False if this worker may not look. A process that has ended meanwhile holds nothing. */
  private static boolean scan(Path process, Map<Inode, Path> wanted, Map<Long, Holder> found) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        Path file = match(descriptor, wanted);
        if (file != null) {
          add(Long.parseLong(process.getFileName().toString()), file, found);
          return true;
        }
      }
      return true;
    } catch (UncheckedIOException | java.nio.file.DirectoryIteratorException e) {
      return true;
    } catch (IOException e) {
      return !Files.exists(process);
    }
  }

  private static @Nullable Path match(Path descriptor, Map<Inode, Path> wanted) {
    try {
      // Sockets and pipes have no path; asking only files keeps this fast.
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/") ? wanted.get(Inode.of(descriptor)) : null;
    } catch (IOException e) {
      return null; // closed meanwhile
    }
  }

  private static void addLocks(Map<Inode, Path> wanted, Map<Long, Holder> found)
      throws IOException {
    Path locks = PROC.resolve("locks");
    if (!Files.isReadable(locks)) {
      return;
    }
    for (String line : Files.readAllLines(locks, StandardCharsets.ISO_8859_1)) {
      String[] words = line.replace("->", "").trim().split("\\s+");
      Path file = words.length < 6 ? null : wanted.get(Inode.ofLock(words[5]));
      if (file != null && words[4].matches("[0-9]+")) {
        add(Long.parseLong(words[4]), file, found);
      }
    }
  }

  private static void add(long pid, Path file, Map<Long, Holder> found) {
    found.putIfAbsent(pid, new Holder(pid, command(pid), file));
  }

  private static String command(long pid) {
    try {
      String line =
          Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.ISO_8859_1)
              .replace('\0', ' ')
              .strip();
      return line.length() > LONGEST_COMMAND ? line.substring(0, LONGEST_COMMAND) + "…" : line;
    } catch (IOException e) {
      return "its command can't be read";
    }
  }

  /** A file, whatever its names; the device as {@code /proc/locks} writes it. */
  private record Inode(long major, long minor, long number) {
    static Inode of(Path file) throws IOException {
      Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
      long device = number(attributes, "dev");
      long major = (device >> 8 & 0xfff) | (device >> 32 & ~0xfffL);
      long minor = (device & 0xff) | (device >> 12 & 0xfff00);
      return new Inode(major, minor, number(attributes, "ino"));
    }

    private static long number(Map<String, Object> attributes, String name) {
      return (Long) Objects.requireNonNull(attributes.get(name));
    }

    static Inode ofLock(String text) {
      String[] parts = text.split(":");
      return parts.length == 3
          ? new Inode(
              Long.parseLong(parts[0], 16), Long.parseLong(parts[1], 16), Long.parseLong(parts[2]))
          : new Inode(-1, -1, -1);
    }
  }
}
