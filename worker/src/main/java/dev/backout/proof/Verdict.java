package dev.backout.proof;

import java.util.Collection;
import java.util.Comparator;

/** What came of checking something again; the later, the worse. */
public enum Verdict {
  /** It is what its signature, or its digest, says. */
  PROVEN,
  /** It could not be looked at here. */
  UNCHECKED,
  /** It claims no proof: a bare name. */
  UNVERIFIED,
  /** It claims a proof that doesn't hold by the keys and the policy given here. */
  UNPROVEN,
  /** The record does not agree with itself, or with what was signed. */
  ALTERED;

  public static Verdict worst(Collection<Verdict> verdicts) {
    return verdicts.stream().max(Comparator.naturalOrder()).orElse(PROVEN);
  }
}
