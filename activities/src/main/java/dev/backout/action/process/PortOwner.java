package dev.backout.action.process;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ProcessTree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whose a port is: it must be one of the given processes that listens there, or a descendant, or
 * one with the mark of this start.
 *
 * @param program how it is called in an error
 * @param mark an entry of the environment, or empty for none
 */
record PortOwner(int port, Set<Long> roots, String mark, String program, ActionContext context) {

  /**
   * Whether one of them listens; false while nobody does, or nobody who can be seen.
   *
   * @throws ActionException if a stranger does, with its id and command line
   */
  boolean listens() throws ActionException {
    List<RunningProcess> listeners = ProcessTable.listeningOn(port);
    if (listeners.isEmpty() || listeners.stream().anyMatch(this::isOwn)) {
      return !listeners.isEmpty();
    }
    throw new ActionException(
        Kind.PERMANENT,
        "Port "
            + port
            + " is held by a stranger: "
            + context.mask(listeners.get(0).toString())
            + listeners.get(0).workingDirectory().map(found -> ", running in " + found).orElse("")
            + ", and not by "
            + program
            + ". Find out who that is; when the port is free, retry.");
  }

  private boolean isOwn(RunningProcess listener) {
    Set<Long> line = new HashSet<>();
    for (long pid = listener.pid(); pid > 1 && line.add(pid); pid = parent(pid)) {
      if (roots.contains(pid)) {
        return true;
      }
    }
    return !mark.isEmpty() && ProcessTree.hasEnvironment(listener.pid(), mark);
  }

  private static long parent(long pid) {
    return ProcessTable.find(pid).map(RunningProcess::parent).orElse(0L);
  }

  /** Why it is not known that it listens, when the time is up. */
  String silence() throws ActionException {
    return ProcessTable.isListening(port)
        ? "something listens on port "
            + port
            + ", and whose it is can't be seen from here: it belongs to another user or runs in a container"
        : "it did not listen on port " + port;
  }
}
