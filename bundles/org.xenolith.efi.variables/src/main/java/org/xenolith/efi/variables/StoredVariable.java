// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.xenolith.efi.api.VariableAttributes.NON_VOLATILE;
import static org.xenolith.efi.api.VariableAttributes.RUNTIME_ACCESS;
import static org.xenolith.efi.api.VariableAttributes.TIME_BASED_AUTHENTICATED_WRITE_ACCESS;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.VariableName;

/**
 * A variable with all that is known of it. Its arrays aren't changed by anybody.
 *
 * @param attributes without APPEND_WRITE
 * @param time       of the last authenticated write; null for a variable without authentication
 * @param signer     fingerprint of who may change a private authenticated variable; empty for all others
 */
record StoredVariable(VariableName name, int attributes, byte[] data, EfiTime time, byte[] signer) {
  /** Bytes of a variable in the log besides its name, signer and data. */
  private static final int FIXED = 44;
  private static final int TIMED = 1;
  private static final byte[] NOBODY = {};

  /** A variable without authentication. */
  static StoredVariable plain(VariableName name, int attributes, byte[] data) {
    return new StoredVariable(name, attributes, data, null, NOBODY);
  }

  boolean isNonVolatile() { return (attributes & NON_VOLATILE) != 0; }

  boolean isSeenAtRunTime() { return (attributes & RUNTIME_ACCESS) != 0; }

  boolean isAuthenticated() { return (attributes & TIME_BASED_AUTHENTICATED_WRITE_ACCESS) != 0; }

  /** Little-endian: attributes, vendor, time, whether there is one, lengths of signer, text (in characters) and data, then these three. */
  byte[] encode() {
    byte[] text = textBytes(name);
    ByteBuffer out = ByteBuffer.allocate(FIXED + text.length + signer.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(attributes).put(name.vendor().toBytes()).put(time == null ? new byte[EfiTime.SIZE] : time.toBytes())
        .put((byte) (time == null ? 0 : TIMED)).put((byte) signer.length).putShort((short) name.text().length()).putInt(data.length);
    return out.put(text).put(signer).put(data).array();
  }

  /**
   * The variable that {@link #encode} wrote, from where the buffer is.
   *
   * @throws IllegalArgumentException if it isn't one; the message says why
   */
  static StoredVariable decode(ByteBuffer in) {
    in.order(ByteOrder.LITTLE_ENDIAN);
    try {
      int attributes = in.getInt();
      EfiGuid vendor = EfiGuid.ofBytes(take(in, EfiGuid.SIZE), 0);
      EfiTime time = EfiTime.ofBytes(take(in, EfiTime.SIZE), 0);
      boolean timed = (in.get() & TIMED) != 0;
      int signer = in.get() & 0xFF;
      int text = in.getShort() & 0xFFFF;
      int data = in.getInt();
      VariableName name = new VariableName(text(take(in, 2 * text)), vendor);
      return new StoredVariable(name, attributes, last(in, signer, data), timed ? time : null, signer(in, signer, data));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a variable of " + in.limit() + " bytes ends in its middle", e);
    }
  }

  /** The data, which are behind the signer; the buffer stays before both. */
  private static byte[] last(ByteBuffer in, int signer, int data) {
    if (data < 0 || in.remaining() < (long) signer + data) {
      throw new IllegalArgumentException("a variable with " + Integer.toUnsignedString(data) + " bytes of data, and " + in.remaining()
          + " are left");
    }
    byte[] bytes = new byte[data];
    in.get(in.position() + signer, bytes);
    return bytes;
  }

  private static byte[] signer(ByteBuffer in, int signer, int data) {
    byte[] bytes = take(in, signer);
    in.position(in.position() + data);
    return bytes;
  }

  private static byte[] take(ByteBuffer in, int count) {
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }

  private static String text(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < bytes.length; at += 2) {
      text.append((char) (bytes[at] & 0xFF | bytes[at + 1] << 8));
    }
    return text.toString();
  }

  /** The text of a name as memory has it, without the NUL. */
  static byte[] textBytes(VariableName name) {
    return Arrays.copyOf(name.toBytes(), name.bytes() - 2);
  }

  /** Records don't compare what is in arrays; this does. */
  boolean sameAs(StoredVariable other) {
    return other != null && Arrays.equals(encode(), other.encode());
  }
}
