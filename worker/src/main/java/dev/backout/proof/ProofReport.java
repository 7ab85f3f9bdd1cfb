package dev.backout.proof;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of checking a run and its child runbooks.
 *
 * @param signers where the keys are from by which it was judged; null where there were none
 * @param policy the hash of the policy by which it was judged; null for mere keys
 * @param runs the run first, its children in the order in which they began
 */
public record ProofReport(
    Verdict verdict, @Nullable String signers, @Nullable String policy, List<RunProof> runs) {}
