// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Small kernels for the PVH boot ABI: ELF files (System V ABI, chapters 4 and 5), and bzImages around them (Linux,
 * Documentation/arch/x86/boot.rst).
 */
final class PvhFile {
  /** Ways to pack a kernel. */
  static final int PACKINGS = 4;
  private static final int MEBIBYTE = 1 << 20;
  private static final int LOAD = 1;
  private static final int NOTE = 4;
  private static final int ENTRY = 18;
  private static final int RELOCATION = 19;
  /**
   * Sends P to the UART, reads what EBX points to, stops: MOV EDX, 0x3F8; MOV AL, 'P'; OUT DX, AL; MOV EAX, [EBX]; MOV ECX, [EBX + 16];
   * HLT.
   */
  private static final byte[] CODE = {(byte) 0xBA, (byte) 0xF8, 3, 0, 0, (byte) 0xB0, 'P', (byte) 0xEE, (byte) 0x8B, 3, (byte) 0x8B, 0x4B,
      16, (byte) 0xF4};
  private static final int SECTOR = 512;
  private static final int HEADER = 0x1F1;

  private final boolean wide;
  private final List<long[]> headers = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();

  private PvhFile(boolean wide) {
    this.wide = wide;
  }

  /** @param which 0 one of 64 bits, 1 one of 32 bits, else one that lies higher than most machines' memory reaches and may be moved */
  static byte[] kernel(int which) {
    long at = which < 2 ? MEBIBYTE : 512L * MEBIBYTE;
    PvhFile file = new PvhFile(which != 1).add(LOAD, at, CODE, 0x1000).add(LOAD, at + 0x2000, new byte[100], 0x1_0000);
    file.note(ENTRY, (int) at);
    if (which >= 2) {
      file.note(RELOCATION, 0x1_0000, MEBIBYTE, 0x7FFF_FFFF);
    }
    return file.bytes();
  }

  private PvhFile add(int kind, long address, byte[] bytes, long size) {
    headers.add(new long[] {kind, address, size});
    contents.add(bytes);
    return this;
  }

  private void note(int type, int... words) {
    ByteBuffer note = ByteBuffer.allocate(16 + 4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    note.putInt(4).putInt(4 * words.length).putInt(type).put(new byte[] {'X', 'e', 'n', 0});
    for (int word : words) {
      note.putInt(word);
    }
    add(NOTE, 0, note.array(), note.capacity());
  }

  private byte[] bytes() {
    int header = wide ? 64 : 52;
    int entry = wide ? 56 : 32;
    int at = header + entry * headers.size();
    ByteBuffer file = ByteBuffer.allocate(at + contents.stream().mapToInt(each -> each.length).sum()).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7F, 'E', 'L', 'F', (byte) (wide ? 2 : 1), 1, 1}).position(16);
    file.putShort((short) 2).putShort((short) (wide ? 62 : 3)).putInt(1);
    word(file, 0);
    word(file, header);
    word(file, 0);
    file.putInt(0).putShort((short) header).putShort((short) entry).putShort((short) headers.size());
    for (int i = 0; i < headers.size(); i++) {
      long[] each = headers.get(i);
      file.position(header + i * entry).putInt((int) each[0]);
      if (wide) {
        file.putInt(7).putLong(at).putLong(each[1]).putLong(each[1]).putLong(contents.get(i).length).putLong(each[2]).putLong(4096);
      } else {
        file.putInt(at).putInt((int) each[1]).putInt((int) each[1]).putInt(contents.get(i).length).putInt((int) each[2]).putInt(7).putInt(
            4096);
      }
      file.position(at).put(contents.get(i));
      at += contents.get(i).length;
    }
    return file.array();
  }

  private void word(ByteBuffer file, long value) {
    if (wide) {
      file.putLong(value);
    } else {
      file.putInt((int) value);
    }
  }

  /** A kernel packed. @param how 0 not at all, 1 by gzip, 2 as it is, 3 by LZ4, in a bzImage each */
  static byte[] packed(byte[] kernel, int how) {
    if (how == 0) {
      return kernel;
    }
    byte[] payload = switch (how) {
      case 1 -> gzip(kernel);
      case 2 -> kernel;
      default -> lz4(kernel);
    };
    int start = 2 * SECTOR;
    ByteBuffer file = ByteBuffer.allocate(start + payload.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    file.put(HEADER, (byte) 1).putInt(0x202, 0x5372_6448).putShort(0x206, (short) 0x20F);
    file.putInt(0x248, 0).putInt(0x24C, payload.length + 4).put(start, payload).putInt(start + payload.length, kernel.length);
    return file.array();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out) {
      {
        def.setLevel(Deflater.NO_COMPRESSION);
      }
    }) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * The legacy frame: one block of literals only (LZ4 Block Format: a token of 15 literals and more, whose length goes on in bytes of
   * 255).
   */
  private static byte[] lz4(byte[] bytes) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    int length = bytes.length;
    block.write(Math.min(length, 15) << 4);
    for (int rest = length - 15; length >= 15; rest -= 255) {
      block.write(Math.min(rest, 255));
      if (rest < 255) {
        break;
      }
    }
    block.writeBytes(bytes);
    ByteBuffer frame = ByteBuffer.allocate(8 + block.size()).order(ByteOrder.LITTLE_ENDIAN);
    return frame.putInt(0x184C_2102).putInt(block.size()).put(block.toByteArray()).array();
  }
}
