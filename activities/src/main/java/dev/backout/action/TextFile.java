package dev.backout.action;

import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file that an action edits: read whole, written whole or not at all, with its mode
 * and owner kept, and the former file kept beside it.
 *
 * @param path where it really is, symbolic links followed
 * @param text null if there is no such file
 */
public record TextFile(Path path, @Nullable String text) {
  private static final long LONGEST = 8L << 20;

  /**
   * @param create whether a missing file may be made
   * @throws ActionException if it is missing, a directory, too long, not UTF-8 or unreadable; the
   *     file is untouched
   */
  public static TextFile read(Path path, boolean create, ActionContext context)
      throws ActionException {
    Path real = context.allowed(path);
    if (Files.isDirectory(real)) {
      throw new ActionException(
          Kind.PERMANENT, real + " is a directory, and a file is to be edited. Correct the path.");
    }
    try {
      if (Files.exists(real) && Files.size(real) > LONGEST) {
        throw new ActionException(
            Kind.PERMANENT,
            real + " is longer than 8 MiB: that is no configuration file. Correct the path.");
      }
      return new TextFile(real, decode(real, Files.readAllBytes(real)));
    } catch (NoSuchFileException e) {
      if (create && Files.isDirectory(directory(real))) {
        return new TextFile(real, null);
      }
      throw new ActionException(
          Kind.PERMANENT,
          "There is no file "
              + real
              + ". Nothing was changed; correct the path, or say `create: true` if it is to be made.",
          e);
    } catch (AccessDeniedException e) {
      throw new ActionException(
          Kind.PERMANENT,
          real
              + " can't be read by the worker's user, "
              + System.getProperty("user.name")
              + ". Give it the right, then retry.",
          e);
    } catch (IOException e) {
      throw new ActionException(Kind.PERMANENT, real + " can't be read: " + e.getMessage(), e);
    }
  }

  private static String decode(Path path, byte[] bytes) throws ActionException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return decoder.decode(in).toString();
    } catch (CharacterCodingException e) {
      throw new ActionException(
          Kind.PERMANENT,
          path
              + " is not UTF-8: byte "
              + in.position()
              + " is wrong. Nothing was changed; convert the file, or edit it by hand.",
          e);
    }
  }

  private static Path directory(Path file) {
    return file.resolveSibling("").toAbsolutePath();
  }

  /** The line end that the file uses; that of most files if it has none. */
  public String lineEnd() {
    return text != null && text.contains("\r\n") ? "\r\n" : "\n";
  }

  /**
   * Writes the new text, unless it is what is there.
   *
   * @return where the former file is kept; empty if nothing was changed or there was none
   */
  public Optional<Path> replace(String newText, ActionContext context) throws ActionException {
    if (newText.equals(text)) {
      return Optional.empty();
    }
    try {
      Path beside = beside(newText, context.call());
      try {
        requireAsRead(context);
        Optional<Path> former =
            text == null ? Optional.empty() : Optional.of(keepFormer(context.call()));
        Files.move(
            beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(directory(path));
        return former;
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (AccessDeniedException e) {
      throw new ActionException(
          Kind.PERMANENT,
          path
              + " can't be replaced: the worker's user may not write in "
              + directory(path)
              + ". It is unchanged.",
          e);
    } catch (IOException e) {
      throw new ActionException(
          Kind.TRANSIENT, path + " can't be replaced: " + e.getMessage() + ". It is unchanged.", e);
    }
  }

  private Path formerOf(StepCall call) {
    return path.resolveSibling(path.getFileName() + ".before-" + call.label());
  }

  /** Where the file is kept as it was before the step's first attempt that changed it. */
  public Optional<Path> kept(StepCall call) {
    return Optional.of(formerOf(call)).filter(Files::isRegularFile);
  }

  /** Once for a step: a repetition must not put the edited file in the former one's place. */
  private Path keepFormer(StepCall call) throws IOException {
    Path former = formerOf(call);
    if (!Files.exists(former, LinkOption.NOFOLLOW_LINKS)) {
      Path unfinished = path.resolveSibling(former.getFileName() + ".tmp");
      Files.copy(
          path,
          unfinished,
          LinkOption.NOFOLLOW_LINKS,
          StandardCopyOption.COPY_ATTRIBUTES,
          StandardCopyOption.REPLACE_EXISTING);
      sync(unfinished);
      Files.move(unfinished, former, StandardCopyOption.ATOMIC_MOVE);
    }
    return former;
  }

  /**
   * The new file, complete, under another name: nothing that exists has been touched. What a worker
   * that was killed has left under that name, secrets and all, goes with the next attempt.
   */
  private Path beside(String newText, StepCall call) throws IOException, ActionException {
    Path beside = path.resolveSibling(unfinished(call));
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean whole = false;
    try {
      Files.writeString(beside, newText, StandardOpenOption.TRUNCATE_EXISTING);
      if (text != null) {
        copyOwnerAndMode(path, beside);
      }
      sync(beside);
      whole = true;
      return beside;
    } finally {
      if (!whole) {
        Files.deleteIfExists(beside);
      }
    }
  }

  /** The same for a run that takes this one up: of a target only one goes on. */
  private String unfinished(StepCall call) {
    String owner = Sha256.of(call.target() + "\n" + call.step()).substring(0, 16);
    return "." + path.getFileName() + "." + owner + ".tmp";
  }

  /**
   * Between the reading and the writing somebody may have put a link in the way, which would lead
   * out of what this worker may touch, or may have edited the file, which would be lost.
   */
  private void requireAsRead(ActionContext context) throws ActionException {
    TextFile now;
    try {
      now = read(path, true, context);
    } catch (ActionException e) {
      throw new ActionException(e.kind(), "While " + path + " was edited: " + e.getMessage(), e);
    }
    if (!now.path().equals(path)) {
      throw new ActionException(
          Kind.NOT_ALLOWED,
          path
              + " has been put behind a symbolic link while it was edited, and now is "
              + now.path()
              + ". Nothing was changed; find out who did that, then retry.");
    }
    if (!Objects.equals(now.text(), text)) {
      throw new ActionException(
          Kind.TRANSIENT,
          path
              + " has been changed by somebody else while it was edited. Nothing was changed; retry, so that the edit is made to what it says now.");
    }
  }

  private static void copyOwnerAndMode(Path from, Path to) throws IOException, ActionException {
    Map<String, Object> unix = Files.readAttributes(from, "unix:mode,uid,gid");
    try {
      Map<String, Object> now = Files.readAttributes(to, "unix:uid,gid");
      for (String id : List.of("uid", "gid")) {
        Object wanted = unix.get(id);
        if (wanted != null && !wanted.equals(now.get(id))) {
          Files.setAttribute(to, "unix:" + id, wanted);
        }
      }
      Files.setAttribute(to, "unix:mode", unix.get("mode"));
    } catch (FileSystemException e) {
      throw new ActionException(
          Kind.PERMANENT,
          from
              + " can't be replaced: its owner and mode ("
              + String.format(
                  "user %s, group %s, mode %04o",
                  unix.get("uid"),
                  unix.get("gid"),
                  (Integer) Objects.requireNonNull(unix.get("mode")) & 07777)
              + ") would be lost, as the worker's user, "
              + System.getProperty("user.name")
              + ", may not give a file to another ("
              + e.getReason()
              + "). Nothing was changed; run the worker as the file's owner, or give the file to the worker's user.",
          e);
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
