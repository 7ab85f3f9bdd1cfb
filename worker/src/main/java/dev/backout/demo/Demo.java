package dev.backout.demo;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The story that the demo tells, from a healthy service to the postmortem. */
final class Demo {
  private static final String RUN = "@latest";
  private static final int STILL_WAITING = 6;
  private static final int LEFT = 130;

  private final DemoOptions options;
  private final DemoHome home;
  private final Commands commands;
  private final Narrator narrator;
  private final Cleanup cleanup;

  Demo(DemoOptions options, DemoHome home, Commands commands, Narrator narrator, Cleanup cleanup) {
    this.options = options;
    this.home = home;
    this.commands = commands;
    this.narrator = narrator;
    this.cleanup = cleanup;
  }

  /**
   * Tells it.
   *
   * @return whether the service answers from the backup's data at the end
   */
  boolean tell() throws IOException, SQLException, InterruptedException {
    HarvesterSite site = aHealthyService();
    theIncident(site);
    thePlan(site);
    if (!theRun(site)) {
      return false;
    }
    boolean back = theProof(site);
    if (back) {
      theRecord(site);
    }
    return back;
  }

  private HarvesterSite aHealthyService() throws IOException, SQLException, InterruptedException {
    narrator.chapter("A service, on PostgreSQL");
    narrator.say("Laying out Signal Harvester with a PostgreSQL of its own in " + home.directory());
    HarvesterSite site = HarvesterSite.layOut(home.directory(), SiteSpec.demo());
    cleanup.site(site);
    home.configure(Map.of("DATABASE_URL", site.databaseUrl()));
    site.startService();
    narrator.say("GET " + site.baseUrl() + "/health");
    narrator.say("    " + site.get("/health").orElse("no answer"));
    narrator.say("PostgreSQL holds " + site.rowsInPostgres() + ".");
    narrator.say(
        "In backups/ are three SQLite files. The newest of them is damaged; nobody knows yet.");
    return site;
  }

  private void theIncident(HarvesterSite site) throws InterruptedException {
    narrator.chapter("PostgreSQL goes away");
    site.killPostgres();
    narrator.say("Its processes have been killed, as by a crash.");
    narrator.say("GET " + site.baseUrl() + "/health");
    narrator.say("    " + site.status("/health") + " " + site.get("/health").orElse("no answer"));
  }

  private void thePlan(HarvesterSite site) throws IOException, InterruptedException {
    narrator.chapter("What the runbook would do");
    narrator.say("Nothing is touched by this. Secrets are masked. The triggers are asked first.");
    List<String> words = new ArrayList<>(List.of("plan", options.runbook().toString()));
    inputs(site).forEach((name, value) -> words.addAll(List.of("--input", name + "=" + value)));
    words.addAll(List.of("-O", home.plan().toString()));
    expectSuccess(words, shown(words));
  }

  /** As it is typed where a runbook is run for a service that does not have the default ports. */
  static Map<String, String> inputs(HarvesterSite site) {
    Map<String, String> inputs = new java.util.LinkedHashMap<>();
    inputs.put("home", site.home().toString());
    inputs.put("baseUrl", site.baseUrl());
    inputs.put("port", String.valueOf(site.port()));
    inputs.put("api", site.program() + ",api");
    inputs.put("scheduler", site.program() + ",daemon");
    return inputs;
  }

  /**
   * @return whether it was watched to its end
   */
  private boolean theRun(HarvesterSite site) throws IOException, InterruptedException {
    narrator.chapter("The rollback");
    @Nullable Mishap mishap = plantMishap(site);
    narrator.say(
        "What runs is exactly that plan. Ada starts it and signs that with her SSH key. Nobody"
            + " approves a run that they started, so before anything is touched Grace has to say"
            + " yes. What she signs is this run, its plan's digest, the question and her answer.");
    narrator.say(
        options.yes()
            ? "--yes was given, so the demo approves by itself, as Grace and with her key."
            : "You are Grace: approve here, or from another terminal with: "
                + home.program()
                + " approve @latest authorize");
    narrator.say(
        "Both keys were made for this demo; whose is whose stands beside " + home.policy());
    narrator.command("backout run plan.json --yes --as ada --key .backout/keys/ada/id_ed25519");
    try (Deciding deciding = deciding(mishap)) {
      int exit = commands.run(start());
      while (exit == STILL_WAITING) {
        narrator.command("backout watch @latest");
        exit = commands.run(List.of("watch", RUN));
      }
      deciding.done().forEach(narrator::say);
      if (exit == LEFT) {
        narrator.say("You have left the live view, and the run goes on. Back to it, from another");
        narrator.say("terminal: " + home.program() + " watch @latest");
      }
      return exit != LEFT;
    }
  }

