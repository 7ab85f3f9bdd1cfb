package dev.backout.runbook;

/** Somebody who may decide: {@code group:oncall} or {@code user:ada}. */
public record Approver(Type type, String name) {

  public enum Type {
    GROUP,
    USER
  }

  @Override
  public String toString() {
    return (type == Type.GROUP ? "group:" : "user:") + name;
  }
}
