// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes what a kernel's image holds around its table of symbols, as kernels of one version or another have it. */
final class KernelFile {
  static final long BASE = 0xFFFF_8000_0800_0000L;
  static final long XEN = 0x20_0000;
  static final int SYMBOLS = 700;
  static final int OWN = 3;
  private static final int PREFIX = 0x3000;

  private int alignment = 8;
  private boolean moved = true;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> names = new ArrayList<>();
  private int own;
  private int base;
  private final int[] offsets = new int[SYMBOLS];

  /**
   * The bytes.
   *
   * @param before whether addresses are before the names, as up to 6.3
   */
  static byte[] of(boolean before) {
    return new KernelFile().make(before);
  }

  /** The same with some symbols of data that each processor has of its own, as kernels for x86-64 have them: the first {@link #OWN}. */
  static byte[] withProcessorsOwn(boolean before) {
    KernelFile file = new KernelFile();
    file.own = OWN;
    return file.make(before);
  }

  /** The same as an arm64 image has it before its kernel has relocated itself: its header, no base, and a relocation for it. */
  static byte[] notMoved(boolean before) {
    KernelFile file = new KernelFile();
    file.moved = false;
    byte[] bytes = file.make(before);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0x38, 0x644D_5241);
    return bytes;
  }

  /** As Xen has it on Arm: everything at multiples of 256 bytes, and addresses of 64 bits. */
  static byte[] ofXen() {
    KernelFile file = new KernelFile();
    file.alignment = 256;
    return file.make(true);
  }

  /** Offset of a symbol's address. */
  static int offset(int symbol) {
    return symbol * 0x140;
  }

  /** A symbol's name with its type; one is so long that its length takes two bytes. */
  private static String name(int symbol) {
    return symbol == 300 ? "T" + "long".repeat(50) : (symbol % 5 == 4 ? "D" : "t") + "function_" + symbol;
  }

  private byte[] make(boolean before) {
    for (int i = 0; i < SYMBOLS; i++) {
      names.add(name(i));
      offsets[i] = own == 0 ? offset(i) : i < own ? 16 * i : -1 - offset(i);
    }
    out.writeBytes(new byte[PREFIX]);
    if (before) {
      addresses();
    }
    number(SYMBOLS, 4);
    align();
    List<Integer> markers = names();
    markers.forEach(marker -> number(marker, 4));
    align();
    tokens();
    if (!before) {
      addresses();
    }
    if (!moved) {
      for (long each : new long[] {BASE + 0x40, 0x402, 1, BASE + base, 0x403, BASE, BASE + 0x48, 0x403, BASE + 0x1000}) {
        number(each, 8);
      }
    }
    out.writeBytes(new byte[0x1000]);
    return out.toByteArray();
  }

  private void addresses() {
    if (alignment != 8) {
      align();
      for (int offset : offsets) {
        number(XEN + offset, 8);
      }
      align();
      return;
    }
    for (int offset : offsets) {
      number(offset, 4);
    }
    align();
    base = out.size();
    number(moved ? BASE : 0, 8);
  }

  private List<Integer> names() {
    List<Integer> markers = new ArrayList<>();
    int start = out.size();
    for (int i = 0; i < SYMBOLS; i++) {
      if (i % 256 == 0) {
        markers.add(out.size() - start);
      }
      byte[] tokens = names.get(i).replace("function_", "\1").getBytes(StandardCharsets.US_ASCII);
      if (tokens.length > 0x7F) {
        number(tokens.length & 0x7F | 0x80, 1);
        number(tokens.length >> 7, 1);
      } else {
        number(tokens.length, 1);
      }
      out.writeBytes(tokens);
    }
    align();
    return markers;
  }

  private void tokens() {
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    int start = out.size();
    for (int token = 0; token < 256; token++) {
      index.writeBytes(bytes(out.size() - start, 2));
      String text = token == 1 ? "function_" : token > ' ' && token < 0x7F ? String.valueOf((char) token) : "tok" + token + "x";
      out.writeBytes((text + '\0').getBytes(StandardCharsets.US_ASCII));
    }
    align();
    out.writeBytes(index.toByteArray());
  }

  private void align() {
    while (out.size() % alignment != 0) {
      out.write(0);
    }
  }

  private void number(long value, int size) {
    out.writeBytes(bytes(value, size));
  }

  private static byte[] bytes(long value, int size) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return java.util.Arrays.copyOf(all, size);
  }
}
