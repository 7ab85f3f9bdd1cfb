package dev.backout.signature;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads SSH's wire format (RFC 4251, section 5). Every length is checked against what is left
 * before anything is allocated.
 */
final class WireReader {
  private final ByteBuffer rest;

  WireReader(byte[] bytes) {
    rest = ByteBuffer.wrap(bytes);
  }

  boolean isEmpty() {
    return !rest.hasRemaining();
  }

  byte[] bytes(int length) throws Flaw {
    if (length < 0 || length > rest.remaining()) {
      throw new Flaw(
          "It is cut short or damaged: a field should have "
              + Integer.toUnsignedString(length)
              + " bytes, "
              + rest.remaining()
              + " are left.");
    }
    byte[] bytes = new byte[length];
    rest.get(bytes);
    return bytes;
  }

  int uint8() throws Flaw {
    return bytes(1)[0] & 0xff;
  }

  int uint32() throws Flaw {
    return ByteBuffer.wrap(bytes(4)).getInt();
  }

  /** An unsigned number in a long's 64 bits. */
  long uint64() throws Flaw {
    return ByteBuffer.wrap(bytes(8)).getLong();
  }

  byte[] string() throws Flaw {
    return bytes(uint32());
  }

  WireReader nested() throws Flaw {
    return new WireReader(string());
  }

  /** Text without control characters, since it may end up on a terminal. */
  String text() throws Flaw {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(string())).toString();
    } catch (CharacterCodingException e) {
      throw new Flaw("A text in it is not UTF-8.");
    }
    if (text.codePoints().anyMatch(Character::isISOControl)) {
      throw new Flaw("A text in it holds control characters.");
    }
    return text;
  }

  /** A positive number in its shortest form, so that a key has one encoding only. */
  BigInteger positive() throws Flaw {
    byte[] bytes = string();
    BigInteger number = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
    if (number.signum() <= 0) {
      throw new Flaw("A number in it is not positive.");
    }
    if (bytes.length != number.toByteArray().length) {
      throw new Flaw("A number in it has needless leading zeros.");
    }
    return number;
  }

  void end() throws Flaw {
    if (rest.hasRemaining()) {
      throw new Flaw("There are " + rest.remaining() + " bytes too many at its end.");
    }
  }
}
