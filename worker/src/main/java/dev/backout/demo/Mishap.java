package dev.backout.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Something that really goes wrong in one step. What it takes to mend it is said, and done by the
 * demo itself when nobody is there to do it.
 */
interface Mishap extends AutoCloseable {

  /** The step that will fail. */
  String step();

  /** What was done, and what mends it. */
  String explanation();

  /** The reason to give with the retry. */
  String reason();

  /** Mends it; does nothing if it is mended. */
  @Override
  void close();

  /** The mishaps that there are, by the step that they make fail. */
  enum Kind {
    RESTORE {
      @Override
      Mishap plant(HarvesterSite site) throws IOException {
        return FileHeldOpen.plant(site.home().resolve("var/app.db"));
      }
    },
    START_API {
      @Override
      Mishap plant(HarvesterSite site) throws IOException {
        return NotExecutable.plant(site.program());
      }
    };

    abstract Mishap plant(HarvesterSite site) throws IOException;

    String step() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Optional<Kind> ofStep(String step) {
      return Arrays.stream(values()).filter(kind -> kind.step().equals(step)).findFirst();
    }

    static String steps() {
      return Arrays.stream(values()).map(Kind::step).collect(Collectors.joining(", "));
    }
  }

  /** Another process has the database open, as somebody's forgotten shell would. */
  record FileHeldOpen(Process holder) implements Mishap {
    static Mishap plant(Path file) throws IOException {
      return new FileHeldOpen(
          new ProcessBuilder(
                  "/bin/sh", "-c", "exec 9<\"$1\"; exec sleep 3600", "sh", file.toString())
              .start());
    }

    @Override
    public String step() {
      return Kind.RESTORE.step();
    }

    @Override
    public String explanation() {
      return "Process "
          + holder.pid()
          + " holds the database var/app.db open, so it can't be replaced. To mend it: kill "
          + holder.pid();
    }

    @Override
    public String reason() {
      return "the process that held the database open has been ended";
    }

    @Override
    public void close() {
      holder.destroy();
      holder.onExit().join();
    }
  }

  /** The service's program can't be executed, as after a careless deployment. */
  record NotExecutable(Path program) implements Mishap {
    private static final String WITH = "rwxr-xr-x";
    private static final String WITHOUT = "rw-r--r--";

    static Mishap plant(Path program) throws IOException {
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString(WITHOUT));
      return new NotExecutable(program);
    }

    @Override
    public String step() {
      return Kind.START_API.step();
    }

    @Override
    public String explanation() {
      return "The service's program may not be executed any more. To mend it: chmod +x " + program;
    }

    @Override
    public String reason() {
      return "the program may be executed again";
    }

    @Override
    public void close() {
      try {
        if (Files.exists(program)) {
          Files.setPosixFilePermissions(program, PosixFilePermissions.fromString(WITH));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("The demo can't mend what it broke: " + program, e);
      }
    }
  }
}
