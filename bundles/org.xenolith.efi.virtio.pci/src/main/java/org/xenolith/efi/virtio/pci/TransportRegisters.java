// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtio.pci;

import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.InterfaceNumbers;
import org.xenolith.efi.boot.kit.PciAccess;

/**
 * One register of a virtio device's, as functions of the layer: this, which structure, offset, width in bytes, and what is written. A legacy device has one
 * structure, in I/O space (Virtio 1.2, 4.1.4.10).
 */
final class TransportRegisters {
  /** Structures (Virtio 1.2, 4.1.4), by their number less one. */
  static final int COMMON = 0;
  static final int NOTIFY = 1;
  static final int DEVICE = 3;
  private static final int READ_MEM = 16;
  private static final int READ_IO = 32;

  /** Number of Read: where the value is put. */
  private enum ReadSlot {
    VALUE
  }

  private final PciTransportLayer layer;

  TransportRegisters(PciTransportLayer layer) {
    this.layer = layer;
  }

  private static int width(long bytes) {
    return Long.numberOfTrailingZeros(bytes);
  }

  private EfiStep access(Call call, boolean write, long room) {
    long[] device = InterfaceNumbers.of(call, layer, PciTransportLayer.NUMBERS);
    int structure = (int) call.argument(1);
    boolean legacy = device[PciTransportLayer.LEGACY] != 0;
    long bar = legacy ? 0 : device[PciTransportLayer.STRUCTURES + 2 * structure];
    long offset = (legacy ? 0 : device[PciTransportLayer.STRUCTURES + 2 * structure + 1]) + call.argument(2);
    long pci = device[PciTransportLayer.PCI];
    long function = call.firmware().memory().get64(pci + (legacy ? READ_IO : READ_MEM) + (write ? 8 : 0));
    return EfiStep.call(AskOnce.ANSWERED, function, pci, width(call.argument(3)), bar, offset, 1, room);
  }

  /** Returns what is read, or PciIo's status, which is negative. */
  EfiStep read(Call call) {
    if (call.isAt(AskOnce.ASK)) {
      call.set(ReadSlot.VALUE, call.room(8));
      return access(call, false, call.get(ReadSlot.VALUE));
    }
    return EfiStep.done(call.result() < 0 ? call.result() : PciAccess.get(call.firmware().memory(), call.get(ReadSlot.VALUE), (int) call
        .argument(3)));
  }

  EfiStep write(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(Math.min(0, call.result()));
    }
    EfiRam memory = call.firmware().memory();
    long room = call.room(8);
    memory.put64(room, call.argument(4));
    return access(call, true, room);
  }
}
