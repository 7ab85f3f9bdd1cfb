package dev.backout.workflow;

import java.time.Instant;

/**
 * A person's signature of a start.
 *
 * @param id chosen by the signer, so that one signature starts one run
 * @param at when they signed, by their own clock
 * @param armored OpenSSH's armoured signature
 */
public record StartSignature(String id, Instant at, String armored) {}
