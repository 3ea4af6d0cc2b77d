// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** Registers of a controller, 32 bits each, in its first BAR (NVM Express 1.4, 3.1), as functions of the layer: controller, offset, what is written. */
final class NvmeRegisters {
  private static final int READ_MEM = 16;
  private static final int WRITE_MEM = 24;
  private static final int WIDTH = 2;

  /** Number of ReadRegister: where the value is put. */
  private enum ReadSlot {
    VALUE
  }

  private final NvmeBlockLayer layer;

  NvmeRegisters(NvmeBlockLayer layer) {
    this.layer = layer;
  }

  private EfiStep access(Call call, int function, long room) {
    long pci = call.firmware().numbers(layer, call.argument(0))[NvmeHost.PCI];
    return EfiStep.call(AskOnce.ANSWERED, call.firmware().memory().get64(pci + function), pci, WIDTH, 0, call.argument(1), 1, room);
  }

  /** Returns what is read, or a negative status. */
  EfiStep read(Call call) {
    if (call.isAt(AskOnce.ASK)) {
      call.set(ReadSlot.VALUE, call.room(8));
      return access(call, READ_MEM, call.get(ReadSlot.VALUE));
    }
    return EfiStep.done(call.result() < 0 ? EfiStatus.DEVICE_ERROR.code() : call.firmware().memory().get32(call.get(ReadSlot.VALUE)));
  }

  EfiStep write(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result() < 0 ? EfiStatus.DEVICE_ERROR : EfiStatus.SUCCESS);
    }
    EfiRam memory = call.firmware().memory();
    long room = call.room(8);
    memory.put64(room, call.argument(2) & 0xFFFF_FFFFL);
    return access(call, WRITE_MEM, room);
  }
}
