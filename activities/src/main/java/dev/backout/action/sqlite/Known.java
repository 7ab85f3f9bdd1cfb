package dev.backout.action.sqlite;

import dev.backout.action.ActionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the last examinations gave, as a plan and the run after it look into the same files. A file
 * is the same as long as the kernel says that neither its content nor its name has been changed;
 * and what is restored is compared once more with the hash that is told here.
 */
final class Known {
  private static final int MOST = 64;

  private final Map<Key, Examination> examinations =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Examination> eldest) {
          return size() > MOST;
        }
      };

  /** A way to examine one version of a file. */
  record Key(List<FileVersion> files, Check check, List<String> expectedTables) {

    static Key of(BackupFile backup, Check check, List<String> expectedTables) throws IOException {
      List<FileVersion> files = new ArrayList<>(List.of(FileVersion.of(backup.path())));
      for (Path sidecar : Sidecars.withContent(backup.path())) {
        files.add(FileVersion.of(sidecar));
      }
      return new Key(files, check, expectedTables);
    }
  }

  /**
   * @param changed the kernel's own time of the last change, which no program can set back
   */
  record FileVersion(Path path, Object inode, long size, Object changed) {

    static FileVersion of(Path path) throws IOException {
      Map<String, Object> now = Files.readAttributes(path, "unix:dev,ino,size,ctime");
      return new FileVersion(
          path,
          List.of(now.get("dev"), now.get("ino")),
          (Long) Objects.requireNonNull(now.get("size")),
          String.valueOf(now.get("ctime")));
    }
  }

  @FunctionalInterface
  interface Examiner {
    Examination examine() throws IOException, SQLException, ActionException;
  }

  Examination computed(Key key, Examiner examiner)
      throws IOException, SQLException, ActionException {
    synchronized (examinations) {
      Examination known = examinations.get(key);
      if (known != null) {
        return known;
      }
    }
    Examination found = examiner.examine();
    synchronized (examinations) {
      examinations.put(key, found);
    }
    return found;
  }
}
