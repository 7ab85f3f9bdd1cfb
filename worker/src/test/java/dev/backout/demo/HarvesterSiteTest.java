package dev.backout.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HarvesterSiteTest {
  @TempDir Path directory;

  @Test
  void theServiceAnswersFromPostgresAndSaysWhyItNoLongerDoesWhenPostgresIsKilled()
      throws Exception {
    try (HarvesterSite site = HarvesterSite.layOut(directory.resolve("a site"), SiteSpec.demo())) {
      site.startService();
      assertEquals("{\"status\":\"ok\"}", site.get("/health").orElseThrow());
      assertTrue(site.get("/metrics").orElseThrow().contains("{table=\"artifacts\"} 600"));
      assertTrue(site.get("/api/discoveries?limit=5").orElseThrow().startsWith("[{\"id\":"));

      site.killPostgres();

      assertEquals(503, site.status("/health"));
      assertTrue(site.get("/health").orElseThrow().contains("refused"));
      String log = Files.readString(site.home().resolve("logs/signal-harvester.log"));
      assertTrue(log.contains("ERROR api: /health failed"), log);
      assertFalse(log.contains(site.databaseUrl().split("[:@]")[2]), "the password is in the log");
    }
  }

  @Test
  void itsNewestBackupIsCorruptAndTheOneBeforeIsGood() throws Exception {
    try (HarvesterSite site = HarvesterSite.layOut(directory, SiteSpec.withoutPostgres())) {
      assertEquals("ok", integrity(site.goodBackup()));
      assertEquals("ok", integrity(site.olderBackup()));
      assertNotEquals("ok", integrity(site.brokenBackup()));
      assertTrue(
          Files.getLastModifiedTime(site.brokenBackup())
                  .compareTo(Files.getLastModifiedTime(site.goodBackup()))
              > 0);
    }
  }

  @Test
  void closingItEndsItsProcessesAndDeletingItLeavesNothing() throws Exception {
    HarvesterSite site =
        HarvesterSite.layOut(directory.resolve("site"), SiteSpec.withoutPostgres());
    site.startService();
    ProcessHandle api = ProcessHandle.of(site.pid("api").orElseThrow()).orElseThrow();
    ProcessHandle daemon = ProcessHandle.of(site.pid("daemon").orElseThrow()).orElseThrow();
    site.delete();
    api.onExit().get(10, TimeUnit.SECONDS);
    daemon.onExit().get(10, TimeUnit.SECONDS);
    assertFalse(Files.exists(site.home()));
  }

  private static String integrity(Path database) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:file:" + database + "?mode=ro");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA integrity_check")) {
      result.next();
      return result.getString(1);
    } catch (java.sql.SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
