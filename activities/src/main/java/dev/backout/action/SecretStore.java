package dev.backout.action;

import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
  private static final long COMMAND_SECONDS = 10;
  private static final int LONGEST = 64 * 1024;

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
      value = fromCommand(name);
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
      if (Files.size(file) > LONGEST) {
        throw new ActionException(
            Kind.PERMANENT, file + " is longer than a secret can be (64 KiB).");
      }
      return stripLineEnd(Files.readString(file));
    } catch (IOException e) {
      throw new ActionException(
          Kind.PERMANENT, "The secret's file " + file + " can't be read: " + e.getMessage(), e);
    }
  }

  private @Nullable String fromCommand(String name) throws ActionException {
    List<String> words = new ArrayList<>(command);
    words.add(name);
    try {
      Process process =
          new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new ActionException(
            Kind.TRANSIENT,
            "The secrets helper "
                + command.get(0)
                + " did not answer within "
                + COMMAND_SECONDS
                + " s.");
      }
      String answer =
          new String(process.getInputStream().readNBytes(LONGEST), StandardCharsets.UTF_8);
      return process.exitValue() == 0 && !answer.isBlank() ? stripLineEnd(answer) : null;
    } catch (IOException e) {
      throw new ActionException(
          Kind.PERMANENT,
          "The secrets helper " + command.get(0) + " can't be run: " + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ActionException(Kind.TRANSIENT, "The worker is shutting down.", e);
    }
  }

  private static String stripLineEnd(String text) {
    return text.replaceFirst("\\r?\\n$", "");
  }
}
