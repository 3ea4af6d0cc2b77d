// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ramfb;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** How guests reach fw_cfg: by registers and, for more than a few bytes, by requests in memory. Source: QEMU, docs/specs/fw_cfg.rst. */
final class FwCfgAccess {
  /** Bytes of a request. */
  static final int REQUEST = 16;
  /** Key of the directory. */
  static final int DIRECTORY = 0x19;
  /** Bytes of a file in the directory: length (32 bits), key (16 bits), two unused bytes, name. */
  static final int ENTRY = 64;
  /** Most files that there can be. */
  static final int MOST = 0x3FE0;
  private static final int SELECTOR = 8;
  private static final int DMA = 16;
  private static final int READ = 1 << 1;
  private static final int SELECT = 1 << 3;
  private static final int WRITE = 1 << 4;
  /** All bits of a request's control word but that for a failure, as it lies in memory. */
  private static final long OPEN = 0xFEFF_FFFFL;
  /** "QEMU", the first letter in the low byte. */
  private static final long SIGNATURE = 0x554D_4551L;
  private static final int BY_DMA = 1 << 1;

  private FwCfgAccess() {}

  /** Asks a device what it is. @param next the step behind it, in which {@link #isThere} says */
  static EfiStep identify(Enum<?> next, long registers) {
    return EfiStep.touch(next, select(registers, 0), EfiAccess.read(4, registers), select(registers, 1), EfiAccess.read(4, registers));
  }

  private static EfiAccess select(long registers, int key) {
    return EfiAccess.write(2, registers + SELECTOR, Short.reverseBytes((short) key) & 0xFFFF);
  }

  /** Whether the device is fw_cfg and takes requests. */
  static boolean isThere(Call call) {
    return call.accessed(1) == SIGNATURE && (call.accessed(3) & BY_DMA) != 0;
  }

  /** Reads an item from its beginning. @param next the step behind it, in which {@link #succeeded} says how it went */
  static EfiStep read(Call call, Enum<?> next, long registers, long request, int key, long to, int length) {
    return perform(call, next, registers, request, key << 16 | SELECT | READ, to, length);
  }

  /** Reads on. */
  static EfiStep readOn(Call call, Enum<?> next, long registers, long request, long to, int length) {
    return perform(call, next, registers, request, READ, to, length);
  }

  /** Writes a file from its beginning. */
  static EfiStep write(Call call, Enum<?> next, long registers, long request, int key, long from, int length) {
    return perform(call, next, registers, request, key << 16 | SELECT | WRITE, from, length);
  }

  private static EfiStep perform(Call call, Enum<?> next, long registers, long request, int control, long buffer, int length) {
    EfiRam memory = call.firmware().memory();
    memory.put32(request, Integer.reverseBytes(control));
    memory.put32(request + 4, Integer.reverseBytes(length));
    memory.put64(request + 8, Long.reverseBytes(buffer));
    return EfiStep.touch(next, EfiAccess.write(8, registers + DMA, Long.reverseBytes(request)), EfiAccess.untilClear(4, request, OPEN));
  }

  /** Whether the request was carried out. A device that doesn't answer has left its control word as it was. */
  static boolean succeeded(Call call) {
    return call.accessed(1) == 0;
  }
}
