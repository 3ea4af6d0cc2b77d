// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.SerialInterface;
import org.xenolith.fuzz.InputBytes;

/**
 * Who is behind a PV console (Xen, {@code io/console.h}), and somebody who uses that. Before each use and with each event a byte: bits 0 to 2 below 4 what was written is taken and
 * something typed; 4 an index of any value, 5 any byte of the page, 6 and 7 nothing.
 */
final class OddTerminal {
  private static final int PAGE = 4096;
  private static final int IN_SIZE = 1024;
  private static final int INDICES = 3072;
  private static final int IN_PROD = INDICES + 4;
  private static final int OUT_CONS = INDICES + 8;
  private static final int OUT_PROD = INDICES + 12;
  private static final int GET_CONTROL = SerialInterface.FUNCTIONS + 24;
  private static final int WRITE = GET_CONTROL + 8;
  private static final int READ = WRITE + 8;
  private static final int[] SIZES = {10, 0, 3000, 1, 2048};

  private final EfiLayers layers;
  private final EfiRam memory;
  private final InputBytes input;
  private final long page;

  OddTerminal(EfiLayers layers, InputBytes input) {
    this.layers = layers;
    this.input = input;
    memory = layers.firmware().memory();
    page = layers.firmware().room(PAGE);
  }

  /** The frame of the page. */
  long frame() {
    return page / PAGE;
  }

  /** An event has come, or some time passes. */
  void event() {
    int how = input.next();
    switch (how & 7) {
      case 4 -> memory.put32(page + INDICES + 4 * (how >> 3 & 3), input.next(4));
      case 5 -> memory.put8(page + (input.next(2) & PAGE - 1), input.next());
      case 6, 7 -> {
        // nobody looks
      }
      default -> {
        memory.put32(page + OUT_CONS, memory.get32(page + OUT_PROD));
        byte[] typed = input.take(how >> 3);
        long at = memory.get32(page + IN_PROD);
        for (int i = 0; i < typed.length; i++) {
          memory.put8(page + (at + i) % IN_SIZE, typed[i]);
        }
        memory.put32(page + IN_PROD, at + typed.length & 0xFFFF_FFFFL);
      }
    }
  }

  /** Writes and reads by the protocol of a handle. */
  void use(long handle) {
    long serial = layers.firmware().handles().find(handle, Protocol.SERIAL_IO);
    for (int size : SIZES) {
      event();
      layers.guarded(4, place -> layers.firmware().call(memory.get64(serial + GET_CONTROL), serial, place));
      transfer(serial, WRITE, size);
      transfer(serial, READ, size);
    }
  }

  private void transfer(long serial, int function, int size) {
    layers.guarded(8, count -> {
      memory.put64(count, size);
      layers.guarded(size, place -> layers.firmware().call(memory.get64(serial + function), serial, count, place));
      long done = memory.get64(count);
      layers.expect(done >= 0 && done <= size, done + " characters of " + size);
      return 0;
    });
  }
}
