package dev.backout.action.program;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.Doc;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a program is run, as a runbook says it: the value of {@code in}. */
public record In(@Doc("A service of a Compose project.") @Nullable Service compose) {

  /** How a program is run in a service. */
  public enum How {
    RUN,
    EXEC
  }

  public record Service(
      @Doc("The directory of the Compose project, on the worker.") Path project,
      @Doc("The service.") String service,
      @Doc(
              value =
                  "Its Compose files, relative to `project`. Those that Compose finds by itself if empty.",
              defaultValue = "[]")
          List<Path> files,
      @Doc("Its env file, relative to `project`. `.env` if absent.") @Nullable Path envFile,
      @Doc(
              value =
                  "`run` in a container of its own, made for it from the service's image and removed afterwards,"
                      + " without what the service depends on; or `exec` in the container that runs.",
              defaultValue = "run")
          How how) {}

  /**
   * @param in null for the worker
   */
  public static Place place(@Nullable In in, ActionContext context) throws ActionException {
    Service service = in == null ? null : in.compose();
    return service == null
        ? new OnWorker()
        : new InService(
            ComposeProject.at(service.project(), service.files(), service.envFile(), context),
            service.service(),
            service.how());
  }
}
