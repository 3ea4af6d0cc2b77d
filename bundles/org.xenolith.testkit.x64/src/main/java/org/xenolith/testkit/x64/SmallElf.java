// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.x64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Writes ELF files of 64 bits for x86-64, with what a kernel has or should not have (System V ABI, chapters 4 and 5). */
public final class SmallElf {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private final List<long[]> segments = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();

  /** A segment of so many bytes, and zeroes behind them. */
  public SmallElf load(long address, int stored, long size) {
    byte[] bytes = new byte[stored];
    for (int i = 0; i < stored; i++) {
      bytes[i] = (byte) (i * 7 + 1);
    }
    return add(1, address, bytes, size);
  }

  /** A note of the name Xen. */
  public SmallElf note(int type, int... words) {
    ByteBuffer note = ByteBuffer.allocate(16 + words.length * 4).order(ByteOrder.LITTLE_ENDIAN).putInt(4).putInt(words.length * 4).putInt(
        type)
        .put(new byte[] {'X', 'e', 'n', 0});
    for (int word : words) {
      note.putInt(word);
    }
    return add(4, 0, note.array(), note.capacity());
  }

  private SmallElf add(int kind, long address, byte[] bytes, long size) {
    segments.add(new long[] {kind, address, bytes.length, size});
    contents.add(bytes);
    return this;
  }

  /** The file. */
  public byte[] bytes() {
    int at = HEADER + PROGRAM_HEADER * segments.size();
    ByteBuffer file = ByteBuffer.allocate(at + contents.stream().mapToInt(each -> each.length).sum()).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1}).position(16);
    file.putShort((short) 2).putShort((short) 62).putInt(1).putLong(0).putLong(HEADER).putLong(0).putInt(0);
    file.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) segments.size());
    for (int i = 0; i < segments.size(); i++) {
      long[] each = segments.get(i);
      file.position(HEADER + i * PROGRAM_HEADER);
      file.putInt((int) each[0]).putInt(7).putLong(at).putLong(each[1]).putLong(each[1]).putLong(each[2]).putLong(each[3]).putLong(4096);
      file.position(at);
      file.put(contents.get(i));
      at += contents.get(i).length;
    }
    return file.array();
  }
}
