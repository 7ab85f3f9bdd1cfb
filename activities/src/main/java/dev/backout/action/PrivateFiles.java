package dev.backout.action;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files and directories that only the worker's own user may read. */
public final class PrivateFiles {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private PrivateFiles() {}

  /**
   * A new, empty file.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is there
   */
  public static Path create(Path file) throws IOException {
    return Files.createFile(file, mode("rw-------"));
  }

  /** The directory and those above it, as far as they aren't there. */
  public static Path directories(Path directory) throws IOException {
    return Files.createDirectories(directory, mode("rwx------"));
  }

  private static FileAttribute<?>[] mode(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
