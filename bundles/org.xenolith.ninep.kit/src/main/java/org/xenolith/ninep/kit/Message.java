// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ninep.kit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What every message begins with: its size in four bytes, its number in one, its tag in two. Numbers are little endian. */
public final class Message {
  /** Bytes of the header. */
  public static final int HEADER = 7;
  /** The version that is spoken. */
  public static final String VERSION = "9P2000.L";
  /** Tag of the message that begins a session. */
  public static final int NO_TAG = 0xFFFF;
  /** A fid that is none. */
  public static final int NO_FID = 0xFFFF_FFFF;
  /** Most bytes of a message here: what Linux' virtio transport can ask for, and some. */
  public static final int MOST = 512 << 10;

  static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Message() {}

  /** The size that a message says, unsigned. @param at where it begins; there must be four bytes */
  public static long size(byte[] bytes, int at) {
    return (int) INT.get(bytes, at) & 0xFFFF_FFFFL;
  }

  /** Its number. @param at where the message begins; there must be a header */
  public static int number(byte[] bytes, int at) {
    return bytes[at + 4] & 0xFF;
  }

  /** Its tag. @param at where the message begins; there must be a header */
  public static int tag(byte[] bytes, int at) {
    return (short) SHORT.get(bytes, at + 5) & 0xFFFF;
  }

  /** The reply that refuses a request. @param number of the error, as Linux counts them */
  public static byte[] error(int tag, int number) {
    return new MessageWriter(HEADER + 4).begin(MessageType.ERROR, tag).word(number).bytes();
  }
}
