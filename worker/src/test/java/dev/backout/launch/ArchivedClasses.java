package dev.backout.launch;

import static java.util.stream.Collectors.partitioningBy;

import dev.backout.action.Sha256;
import dev.backout.server.ClassArchive;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * This build's classes as Java has loaded them once.
 *
 * @param archive the file, which is good for a class path that begins with the jars that it was
 *     made from
 * @param classPath these jars, and the tests' own classes after them
 */
record ArchivedClasses(Path archive, String classPath) {
  private static final Path FOLDER = Path.of("target/rehearsed").toAbsolutePath();

  /** Makes it if there is none yet; one process does, and others wait for it. */
  static ArchivedClasses ofThisBuild() {
    try {
      Files.createDirectories(FOLDER);
      try (FileChannel lock =
              FileChannel.open(
                  FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock unused = lock.lock()) {
        return madeOrFound();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  List<String> options() {
    List<String> options = new ArrayList<>(ClassArchive.options(archive.toString()));
    options.addAll(List.of("-Dbackout.cds=" + archive, "-cp", classPath));
    return options;
  }

  private static ArchivedClasses madeOrFound() throws IOException, InterruptedException {
    Map<Boolean, List<Path>> entries =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .collect(partitioningBy(entry -> entry.endsWith("test-classes")));
    Path folder = FOLDER.resolve(state(entries.get(false)));
    Path archive = folder.resolve("classes.jsa");
    boolean made = Files.exists(archive);
    List<Path> jars = new ArrayList<>();
    for (Path entry : entries.get(false)) {
      Path jar = Files.isDirectory(entry) ? folder.resolve(jars.size() + ".jar") : entry;
      if (!made && !jar.equals(entry)) {
        pack(entry, jar);
      }
      jars.add(jar);
    }
    if (!made) {
      dump(archive, joined(jars));
    }
    jars.addAll(entries.get(true));
    return new ArchivedClasses(archive, joined(jars));
  }

  /** Another one as soon as anything is compiled anew. */
  private static String state(List<Path> entries) throws IOException {
    StringBuilder state = new StringBuilder();
    for (Path entry : entries) {
      try (Stream<Path> files = Files.walk(entry)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          state.append(file).append(Files.size(file)).append(Files.getLastModifiedTime(file));
        }
      }
    }
    return Sha256.of(state.toString()).substring(0, 16);
  }

  private static String joined(List<Path> entries) {
    return String.join(File.pathSeparator, entries.stream().map(Path::toString).toList());
  }

  private static void pack(Path folder, Path jar) throws IOException {
    Files.createDirectories(jar.getParent());
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(out);
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        packed.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, packed);
      }
    }
  }

  private static void dump(Path archive, String classPath)
      throws IOException, InterruptedException {
    Path log = archive.resolveSibling("rehearsal.log");
    Path home = Files.createDirectories(archive.resolveSibling("home"));
    ProcessBuilder rehearsal =
        new ProcessBuilder(
                OwnJava.program(),
                "-XX:ArchiveClassesAtExit=" + archive,
                "-Xlog:disable",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                Rehearsal.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("TEMPORAL_"));
    environment.put("XDG_STATE_HOME", home.toString());
    environment.put("XDG_CONFIG_HOME", home.toString());
    environment.put("KUBECONFIG", home.resolve("kubeconfig").toString());
    rehearsal.environment().clear();
    rehearsal.environment().putAll(environment);
    int exit = rehearsal.start().waitFor();
    if (exit != 0 || !Files.exists(archive)) {
      throw new IllegalStateException(
          "The rehearsal ended with " + exit + ": " + Files.readString(log));
    }
  }
}