  private List<String> start() {
    return List.of(
        "run",
        home.plan().toString(),
        "--yes",
        "--as",
        DemoPeople.STARTER,
        "--key",
        home.people().key(DemoPeople.STARTER).toString());
  }

  private @Nullable Mishap plantMishap(HarvesterSite site) throws IOException {
    Optional<Mishap.Kind> kind = Optional.ofNullable(options.fail()).flatMap(Mishap.Kind::ofStep);
    if (kind.isEmpty()) {
      return null;
    }
    Mishap mishap = kind.get().plant(site);
    cleanup.mishap(mishap);
    narrator.say("The step " + mishap.step() + " will fail. " + mishap.explanation());
    return mishap;
  }

  private Deciding deciding(@Nullable Mishap mishap) {
    return options.yes() ? Deciding.byItself(home, commands, mishap) : Deciding.leftToTheReader();
  }

  private boolean theProof(HarvesterSite site) throws InterruptedException {
    narrator.chapter("Is it back?");
    String health = site.get("/health").orElse("no answer");
    String metrics = site.get("/metrics").orElse("");
    narrator.say("GET " + site.baseUrl() + "/health");
    narrator.say("    " + health);
    int expected = site.rowsInBackup().artifacts();
    boolean back =
        site.status("/health") == 200
            && health.equals("{\"status\":\"ok\"}")
            && metrics.contains("harvester_rows{table=\"artifacts\"} " + expected + "\n");
    if (!back) {
      narrator.say("No: it should answer ok from the backup's " + expected + " artifacts.");
      narrator.say("What became of the run: " + home.program() + " status " + RUN);
      return false;
    }
    narrator.say("Yes, on SQLite, with the backup's " + site.rowsInBackup() + ".");
    narrator.say(
        "Lost with PostgreSQL: "
            + site.rowsLost()
            + ", written after the backup ("
            + site.goodBackup().getFileName()
            + ").");
    return true;
  }

  private void theRecord(HarvesterSite site) throws IOException, InterruptedException {
    narrator.chapter("The record");
    expectSuccess(List.of("history", RUN), "backout history @latest");
    List<String> postmortem = List.of("postmortem", RUN, "-o", home.postmortem().toString());
    expectSuccess(postmortem, "backout postmortem @latest -o postmortem.html");
    narrator.chapter("Was it really Grace?");
    narrator.say(
        "Names prove nothing, signatures do. They are checked again, against what the run's own"
            + " history says was signed; months later too, from an exported file.");
    expectSuccess(List.of("verify", RUN), "backout verify @latest");
    if (options.yes() && !options.keep()) {
      // All of it goes in a moment, before anybody could look.
      return;
    }
    narrator.chapter("Where things are");
    narrator.say("the report    " + home.postmortem());
    narrator.say("the service   " + site.baseUrl() + " and " + site.home());
    narrator.say("the runbook   " + options.runbook());
    narrator.say("go on with    " + home.program() + " runs | status | history | --help");
    narrator.say("tutorial      docs/tutorial.md");
  }

  private void expectSuccess(List<String> words, String shown)
      throws IOException, InterruptedException {
    narrator.command(shown);
    int exit = commands.run(words);
    if (exit != 0) {
      throw new DemoException(
          "`"
              + shown
              + "` should have ended with 0 and ended with "
              + exit
              + "; its output says why.");
    }
  }

  private static String shown(List<String> words) {
    StringBuilder shown = new StringBuilder("backout");
    for (String word : words) {
      boolean plain = word.matches("[A-Za-z0-9_./:=@,-]+");
      shown
          .append(word.equals("--input") ? " \\\n    " : " ")
          .append(plain ? word : "'" + word + "'");
    }
    return shown.toString();
  }
}
