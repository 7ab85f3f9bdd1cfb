package dev.backout.action;

import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a worker finds the values behind {@code secret:NAME}: a file for the name, a directory with
 * a file for each secret, the environment, a helper program; the first that has it.
 *
 * @param files a file for a name
 * @param directory one file for each secret, as Kubernetes and Docker mount them
 * @param environment null if the environment does not count
 * @param command a program that prints the secret, given its name as the last argument; empty for
 *     none
 */
public record SecretStore(
    Map<String, Path> files,
    Path directory,
    @Nullable Map<String, String> environment,
    List<String> command) {
  static final String PREFIX = "secret:";

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,127}");
  private static final Duration HELPER_LIMIT = Duration.ofSeconds(10);
  static final int LONGEST = 64 * 1024;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /**
   * @throws ActionException naming the places that were looked at, never a value
   */
  String resolve(String name) throws ActionException {
    if (!NAME.matcher(name).matches()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "'" + PREFIX + name + "' names no secret: a name has letters, digits, '_', '-' and '.'.");
    }
    List<String> looked = new ArrayList<>();
    String value = fromFiles(name, looked);
    if (value == null && environment != null) {
      looked.add("the worker's environment");
      value = environment.get(name);
    }
    if (value == null && !command.isEmpty()) {
      looked.add("the helper " + command.get(0));
      value = new SecretHelper(command, HELPER_LIMIT).ask(name);
    }
    if (value == null) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is no secret "
              + name
              + " on this worker. Looked in "
              + String.join(", ", looked)
              + ". Put it into a file of that name in "
              + directory
              + " (mode 0600), which needs no restart, and retry.");
    }
    return value;
  }

  private @Nullable String fromFiles(String name, List<String> looked) throws ActionException {
    Path own = files.get(name);
    if (own != null) {
      looked.add(own.toString());
      if (Files.exists(own)) {
        return read(own);
      }
    }
    Path mounted = directory.resolve(name);
    looked.add(mounted.toString());
    return Files.exists(mounted) ? read(mounted) : null;
  }

  private static String read(Path file) throws ActionException {
    try {
      requirePrivate(file);
      if (Files.size(file) > LONGEST) {
        throw new ActionException(
            Kind.PERMANENT,
            file
                + " is longer than a secret can be (64 KiB): put the secret alone into that file, then retry.");
      }
      return SecretHelper.stripLineEnd(Files.readString(file));
    } catch (IOException e) {
      throw new ActionException(
          Kind.PERMANENT,
          "The secret's file "
              + file
              + " can't be read as UTF-8 text by the worker's user, "
              + System.getProperty("user.name")
              + ": "
              + e.getMessage()
              + ". Give it the right, then retry.",
          e);
    }
  }

  /**
   * As ssh does with keys. Not where the mode is the platform's and says nothing: Kubernetes mounts
   * secrets as links into {@code ..data} with mode 0644, Docker and systemd mount them read-only;
   * nobody can change the mode there, and who sees the mount is decided by who is in the container.
   */
  private static void requirePrivate(Path file) throws IOException, ActionException {
    Set<PosixFilePermission> open;
    try {
      open = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    } catch (UnsupportedOperationException e) {
      return;
    }
    open.retainAll(OTHERS);
    if (!open.isEmpty() && !isMounted(file)) {
      throw new ActionException(
          Kind.PERMANENT,
          "The secret's file "
              + file
              + " is open to other users of this machine ("
              + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
              + "), so it is not used. Do `chmod 600 "
              + file
              + "`, consider whether the secret must be changed, then retry.");
    }
  }

  private static boolean isMounted(Path file) throws IOException {
    Path real = file.toRealPath();
    Path published = file.resolveSibling("..data");
    return (Files.isSymbolicLink(published) && real.startsWith(published.toRealPath()))
        || Files.getFileStore(real).isReadOnly();
  }
}
