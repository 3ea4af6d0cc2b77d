// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.fuzz.InputBytes;

/**
 * An NVMe controller (NVM Express 1.4, 3.1 and 4) that does what is right unless the input says otherwise: a byte for each read of a register (above 0xF0: the value is the
 * input's) and for each command. Of that bit 7: it lies; then bits 0 to 2: identity, status and phase, no answer, data, data.
 */
final class OddNvme {
  private static final int DOORBELLS = 0x1000;
  private static final int SLOTS = 16;
  private static final int PAGE = 4096;
  private static final int MOST_COMMANDS = 400;

  private final EfiRam memory;
  private final InputBytes input;
  private final long[] registers = new long[DOORBELLS / 4];
  private final long[] submission = new long[2];
  private final long[] completion = new long[2];
  private final int[] head = new int[2];
  private final int[] tail = new int[2];
  private int commands;

  OddNvme(EfiRam memory, InputBytes input) {
    this.memory = memory;
    this.input = input;
  }

  long access(int register, int size, boolean writes, long value) {
    if (writes) {
      write(register, value);
      return 0;
    }
    int how = input.next();
    if (how > 0xF0) {
      return input.next(size);
    }
    return switch (register) {
      case 0 -> 0x0100_00FFL;
      case 4 -> 0x20;
      case 0x1C -> registers[5] & 1;
      default -> register < DOORBELLS ? registers[register / 4] : 0;
    };
  }

  private void write(int register, long value) {
    if (register < DOORBELLS) {
      registers[register / 4] = value;
      if (register == 0x14) {
        submission[0] = registers[10] & ~0xFFFL | registers[11] << 32;
        completion[0] = registers[12] & ~0xFFFL | registers[13] << 32;
        head[0] = head[1] = tail[0] = tail[1] = 0;
      }
      return;
    }
    int bell = (register - DOORBELLS) / 4;
    int queue = bell / 2;
    while (bell % 2 == 0 && queue < 2 && submission[queue] != 0 && head[queue] != value % SLOTS && ++commands < MOST_COMMANDS) {
      serve(queue, submission[queue] + 64L * head[queue]);
      head[queue] = (head[queue] + 1) % SLOTS;
    }
  }

  private void serve(int queue, long at) {
    int how = input.next();
    boolean lies = (how & 0x80) != 0;
    int operation = memory.get8(at);
    long data = memory.get64(at + 24);
    if (queue == 0 && operation == 6) {
      identify((int) memory.get32(at + 40), data, lies && (how & 7) > 3);
    } else if (queue == 0 && (operation == 5 || operation == 1)) {
      (operation == 5 ? completion : submission)[1] = data & -PAGE;
    } else if (operation == 2) {
      memory.write(data, input.take(16));
    }
    if (lies && (how & 7) == 2 || completion[queue] == 0) {
      return;
    }
    long entry = completion[queue] + 16L * (tail[queue] % SLOTS);
    memory.put16(entry + 12, memory.get16(at + 2) + (lies && (how & 7) == 0 ? input.next() : 0));
    memory.put16(entry + 14, lies && (how & 7) == 1 ? input.next(2) : 1 - tail[queue] / SLOTS % 2);
    tail[queue]++;
  }

  private void identify(int kind, long to, boolean lies) {
    memory.clear(to, PAGE);
    switch (kind) {
      case 1 -> memory.put8(to + 77, 4);
      case 2 -> memory.put32(to, 1);
      default -> {
        memory.put64(to, 2048);
        memory.put8(to + 128 + 2, 9);
      }
    }
    for (int i = 0; lies && i < 4; i++) {
      memory.put8(to + (input.next(2) & 0xFF), input.next());
    }
  }
}
