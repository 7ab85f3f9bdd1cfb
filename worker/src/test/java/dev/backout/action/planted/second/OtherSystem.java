package dev.backout.action.planted.second;

import dev.backout.action.planted.first.PlantedAction;

/** Another system that knows the first one. */
public final class OtherSystem {
  public PlantedAction knowsAnotherSystem;
}
