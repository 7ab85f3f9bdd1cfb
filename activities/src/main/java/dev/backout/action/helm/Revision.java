package dev.backout.action.helm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Doc;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One revision of a release. */
public record Revision(
    @Doc("Its number.") int revision,
    @Doc("When it was made.") Instant updated,
    @Doc(
            "`deployed`, `superseded`, `failed`, `uninstalled`, `pending-install`, `pending-upgrade` or `pending-rollback`.")
        String status,
    @Doc("The chart with its version, as `poller-1.4.0`.") String chart,
    @Doc("The version of the application; empty if the chart says none.") String appVersion,
    @Doc("What Helm says of it.") String description) {
  private static final Pattern ROLLBACK = Pattern.compile("Rollback to (\\d+)");
  private static final Pattern NOT_THROUGH =
      Pattern.compile(
          "(?is).*\\bfailed\\b.*|Preparing upgrade|Initial install underway|Deletion in progress.*");

  static Revision of(JsonNode json) {
    return new Revision(
        json.path("revision").asInt(),
        OffsetDateTime.parse(json.path("updated").asText()).toInstant(),
        json.path("status").asText(),
        json.path("chart").asText(),
        json.path("app_version").asText(""),
        json.path("description").asText(""));
  }

  boolean isPending() {
    return status.startsWith("pending");
  }

  boolean isDeployed() {
    return status.equals("deployed");
  }

  /** Whether its objects are there, as far as Helm knows. */
  boolean isInstalled() {
    return !status.equals("uninstalled");
  }

  /**
   * Whether Helm once came to its end with it. That it is superseded is no proof: a rollback that
   * fails makes what was there superseded, also if that had failed itself.
   */
  boolean wasThrough() {
    return (isDeployed() || status.equals("superseded"))
        && !NOT_THROUGH.matcher(description).matches();
  }

  /** The revision whose content it has again; its own number if it has one of its own. */
  int source() {
    Matcher matcher = ROLLBACK.matcher(description);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : revision;
  }

  @Override
  public String toString() {
    return revision + " (" + status + ", " + chart + ": " + description + ")";
  }
}
