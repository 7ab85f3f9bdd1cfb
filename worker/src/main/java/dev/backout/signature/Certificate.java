package dev.backout.signature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an authority says of a key (OpenSSH's PROTOCOL.certkeys).
 *
 * @param serial unsigned
 * @param isForUser a host's certificate signs nothing
 * @param principals whom the key may stand for
 * @param validAfter seconds since 1970, unsigned; the first valid one
 * @param validBefore seconds since 1970, unsigned; the first that isn't valid any longer
 * @param criticalOptions what must be understood, by name
 * @param extensions what may be ignored, by name
 */
record Certificate(
    long serial,
    boolean isForUser,
    String keyId,
    List<String> principals,
    long validAfter,
    long validBefore,
    Map<String, byte[]> criticalOptions,
    Map<String, byte[]> extensions,
    SshKey authority) {
  private static final int USER = 1;
  private static final int HOST = 2;

  /**
   * Reads what follows the key.
   *
   * @param whole all of the certificate, which is what its authority signed but for the signature
   */
  static Certificate parse(WireReader in, byte[] whole) throws Flaw {
    long serial = in.uint64();
    int kind = in.uint32();
    if (kind != USER && kind != HOST) {
      throw new Flaw(
          "Its certificate is of an unknown kind: " + Integer.toUnsignedString(kind) + ".");
    }
    String keyId = in.text();
    List<String> principals = new ArrayList<>();
    for (WireReader names = in.nested(); !names.isEmpty(); ) {
      principals.add(names.text());
    }
    long validAfter = in.uint64();
    long validBefore = in.uint64();
    Map<String, byte[]> criticalOptions = options(in.nested());
    Map<String, byte[]> extensions = options(in.nested());
    in.string(); // Reserved.
    SshKey authority = authority(in.string());
    byte[] signature = in.string();
    int signedLength = whole.length - 4 - signature.length;
    if (!in.isEmpty() || signedLength < 0) {
      throw new Flaw("There are bytes too many at the end of its certificate.");
    }
    SignatureCheck.check(
        authority, signature, Arrays.copyOf(whole, signedLength), SignatureCheck.Touch.REQUIRED);
    return new Certificate(
        serial,
        kind == USER,
        keyId,
        List.copyOf(principals),
        validAfter,
        validBefore,
        criticalOptions,
        extensions,
        authority);
  }

  private static SshKey authority(byte[] blob) throws Flaw {
    // Asked before parsing it, or a certificate in a certificate in a certificate would nest
    // without end.
    String name = new WireReader(blob).text();
    if (name.equals(KeyType.of(name).certificateName)) {
      throw new Flaw("Its certificate's authority is itself a certificate.");
    }
    return SshKey.parse(blob);
  }

  private static Map<String, byte[]> options(WireReader in) throws Flaw {
    Map<String, byte[]> options = new LinkedHashMap<>();
    while (!in.isEmpty()) {
      if (options.put(in.text(), in.string()) != null) {
        throw new Flaw("Its certificate says the same option twice.");
      }
    }
    return options;
  }
}
