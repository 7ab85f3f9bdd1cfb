package dev.backout.faults;

import dev.backout.faults.Boundary.Point;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who is killed, and where, in one run.
 *
 * @param at every place is met once
 */
record Disturbance(Victim victim, Set<Boundary> at) {

  enum Victim {
    NOBODY,
    WORKER,
    /** Temporal's development server; the worker lives on. */
    SERVER,
    /**
     * The same, and it stays away until the worker has given up telling it how the step ended,
     * which is after the step counts as lost.
     */
    SERVER_FOR_LONG,
    /** The worker, by SIGSTOP until another one has been given its step; then it goes on. */
    FROZEN_WORKER,
    /** Both, as by a crash of the machine. */
    WORKER_AND_SERVER,
    /** The background process: Temporal's in-memory server with the worker in it. */
    BACKGROUND,
    /** The command that watches; then another one watches. */
    COMMAND
  }

  static final Disturbance NONE = new Disturbance(Victim.NOBODY, Set.of());

  static Disturbance of(Victim victim, Point point, List<String> steps) {
    return new Disturbance(
        victim, steps.stream().map(step -> new Boundary(step, point)).collect(Collectors.toSet()));
  }

  @Override
  public String toString() {
    return victim + " at " + at.stream().map(Boundary::toString).sorted().toList();
  }
}
