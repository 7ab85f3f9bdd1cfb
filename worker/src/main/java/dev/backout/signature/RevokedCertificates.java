package dev.backout.signature;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The certificates that a list revokes of one authority, or of all. */
final class RevokedCertificates {
  private static final int SERIALS = 0x20;
  private static final int RANGE = 0x21;
  private static final int BITMAP = 0x22;
  private static final int KEY_IDS = 0x23;

  /** OpenSSH's limit for one bitmap. */
  private static final int MAX_BITS = 16_384;

  private final byte[] authority;
  private final Set<Long> serials = new HashSet<>();
  private final List<Range> ranges = new ArrayList<>();
  private final Set<String> keyIds = new HashSet<>();

  /** Serial numbers from the first to the last, unsigned. */
  private record Range(long first, long last) {
    boolean holds(long serial) {
      return Long.compareUnsigned(serial, first) >= 0 && Long.compareUnsigned(serial, last) <= 0;
    }
  }

  private RevokedCertificates(byte[] authority) {
    this.authority = authority;
  }

  static RevokedCertificates parse(WireReader in) throws Flaw {
    RevokedCertificates some = new RevokedCertificates(in.string());
    in.string(); // Reserved.
    while (!in.isEmpty()) {
      some.addSection(in.uint8(), in.nested());
    }
    return some;
  }

  private void addSection(int type, WireReader in) throws Flaw {
    switch (type) {
      case SERIALS -> {
        while (!in.isEmpty()) {
          serials.add(in.uint64());
        }
      }
      case RANGE -> addRange(in);
      case BITMAP -> addBitmap(in.uint64(), new BigInteger(1, in.string()));
      case KEY_IDS -> {
        while (!in.isEmpty()) {
          keyIds.add(in.text());
        }
      }
      default ->
          throw new Flaw(
              "It revokes certificates in a way that is not known here (section " + type + ").");
    }
    if (!in.isEmpty()) {
      throw new Flaw("A section of revoked certificates is longer than it should be.");
    }
  }

  private void addRange(WireReader in) throws Flaw {
    Range range = new Range(in.uint64(), in.uint64());
    if (Long.compareUnsigned(range.first, range.last) > 0) {
      throw new Flaw("A range of serial numbers ends before it begins.");
    }
    ranges.add(range);
  }

  private void addBitmap(long offset, BigInteger bits) throws Flaw {
    if (bits.bitLength() > MAX_BITS) {
      throw new Flaw("A bitmap of serial numbers has more than " + MAX_BITS + " bits.");
    }
    if (bits.bitLength() > 0 && Long.compareUnsigned(offset + bits.bitLength() - 1, offset) < 0) {
      throw new Flaw("Serial numbers run beyond 64 bits.");
    }
    for (int bit = bits.getLowestSetBit(); bit >= 0 && bit < bits.bitLength(); bit++) {
      if (bits.testBit(bit)) {
        serials.add(offset + bit);
      }
    }
  }

  boolean include(Certificate certificate) {
    if (authority.length > 0 && !Arrays.equals(authority, certificate.authority().blob())) {
      return false;
    }
    if (keyIds.contains(certificate.keyId())) {
      return true;
    }
    // Zero is what a certificate without a number has: OpenSSH revokes none by it.
    long serial = certificate.serial();
    return serial != 0
        && (serials.contains(serial) || ranges.stream().anyMatch(range -> range.holds(serial)));
  }
}
