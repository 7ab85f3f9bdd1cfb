package dev.backout.runbook;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who may decide: {@code group:oncall} or {@code user:ada}.
 *
 * @param quorum how many of them must approve; null where all approvers count alike
 */
public record Approver(Type type, String name, @Nullable Integer quorum) {

  public enum Type {
    GROUP,
    USER
  }

  @Override
  public String toString() {
    return (type == Type.GROUP ? "group:" : "user:") + name;
  }
}
