package dev.backout.signature;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes SSH's wire format. */
final class WireWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  WireWriter raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  WireWriter uint8(int value) {
    out.write(value);
    return this;
  }

  WireWriter uint32(int value) {
    return raw(ByteBuffer.allocate(4).putInt(value).array());
  }

  WireWriter string(byte[] bytes) {
    return uint32(bytes.length).raw(bytes);
  }

  WireWriter string(String text) {
    return string(text.getBytes(StandardCharsets.UTF_8));
  }

  WireWriter number(BigInteger value) {
    return string(value.toByteArray());
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
