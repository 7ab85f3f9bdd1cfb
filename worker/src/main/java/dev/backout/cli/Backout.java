package dev.backout.cli;

/** The command line. */
public final class Backout {
  private Backout() {}

  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  /** Runs one command and gives its exit code. */
  public static int execute(String... arguments) {
    System.err.println("backout: no commands yet");
    return 2;
  }
}
