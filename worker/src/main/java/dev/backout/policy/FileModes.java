package dev.backout.policy;

import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.Severity;
import dev.backout.runbook.SourceRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whoever may write a policy decides what it says. */
final class FileModes {
  private final Policy policy;
  private final String shownAs;

  FileModes(Policy policy, String shownAs) {
    this.policy = policy;
    this.shownAs = shownAs;
  }

  List<Diagnostic> found() {
    Map<Path, String> names = new LinkedHashMap<>();
    for (Path file : policy.files()) {
      names.put(file, names.isEmpty() ? shownAs : file.toString());
      Path folder = file.getParent();
      if (folder != null) {
        names.putIfAbsent(folder, folder.toString());
      }
    }
    List<Diagnostic> found = new ArrayList<>();
    names.forEach(
        (path, name) -> {
          if (isWritableByOthers(path)) {
            found.add(warning(name, Files.isDirectory(path)));
          }
        });
    return found;
  }

  private static Diagnostic warning(String name, boolean directory) {
    return new Diagnostic(
        name,
        SourceRange.START,
        Severity.WARNING,
        "writable-by-others",
        "Others than its owner may write "
            + (directory ? "this directory, and so replace the policy's files" : "this file")
            + ", and so decide what is allowed",
        "`chmod go-w " + name + "`");
  }

  private static boolean isWritableByOthers(Path path) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
      return mode.contains(PosixFilePermission.OTHERS_WRITE)
          || mode.contains(PosixFilePermission.GROUP_WRITE);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
