package dev.backout.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That a worker let a run begin. Goes along with every act of the run and of its children, so that
 * other workers can judge it too.
 *
 * @param principal who started it: proven if {@code verified}, else as they say
 * @param key the fingerprint of the key that proves it; null if nothing does
 * @param kind of the runbook that was started
 * @param target of the runbook that was started
 * @param policyHash of the policy that was in force; {@link #NO_POLICY} where there was none
 * @param channels whom this worker tells of the run by itself
 */
public record Admission(
    @Nullable String principal,
    boolean verified,
    @Nullable String key,
    String kind,
    String target,
    String policyHash,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Channel> channels) {

  /** Another mapper than ours leaves out what is empty. */
  public Admission {
    channels = channels == null ? List.of() : channels;
  }

  /** Of a worker that tells nobody by itself. */
  public Admission(
      @Nullable String principal,
      boolean verified,
      @Nullable String key,
      String kind,
      String target,
      String policyHash) {
    this(principal, verified, key, kind, target, policyHash, List.of());
  }

  /** As it goes along with every act. */
  Admission withoutChannels() {
    return new Admission(principal, verified, key, kind, target, policyHash);
  }

  public static final String NO_POLICY = "none";

  boolean isByPolicy() {
    return !policyHash.equals(NO_POLICY);
  }
}
