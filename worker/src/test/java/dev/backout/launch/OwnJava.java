package dev.backout.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts programs of this build in processes of their own, as the launcher does. */
public final class OwnJava {
  private OwnJava() {}

  /** The program with its options and the class path, to be followed by a class's name. */
  public static List<String> command(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return command;
  }
}
