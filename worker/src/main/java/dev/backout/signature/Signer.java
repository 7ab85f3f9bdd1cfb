package dev.backout.signature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who made a signature, as far as {@code allowed_signers} knows.
 *
 * @param principal the name that was claimed and found true, or, where none was claimed, the first
 *     of {@code principals}
 * @param principals every literal name that the key may sign for, in the order of the file; just
 *     the claimed one if one was claimed
 * @param fingerprint {@code SHA256:…} of the key (for a certificate: of the key inside it), as
 *     {@code ssh-keygen -l} prints it
 * @param keyType OpenSSH's name of the key's type, such as {@code ssh-ed25519}
 * @param certificateId the key id in the certificate, or null without a certificate
 * @param authority {@code SHA256:…} of the certificate's authority, or null without a certificate
 */
public record Signer(
    String principal,
    List<String> principals,
    String fingerprint,
    String keyType,
    @Nullable String certificateId,
    @Nullable String authority) {
  public Signer {
    principals = List.copyOf(principals);
  }
}
