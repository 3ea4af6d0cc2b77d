// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.xgene;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.efi.boot.kit.RootBridgeLayer;

/**
 * Configuration cycles of a port. Its window shows one function at a time: the root port, or with bit 16 of the address the one that the register
 * RTDID names, which is read back so that it has arrived. Reads are of words. On the first bus there is the root port alone, whose first two
 * BARs aren't shown: they are where devices see memory. Nor is that it knows retries, as it then invents devices. Register facts: Linux,
 * drivers/pci/controller/pci-xgene.c.
 */
final class ConfigurationCycles {
  private static final int RTDID = 0x160;
  private static final int TYPE_1 = 1 << 16;
  private static final int BAR_0 = 0x10;
  private static final int BAR_1 = 0x14;
  /** The word of the root port's capability that has RTCAP in its upper half, with the bit for retries that are visible. */
  private static final int ROOT_CONTROL = 0x5C;
  private static final long RETRIES = 1 << 16;
  private static final int WORD = 4;
  private static final long MOST = 4096;
  private static final int PIECE = 64;
  /** The level at which nobody else's cycle comes in between register and window. */
  private static final long HIGH_LEVEL = 31;
  /** Numbers of the call: how many are done, the task priority level before. */
  private enum Slot {
    DONE, LEVEL
  }

  /** Steps: nobody else touches the registers while a piece is accessed, each behind the other. */
  private enum Step {
    RAISE_TPL, KEEP_TPL, ACCESSED, RESTORED;

    private static final Step[] ALL = values();
  }

  private ConfigurationCycles() {}

  /** Arguments of the call: this, width, address, count, buffer. */
  static EfiStep next(Call call, boolean write, long csr, long window, RootBridgeLayer.Target target) {
    EfiRam memory = call.firmware().memory();
    int size = PciAccess.size(call.argument(1));
    long count = call.argument(3);
    long buffer = call.argument(4);
    if (size > WORD || count > MOST) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if ((target.register() & size - 1) != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    switch (call.step(Step.ALL)) {
      case RAISE_TPL -> {
        if (count == 0) {
          return EfiStep.done();
        }
        memory.read(buffer, (int) (PciAccess.repeatsValue(call.argument(1)) ? size : count * size)); // or there is none
        return EfiStep.call(Step.KEEP_TPL, call.firmware().service(BootService.RAISE_TPL), HIGH_LEVEL);
      }
      case KEEP_TPL -> call.set(Slot.LEVEL, call.result());
      case ACCESSED -> {
        long piece = Math.min(PIECE, count - call.get(Slot.DONE));
        for (int i = 0; i < piece && !write; i++) {
          long register = register(call, target, i);
          PciAccess.put(memory, value(call, buffer, i), size, shown(target, register, size, isThere(target, register) ? call.accessed(2 + i)
              : 0));
        }
        call.set(Slot.DONE, call.get(Slot.DONE) + piece);
      }
      default -> {
        return EfiStep.done();
      }
    }
    if (call.get(Slot.DONE) >= count) {
      return EfiStep.call(Step.RESTORED, call.firmware().service(BootService.RESTORE_TPL), call.get(Slot.LEVEL));
    }
    List<EfiAccess> accesses = new ArrayList<>();
    accesses.add(EfiAccess.write(WORD, csr + RTDID, target.root() ? 0 : target.id()));
    accesses.add(EfiAccess.read(WORD, csr + RTDID));
    for (int i = 0; i < Math.min(PIECE, count - call.get(Slot.DONE)); i++) {
      long register = register(call, target, i);
      long at = window + (target.root() ? 0 : TYPE_1) + register;
      if (!isThere(target, register)) {
        accesses.add(EfiAccess.read(WORD, csr + RTDID));
      } else {
        accesses.add(write ? EfiAccess.write(size, at, PciAccess.get(memory, value(call, buffer, i), size)) : EfiAccess.read(WORD, at
            & -WORD));
      }
    }
    return new EfiStep.Touch(Step.ACCESSED, accesses);
  }

  /** The register of an element of the piece that is next. */
  private static long register(Call call, RootBridgeLayer.Target target, int index) {
    return target.register() + (PciAccess.repeatsRegister(call.argument(1)) ? 0 : (call.get(Slot.DONE) + index) * PciAccess.size(call
        .argument(
            1)));
  }

  private static long value(Call call, long buffer, int index) {
    return buffer + (PciAccess.repeatsValue(call.argument(1)) ? 0 : (call.get(Slot.DONE) + index) * PciAccess.size(call.argument(1)));
  }

  private static boolean isRootPort(RootBridgeLayer.Target target) {
    return target.device() == 0 && target.function() == 0;
  }

  private static boolean isThere(RootBridgeLayer.Target target, long register) {
    return !target.root() || isRootPort(target) && (register & -WORD) != BAR_0 && (register & -WORD) != BAR_1;
  }

  /** What is read of a word. */
  private static long shown(RootBridgeLayer.Target target, long register, int size, long word) {
    long all = !target.root() ? word : !isRootPort(target) ? -1 : (register & -WORD) == ROOT_CONTROL ? word & ~RETRIES : word;
    return all >>> 8 * (register & WORD - 1) & (1L << 8 * size) - 1;
  }
}
