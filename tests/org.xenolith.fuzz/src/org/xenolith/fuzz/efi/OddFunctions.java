// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.fuzz.InputBytes;

/**
 * PCI functions behind a host with ECAM, whose configuration space is right but for what an input changes, and whose registers give what the input says. An NVMe
 * controller completes commands, honestly or not.
 */
final class OddFunctions {
  static final long ECAM = 0x1000_0000L;
  static final long MEMORY = 0x2000_0000L;
  static final long MEMORY_SIZE = 0x100_0000L;
  static final long HIGH_MEMORY = 0x80_0000_0000L;
  static final int BUSES = 4;
  private static final int CONFIGURATION = 4096;
  private static final int FIRST_BAR = 0x10;
  private static final int LAST_BAR = 0x28;
  private static final int MOST_EDITS = 32;
  private static final int CAPABILITIES = 0x40;
  private static final int MOST_READS = 3000;

  /** A function: where it is, what it says, and the bits of each BAR that can be written. */
  private static final class Function {
    private final int address;
    private final byte[] configuration = new byte[CONFIGURATION];
    private final long[] writable = new long[6];

    private Function(int address) {
      this.address = address;
    }

    private void put(int at, int size, long value) {
      for (int i = 0; i < size && at + i < CONFIGURATION; i++) {
        configuration[at + i] = (byte) (value >>> 8 * i);
      }
    }

    private long get(int at, int size) {
      long value = 0;
      for (int i = 0; i < size && at + i < CONFIGURATION; i++) {
        value |= (configuration[at + i] & 0xFFL) << 8 * i;
      }
      return value;
    }

    private void write(int at, int size, long value) {
      int bar = (at - FIRST_BAR) / 4;
      boolean bridge = (configuration[0x0E] & 0x7F) == 1;
      if (at >= FIRST_BAR && at < (bridge ? FIRST_BAR + 8 : LAST_BAR) && size == 4) {
        long fixed = get(FIRST_BAR + 4 * bar, 4) & 15 & ~writable[bar];
        put(FIRST_BAR + 4 * bar, 4, value & writable[bar] | fixed);
      } else if (at == 4 || bridge && at >= 0x18 && at < 0x30) {
        put(at, size, value);
      }
    }
  }

  private final List<Function> functions = new ArrayList<>();
  private final InputBytes input;
  private final OddNvme nvme;
  private int reads;

  /** What the input begins with: how many functions, their kinds, and edits of a place of two bytes and up to 8 bytes each. */
  OddFunctions(EfiRam memory, InputBytes input) {
    this.input = input;
    nvme = new OddNvme(memory, input);
    int count = 1 + input.next() % 5;
    for (int i = 0; i < count; i++) {
      int kind = input.next();
      functions.add(function(kind & 3, (kind >> 2 & 3) << 8 | (kind >> 4 & 3) << 3 | kind >> 6 & 1));
    }
    int edits = input.next() % MOST_EDITS;
    for (int i = 0; i < edits; i++) {
      int how = input.next();
      byte[] piece = input.take(1 + (how >> 3 & 7) % 4);
      int at = (int) input.next(2) % CONFIGURATION;
      System.arraycopy(piece, 0, functions.get(how % functions.size()).configuration, at, Math.min(piece.length, CONFIGURATION - at));
    }
  }

  private static Function function(int kind, int address) {
    Function made = new Function(address);
    switch (kind) {
      case 0 -> {
        made.put(0, 4, 0x0010_1B36L);
        made.put(8, 4, 0x01_0802_02L);
        bar(made, 0, 0x4000, true);
      }
      case 1 -> {
        made.put(0, 4, 0x1042_1AF4L);
        made.put(8, 4, 0x01_0000_01L);
        made.put(6, 2, 0x10);
        made.put(0x34, 1, CAPABILITIES);
        bar(made, 4, 0x4000, true);
        bar(made, 1, 0x1000, false);
        for (int i = 0; i < 4; i++) {
          int at = CAPABILITIES + 20 * i;
          made.put(at, 4, 0x09 | (i == 3 ? 0 : at + 20 << 8) | 16 + (i == 1 ? 4 : 0) << 16 | (long) new int[] {1, 2, 3, 4}[i] << 24);
          made.put(at + 4, 4, 4);
          made.put(at + 8, 4, 0x1000L * i);
          made.put(at + 12, 4, 0x1000);
        }
      }
      case 2 -> {
        made.put(0, 4, 0x000C_1B36L);
        made.put(8, 4, 0x06_0400_00L);
        made.put(0x0E, 1, 1);
      }
      default -> {
        made.put(0, 4, 0x1001_1AF4L);
        made.put(8, 4, 0x01_0000_00L);
        made.put(0x2C, 4, 0x0002_1AF4L);
        made.put(FIRST_BAR, 4, 1);
        made.writable[0] = 0xFFFF_FF80L;
        bar(made, 1, 0x1000, false);
      }
    }
    return made;
  }

  private static void bar(Function function, int number, long size, boolean wide) {
    function.put(FIRST_BAR + 4 * number, 4, wide ? 4 : 0);
    function.writable[number] = -size & 0xFFFF_FFFFL;
    if (wide) {
      function.writable[number + 1] = 0xFFFF_FFFFL;
    }
  }

  /** What the guest's access comes to. */
  long access(EfiAccess access) {
    long at = access.address();
    boolean writes = access.kind() == EfiAccess.Kind.WRITE;
    if (at >= ECAM && at < ECAM + ((long) BUSES << 20)) {
      int place = (int) (at - ECAM);
      for (Function each : functions) {
        if (each.address == place >>> 12) {
          if (writes) {
            each.write(place & CONFIGURATION - 1, access.size(), access.value());
            return 0;
          }
          return each.get(place & CONFIGURATION - 1, access.size());
        }
      }
      return writes ? 0 : -1L >>> 64 - 8 * access.size();
    }
    for (Function each : functions) {
      long base = each.get(FIRST_BAR, 4) & ~15L | each.get(FIRST_BAR + 4, 4) << 32;
      if (each.get(8, 4) >>> 8 == 0x01_0802 && at >= base && at < base + 0x4000) {
        return nvme.access((int) (at - base), access.size(), writes, access.value());
      }
    }
    return writes ? 0 : ++reads > MOST_READS ? -1L >>> 64 - 8 * access.size() : input.next(access.size());
  }
}
