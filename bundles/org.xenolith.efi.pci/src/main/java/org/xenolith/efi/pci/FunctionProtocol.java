// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.PciAccess;

/** The functions of EFI_PCI_IO_PROTOCOL (UEFI 2.10, 14.4), by those of the root bridge. */
final class FunctionProtocol {
  /** Names in the protocol's order. */
  static final String[] NAMES = {"PollMem", "PollIo", "ReadMem", "WriteMem", "ReadIo", "WriteIo", "ReadPci", "WritePci", "CopyMem", "Map",
      "Unmap", "AllocateBuffer", "FreeBuffer", "Flush", "GetLocation", "Attributes", "GetBarAttributes", "SetBarAttributes"};
  static final int SIZE = 160;
  // Numbers of the protocol: the root bridge's, the function's address, six BARs with address and size.
  static final int ROOT = 0;
  static final int ADDRESS = 1;
  static final int BARS = 2;
  static final int NUMBERS = BARS + 12;
  private static final int MOST_BARS = 6;
  private static final int COMMAND = 4;
  /** EFI_PCI_IO_ATTRIBUTE_IO, _MEMORY, _BUS_MASTER are the command register's bits from bit 8 on. */
  private static final long ATTRIBUTES = 0x700;
  private static final int ATTRIBUTE_SHIFT = 8;
  private static final int GET = 0;
  private static final int SET = 1;
  private static final int ENABLE = 2;
  private static final int DISABLE = 3;
  private static final int SUPPORTED = 4;

  private final PciBusLayer layer;

  FunctionProtocol(PciBusLayer layer) {
    this.layer = layer;
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "ReadMem" -> call -> bar(call, 24, false);
      case "WriteMem" -> call -> bar(call, 32, false);
      case "ReadIo" -> call -> bar(call, 40, true);
      case "WriteIo" -> call -> bar(call, 48, true);
      case "ReadPci" -> call -> configuration(call, 56);
      case "WritePci" -> call -> configuration(call, 64);
      case "Map" -> call -> root(call, 80);
      case "Unmap" -> call -> root(call, 88);
      case "AllocateBuffer" -> call -> root(call, 96);
      case "FreeBuffer" -> call -> root(call, 104);
      case "Flush" -> call -> root(call, 112);
      case "GetLocation" -> this::location;
      case "Attributes" -> this::attributes;
      case "PollMem", "PollIo", "CopyMem", "GetBarAttributes", "SetBarAttributes" -> call -> EfiStep.done(EfiStatus.UNSUPPORTED);
      default -> null;
    };
  }

  private long[] numbers(Call call) {
    return call.firmware().numbers(layer, call.argument(0));
  }

  /** Calls the root bridge's function of the same arguments. */
  private EfiStep root(Call call, int function) {
    long root = numbers(call)[ROOT];
    return call.step() != 0 ? EfiStep.done(call.result()) : EfiStep.call(1, call.firmware().memory().get64(root + function), root, call
        .argument(1), call.argument(2), call.argument(3), call.argument(4), call.argument(5));
  }

  /** Arguments: this, width, BAR, offset, count, buffer. */
  private EfiStep bar(Call call, int function, boolean io) {
    if (call.step() != 0) {
      return EfiStep.done(call.result());
    }
    long[] numbers = numbers(call);
    int bar = (int) call.argument(2) & 0xFF;
    long offset = call.argument(3);
    long count = call.argument(4);
    if (bar >= MOST_BARS || numbers[BARS + 2 * bar + 1] == 0 || (numbers[BARS + 2 * bar + 1] & 1) != 0 != io) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    long size = numbers[BARS + 2 * bar + 1] & ~1L;
    if (offset < 0 || count < 0 || count > size || offset > size - count * PciAccess.size(call.argument(1))) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    return EfiStep.call(1, call.firmware().memory().get64(numbers[ROOT] + function), numbers[ROOT], call.argument(1), numbers[BARS + 2
        * bar]
        + offset, count, call.argument(5));
  }

  /** Arguments: this, width, offset, count, buffer. */
  private EfiStep configuration(Call call, int function) {
    if (call.step() != 0) {
      return EfiStep.done(call.result());
    }
    long[] numbers = numbers(call);
    long offset = call.argument(2) & 0xFFFF_FFFFL;
    long count = call.argument(3);
    if (count < 0 || count > 4096 || offset + count * PciAccess.size(call.argument(1)) > 4096) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    return EfiStep.call(1, call.firmware().memory().get64(numbers[ROOT] + function), numbers[ROOT], call.argument(1), FunctionTable.place(
        numbers[ADDRESS], offset), count, call.argument(4));
  }

  private EfiStep location(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = numbers(call);
    memory.put64(call.argument(1), memory.get32(numbers[ROOT] + 144));
    memory.put64(call.argument(2), numbers[ADDRESS] >>> 8);
    memory.put64(call.argument(3), numbers[ADDRESS] >>> 3 & 31);
    memory.put64(call.argument(4), numbers[ADDRESS] & 7);
    return EfiStep.done();
  }

  /** Arguments: this, operation, attributes, result. Number 0 is room. */
  private EfiStep attributes(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = numbers(call);
    int operation = (int) call.argument(1);
    if (operation == SUPPORTED && call.argument(3) != 0) {
      memory.put64(call.argument(3), ATTRIBUTES);
      return EfiStep.done();
    }
    if (operation < GET || operation > DISABLE || operation == GET && call.argument(3) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (operation != GET && (call.argument(2) & ~ATTRIBUTES) != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    if (call.step() == 0) {
      call.set(0, call.room(16));
      return EfiStep.call(1, memory.get64(numbers[ROOT] + 56), numbers[ROOT], PciAccess.WIDTH_16, FunctionTable.place(numbers[ADDRESS],
          COMMAND), 1, call.get(0));
    }
    if (call.step() == 2 || call.result() != 0) {
      return EfiStep.done(call.result());
    }
    long command = memory.get16(call.get(0));
    long bits = call.argument(2) >>> ATTRIBUTE_SHIFT;
    if (operation == GET) {
      memory.put64(call.argument(3), command << ATTRIBUTE_SHIFT & ATTRIBUTES);
      return EfiStep.done();
    }
    memory.put16(call.get(0), switch (operation) {
      case SET -> command & ~7 | bits;
      case ENABLE -> command | bits;
      default -> command & ~bits;
    });
    return EfiStep.call(2, memory.get64(numbers[ROOT] + 64), numbers[ROOT], PciAccess.WIDTH_16, FunctionTable.place(numbers[ADDRESS],
        COMMAND),
        1, call.get(0));
  }
}
