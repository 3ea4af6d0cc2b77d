// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.testkit.efi.FakeFirmware;

/** A PCI function of a test's that is an NVMe controller with one namespace, honest or not. */
final class FakeController {
  /** What it does instead of what is right. */
  enum Lie {
    NONE, NEVER_READY, SILENT, IDENTITY, STATUS, NO_NAMESPACES
  }

  final byte[] bytes = new byte[1 << 20];
  final long protocol;
  Lie lie = Lie.NONE;
  int commands;
  int flushes;
  private final EfiRam memory;
  private final Map<Integer, Long> registers = new HashMap<>();
  private final long[][] queues = new long[2][2];
  private final int[] heads = new int[2];
  private final int[] tails = new int[2];

  FakeController(FakeFirmware firmware) {
    memory = firmware.memory();
    new Random(1).nextBytes(bytes);
    protocol = firmware.room(160);
    memory.put64(protocol + 16, firmware.guest(call -> {
      PciAccess.put(memory, call.argument(5), PciAccess.size(call.argument(1)), read((int) call.argument(3)));
      return EfiStep.done();
    }));
    memory.put64(protocol + 24, firmware.guest(call -> {
      write((int) call.argument(3), PciAccess.get(memory, call.argument(5), PciAccess.size(call.argument(1))));
      return EfiStep.done();
    }));
    memory.put64(protocol + 48, firmware.guest(call -> {
      memory.put32(call.argument(4), 0x01_0802_00L);
      return EfiStep.done();
    }));
    memory.put64(protocol + 120, firmware.guest(call -> EfiStep.done(call.argument(1) == 2 && call.argument(2) == 0x600 ? EfiStatus.SUCCESS
        : EfiStatus.UNSUPPORTED)));
  }

  boolean isEnabled() { return (registers.getOrDefault(0x14, 0L) & 1) != 0; }

  private long read(int register) {
    return switch (register) {
      case 0 -> 0x0200_00FFL;
      case 4 -> 1;
      case 0x1C -> isEnabled() && lie != Lie.NEVER_READY ? 1 : 0;
      default -> registers.getOrDefault(register, 0L);
    };
  }

  private void write(int register, long value) {
    if (register < 0x1000) {
      registers.put(register, value);
      if (register == 0x14 && isEnabled()) {
        queues[0][0] = registers.get(0x28) | registers.get(0x2C) << 32;
        queues[0][1] = registers.get(0x30) | registers.get(0x34) << 32;
        Arrays.fill(heads, 0);
        Arrays.fill(tails, 0);
      }
      return;
    }
    int bell = (register - 0x1000) / 8;
    int queue = bell / 2;
    while (bell % 2 == 0 && heads[queue] != value && lie != Lie.SILENT) {
      serve(queue, queues[queue][0] + 64L * heads[queue]);
      heads[queue] = (heads[queue] + 1) % 16;
    }
  }

  private void serve(int queue, long at) {
    commands++;
    long data = memory.get64(at + 24);
    int operation = memory.get8(at);
    if (queue == 0 && operation == 6) {
      identify((int) memory.get32(at + 40), data);
    } else if (queue == 0) {
      queues[1][operation == 5 ? 1 : 0] = data;
    } else if (operation == 0) {
      flushes++;
    } else {
      move(at, operation);
    }
    long entry = queues[queue][1] + 16L * (tails[queue] % 16);
    memory.put16(entry + 12, memory.get16(at + 2) + (lie == Lie.IDENTITY ? 1 : 0));
    memory.put16(entry + 14, (lie == Lie.STATUS ? 0x82 << 1 : 0) | 1 - tails[queue] / 16 % 2);
    tails[queue]++;
  }

  private void identify(int kind, long to) {
    memory.clear(to, 4096);
    switch (kind) {
      case 1 -> memory.put8(to + 77, 4);
      case 2 -> memory.put32(to, lie == Lie.NO_NAMESPACES ? 0 : 1);
      default -> {
        memory.put64(to, bytes.length / 512);
        memory.put8(to + 26, 1);
        memory.put8(to + 128 + 4 + 2, 9);
        memory.write(to + 120, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
      }
    }
  }

  private void move(long at, int operation) {
    int place = (int) memory.get64(at + 40) * 512;
    int left = (int) (memory.get16(at + 48) + 1) * 512;
    int pages = (left + 4095) / 4096;
    for (int i = 0; i < pages; i++) {
      long page = i == 0 ? memory.get64(at + 24) : pages == 2 ? memory.get64(at + 32) : memory.get64(memory.get64(at + 32) + 8L * (i - 1));
      int piece = Math.min(4096, left);
      if (operation == 2) {
        memory.write(page, Arrays.copyOfRange(bytes, place, place + piece));
      } else {
        System.arraycopy(memory.read(page, piece), 0, bytes, place, piece);
      }
      place += piece;
      left -= piece;
    }
  }
}
