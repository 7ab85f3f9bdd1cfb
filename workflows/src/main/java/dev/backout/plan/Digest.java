package dev.backout.plan;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a plan means, as a SHA-256: over all of it in canonical form but the texts that it was
 * compiled from. What approvers sign and what runs is the plan with this digest.
 */
public final class Digest {
  private static final JsonMapper MAPPER =
      Json.MAPPER.rebuild().addMixIn(ExecutionPlan.class, Meaning.class).build();

  /** Also of the plans of child runbooks. */
  @JsonIgnoreProperties({"sources", "digest"})
  private interface Meaning {}

  private Digest() {}

  /** The digest that the plan must have, whatever it says itself. */
  public static String of(ExecutionPlan plan) {
    String canonical = CanonicalJson.of(MAPPER.valueToTree(plan));
    return ofText(canonical);
  }

  /** {@code sha256:…} of the text's UTF-8. */
  public static String ofText(String text) {
    return "sha256:" + HexFormat.of().formatHex(sha256(text));
  }

  /** Whether a plan that came from outside is what its digest says. */
  public static boolean matches(ExecutionPlan plan) {
    return of(plan).equals(plan.digest());
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
