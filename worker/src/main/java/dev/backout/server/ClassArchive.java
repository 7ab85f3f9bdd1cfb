package dev.backout.server;

import java.util.List;

/** What a JVM has to be told to take its classes from an archive, where there is one. */
public final class ClassArchive {
  private ClassArchive() {}

  /**
   * The same for the archive that this process was started with, which the launcher names; nothing
   * if there is none.
   */
  public static List<String> optionsOfThisProcess() {
    String archive = System.getProperty("backout.cds", "");
    return archive.isEmpty() ? List.of() : options(archive);
  }

  /**
   * @param archive a file that a JVM dumped with the same class path
   */
  public static List<String> options(String archive) {
    return List.of(
        "-Xshare:auto",
        "-XX:SharedArchiveFile=" + archive,
        // Mapped where it was dumped: some builds of JDK 17 would move it to another address at
        // every start, which takes longer than the JVM itself.
        "-XX:+IgnoreUnrecognizedVMOptions",
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:ArchiveRelocationMode=0",
        "-Xlog:cds=off",
        "-Xlog:class+path=off");
  }
}
