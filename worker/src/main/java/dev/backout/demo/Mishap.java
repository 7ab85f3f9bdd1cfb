package dev.backout.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
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
      Mishap plant(HarvesterSite site) {
        return PortTaken.plant(site.port());
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

  /** A stranger takes the service's port as soon as the service has let it go. */
  final class PortTaken implements Mishap {
    private final Thread thread;
    private volatile boolean mended;

    private PortTaken(int port) {
      this.thread = new Thread(() -> hold(port), "stranger");
      this.thread.setDaemon(true);
    }

    static Mishap plant(int port) {
      PortTaken taken = new PortTaken(port);
      taken.thread.start();
      return taken;
    }

    private void hold(int port) {
      while (!mended) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
          while (!mended) {
            Thread.sleep(20);
          }
        } catch (IOException e) {
          pause();
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private static void pause() {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public String step() {
      return Kind.START_API.step();
    }

    @Override
    public String explanation() {
      return "The demo itself takes the service's port when the service has stopped, and gives it"
          + " back when you retry for the second time";
    }

    @Override
    public String reason() {
      return "the stranger has left the port";
    }

    @Override
    public void close() {
      mended = true;
      thread.interrupt();
    }
  }
}
