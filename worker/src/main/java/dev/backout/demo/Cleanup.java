package dev.backout.demo;

import dev.backout.config.Flags;
import dev.backout.config.Settings;
import dev.backout.server.BackgroundServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ends what the demo started and removes what it wrote, once, however the demo ends: also by Ctrl-C
 * or TERM.
 */
final class Cleanup {
  private final DemoHome home;
  private final Thread hook = new Thread(this::clean, "clean up");
  private final List<Mishap> mishaps = new ArrayList<>();
  private @Nullable HarvesterSite site;
  private boolean done;

  Cleanup(DemoHome home) {
    this.home = home;
  }

  void onEveryEnd() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  synchronized void site(HarvesterSite laidOut) {
    this.site = laidOut;
  }

  synchronized void mishap(Mishap planted) {
    mishaps.add(planted);
  }

  /** Everything stays but what made a step fail. */
  synchronized void keep() {
    done = true;
    mishaps.forEach(Mishap::close);
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  /** The server first, so that nothing is started any more. */
  synchronized void clean() {
    if (done) {
      return;
    }
    done = true;
    mishaps.forEach(Mishap::close);
    stopServer(home);
    if (site != null) {
      site.close();
    }
    end(home);
  }

  /** For a demo that another process began. */
  static void end(DemoHome home) {
    stopServer(home);
    new SiteService(home.directory(), "http://127.0.0.1").stop();
    SitePostgres.killWhatRuns(home.directory().resolve("postgres"));
    try {
      HarvesterSite.deleteTree(home.directory());
    } catch (IOException e) {
      System.err.println(
          "backout: "
              + home.directory()
              + " could not be removed ("
              + e.getMessage()
              + "); remove it by hand.");
    }
  }

  private static void stopServer(DemoHome home) {
    try {
      new BackgroundServer(Settings.load(Flags.NONE, home.wholeEnvironment())).stop();
    } catch (RuntimeException e) {
      System.err.println("backout: the demo's server could not be ended: " + e.getMessage());
    }
  }
}
