// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.testkit.efi.FakeFirmware;

/** A root bridge of a test's, with functions whose BARs are as the specification says. */
final class FakeRoot {
  /** One function. */
  static final class Function {
    final byte[] bytes = new byte[4096];
    private final long[] sizes = new long[6];

    Function(int id, int classCode, int header) {
      put(0, 4, id);
      put(8, 4, classCode << 8);
      put(14, 1, header);
    }

    /** @param kind 0 of 32 bits, 1 I/O, 4 of 64 bits; 8 more: prefetchable */
    Function bar(int number, long size, int kind) {
      sizes[number] = size;
      put(0x10 + 4 * number, 4, kind);
      if ((kind & 7) == 4) {
        sizes[number + 1] = -size >>> 32 == 0xFFFF_FFFFL ? -1 : -size >>> 32;
      }
      return this;
    }

    /** A bridge's prefetchable window has addresses of 64 bits. */
    Function wideWindow() {
      put(0x24, 4, 0x1_0001);
      return this;
    }

    long get(int at, int size) {
      long value = 0;
      for (int i = size - 1; i >= 0; i--) {
        value = value << 8 | bytes[at + i] & 0xFF;
      }
      return value;
    }

    private void put(int at, int size, long value) {
      for (int i = 0; i < size; i++) {
        bytes[at + i] = (byte) (value >>> 8 * i);
      }
    }

    void write(int at, int size, long value) {
      int bar = (at - 0x10) / 4;
      if (at >= 0x10 && at < 0x28 && (bytes[14] & 0x7F) == 0) {
        boolean upper = bar > 0 && (get(0x10 + 4 * bar - 4, 4) & 7) == 4 && sizes[bar - 1] > 0;
        long kind = upper ? 0 : get(at, 4) & (sizes[bar] == 0 ? 0 : (get(at, 4) & 1) != 0 ? 3 : 15);
        put(at, 4, sizes[bar] == 0 ? 0 : upper ? value & sizes[bar] : value & -sizes[bar] | kind);
      } else if (at == 0x24) {
        put(at, 4, value & 0xFFF0_FFF0L | get(at, 4) & 0x1_0001);
      } else if (at != 0 && at != 8) {
        put(at, size, value);
      }
    }
  }

  final Map<Integer, Function> functions = new LinkedHashMap<>();
  /** Calls of PollMem, PollIo and CopyMem: which, and their arguments. */
  final List<List<Long>> calls = new ArrayList<>();
  /** What those return. */
  EfiStatus answer = EfiStatus.SUCCESS;
  final long protocol;
  private final EfiRam memory;

  FakeRoot(FakeFirmware firmware, int lastBus, long below) {
    this(firmware, lastBus, below, 0);
  }

  /** @param offset from where the CPU sees memory below 4 GiB to where it is on the bus */
  FakeRoot(FakeFirmware firmware, int lastBus, long below, long offset) {
    memory = firmware.memory();
    protocol = firmware.room(152);
    long resources = firmware.room(256);
    long at = descriptor(resources, 2, 0, 0, lastBus + 1);
    at = descriptor(at, 1, 32, 0, 0x1_0000);
    memory.put64(at + 30, offset);
    at = descriptor(at, 0, 32, 0x1000_0000 - offset, below);
    at = descriptor(at, 0, 64, 0x80_0000_0000L, 1L << 39);
    memory.put16(at, 0x79);
    memory.put64(protocol + 136, firmware.guest(call -> {
      memory.put64(call.argument(1), resources);
      return EfiStep.done();
    }));
    memory.put64(protocol + 56, firmware.guest(call -> configuration(call, false)));
    memory.put64(protocol + 64, firmware.guest(call -> configuration(call, true)));
    for (int function : new int[] {8, 16, 72}) {
      memory.put64(protocol + function, firmware.guest(call -> {
        List<Long> arguments = new ArrayList<>(List.of((long) function));
        for (int i = 0; i < (function == 72 ? 5 : 7); i++) {
          arguments.add(call.argument(i));
        }
        calls.add(arguments);
        return EfiStep.done(answer);
      }));
    }
  }

  private long descriptor(long at, int kind, int bits, long first, long size) {
    memory.put8(at, 0x8A);
    memory.put16(at + 1, 0x2B);
    memory.put8(at + 3, kind);
    memory.put64(at + 6, bits);
    memory.put64(at + 14, first);
    memory.put64(at + 22, first + size - 1);
    memory.put64(at + 38, size);
    return at + 46;
  }

  private EfiStep configuration(Call call, boolean write) {
    long address = call.argument(2);
    int register = (int) (address >>> 32 != 0 ? address >>> 32 : address & 0xFF);
    int size = PciAccess.size(call.argument(1));
    Function function = functions.get((int) (address >>> 24 & 0xFF) << 8 | (int) (address >>> 16 & 31) << 3 | (int) (address >>> 8 & 7));
    for (int i = 0; i < call.argument(3); i++) {
      long at = call.argument(4) + (long) i * size;
      if (!write) {
        PciAccess.put(memory, at, size, function == null ? -1L >>> 64 - 8 * size : function.get(register + i * size, size));
      } else if (function != null) {
        function.write(register + i * size, size, PciAccess.get(memory, at, size));
      }
    }
    return EfiStep.done(EfiStatus.SUCCESS);
  }
}
