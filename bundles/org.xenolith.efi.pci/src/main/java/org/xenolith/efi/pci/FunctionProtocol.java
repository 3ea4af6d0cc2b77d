// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.InterfaceNumbers;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.efi.boot.kit.PciPoll;

/** The functions of EFI_PCI_IO_PROTOCOL (UEFI 2.10, 14.4), by those of the root bridge. */
final class FunctionProtocol {
  /** Names in the protocol's order. */
  static final String[] NAMES = {"PollMem", "PollIo", "ReadMem", "WriteMem", "ReadIo", "WriteIo", "ReadPci", "WritePci", "CopyMem", "Map",
      "Unmap", "AllocateBuffer", "FreeBuffer", "Flush", "GetLocation", "Attributes", "GetBarAttributes", "SetBarAttributes"};
  static final int SIZE = 160;
  // Numbers of the protocol: the root bridge's, the function's address, six BARs with address, and size and kind.
  static final int ROOT = 0;
  static final int ADDRESS = 1;
  static final int BARS = 2;
  static final int NUMBERS = BARS + 12;
  private static final int COPY = 72;
  private static final int MAP = 80;
  private static final int ALLOCATE = 96;
  /** EFI_PCI_IO_PASS_THROUGH_BAR. */
  private static final int PASS_THROUGH = 0xFF;
  /** Kinds of mapping; a root bridge has more, for 64 bits. */
  private static final int OPERATIONS = 3;
  /** Attributes of buffers: that writes are combined, that they are cached. A root bridge has one more, for 64 bits. */
  private static final long BUFFER_ATTRIBUTES = 0x880;
  private static final long UNSIGNED = 0xFFFF_FFFFL;
  private static final int COMMAND = 4;
  /** EFI_PCI_IO_ATTRIBUTE_IO, _MEMORY, _BUS_MASTER are the command register's bits from bit 8 on. */
  private static final long ATTRIBUTES = 0x700;
  private static final int ATTRIBUTE_SHIFT = 8;
  private static final int GET = 0;
  private static final int SET = 1;
  private static final int ENABLE = 2;
  private static final int DISABLE = 3;
  private static final int SUPPORTED = 4;

  private enum AttributesStep {
    READ_COMMAND, WRITE_COMMAND, WRITTEN
  }

  /** Number of Attributes: memory for the command register. */
  private enum AttributesSlot {
    ROOM
  }

  private final PciBusLayer layer;
  private final BarDescription description;

  FunctionProtocol(PciBusLayer layer) {
    this.layer = layer;
    description = new BarDescription(layer);
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "ReadMem" -> call -> bar(call, 24, false);
      case "WriteMem" -> call -> bar(call, 32, false);
      case "ReadIo" -> call -> bar(call, 40, true);
      case "WriteIo" -> call -> bar(call, 48, true);
      case "ReadPci" -> call -> configuration(call, 56);
      case "WritePci" -> call -> configuration(call, 64);
      case "Map" -> this::map;
      case "Unmap" -> call -> root(call, 88);
      case "AllocateBuffer" -> this::allocate;
      case "FreeBuffer" -> call -> root(call, 104);
      case "Flush" -> call -> root(call, 112);
      case "GetLocation" -> this::location;
      case "Attributes" -> this::attributes;
      case "PollMem" -> call -> poll(call, 8, false);
      case "PollIo" -> call -> poll(call, 16, true);
      case "CopyMem" -> this::copy;
      case "GetBarAttributes" -> description::get;
      case "SetBarAttributes" -> description::set;
      default -> null;
    };
  }

  private long[] numbers(Call call) {
    return InterfaceNumbers.of(call, layer, NUMBERS);
  }

  /** Calls the root bridge's function of the same arguments. */
  private EfiStep root(Call call, int function) {
    long root = numbers(call)[ROOT];
    return !call.isAt(AskOnce.ASK) ? EfiStep.done(call.result()) : EfiStep.call(AskOnce.ANSWERED, call.firmware().memory().get64(root
        + function), root, call
            .argument(1), call.argument(2), call.argument(3), call.argument(4), call.argument(5));
  }

  /** Arguments: this, operation, address, bytes, device's address, mapping. */
  private EfiStep map(Call call) {
    return (call.argument(1) & UNSIGNED) >= OPERATIONS ? EfiStep.done(EfiStatus.INVALID_PARAMETER) : root(call, MAP);
  }

  /** Arguments: this, type, kind of memory, pages, address, attributes. */
  private EfiStep allocate(Call call) {
    return (call.argument(5) & ~BUFFER_ATTRIBUTES) != 0 ? EfiStep.done(EfiStatus.UNSUPPORTED) : root(call, ALLOCATE);
  }

  /** Arguments: this, width, BAR, offset, count, buffer. */
  private EfiStep bar(Call call, int function, boolean io) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result());
    }
    long[] numbers = numbers(call);
    long at = place(numbers, call.argument(2), io, call.argument(3), call.argument(1), call.argument(4));
    return at == -1 ? EfiStep.done(EfiStatus.UNSUPPORTED) : EfiStep.call(AskOnce.ANSWERED, call.firmware().memory().get64(numbers[ROOT]
        + function),
        numbers[ROOT], call.argument(1), at, call.argument(4), call.argument(5));
  }

  /**
   * Where the bus has registers of a BAR; -1 if the BAR hasn't them or is of the other kind, or they aren't at a multiple of the width. With the
   * BAR that passes through, the offset is an address, which the root bridge judges.
   */
  private static long place(long[] numbers, long index, boolean io, long offset, long width, long count) {
    long bytes = PciAccess.bytes(width, count);
    Bar bar = Bar.of(numbers, index);
    boolean passes = (index & 0xFF) == PASS_THROUGH;
    if (passes ? bytes < 0 : bar == null || bar.io() != io || !bar.has(offset, bytes)) {
      return -1;
    }
    long at = passes ? offset : bar.address() + offset;
    return PciAccess.isAligned(width, at) ? at : -1;
  }

  /** Arguments: this, width, BAR, offset, mask, value, delay, where the result goes. */
  private EfiStep poll(Call call, int function, boolean io) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result());
    }
    long[] numbers = numbers(call);
    long at = place(numbers, call.argument(2), io, call.argument(3), call.argument(1), 1);
    if (!PciPoll.mayBe(call.argument(1)) || call.argument(7) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    return at == -1 ? EfiStep.done(EfiStatus.UNSUPPORTED) : EfiStep.call(AskOnce.ANSWERED, call.firmware().memory().get64(numbers[ROOT]
        + function),
        numbers[ROOT], call.argument(1), at, call.argument(4), call.argument(5), call.argument(6), call.argument(7));
  }

  /** Arguments: this, width, BAR and offset of what is written, of what is read, count. */
  private EfiStep copy(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result());
    }
    long[] numbers = numbers(call);
    long to = place(numbers, call.argument(2), false, call.argument(3), call.argument(1), call.argument(6));
    long from = place(numbers, call.argument(4), false, call.argument(5), call.argument(1), call.argument(6));
    if (!PciPoll.mayBe(call.argument(1))) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    return to == -1 || from == -1 ? EfiStep.done(EfiStatus.UNSUPPORTED) : EfiStep.call(AskOnce.ANSWERED, call.firmware().memory().get64(
        numbers[ROOT]
            + COPY), numbers[ROOT], call.argument(1), to, from, call.argument(6));
  }

  /** Arguments: this, width, offset, count, buffer. */
  private EfiStep configuration(Call call, int function) {
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.result());
    }
    long[] numbers = numbers(call);
    long offset = call.argument(2) & UNSIGNED;
    long count = call.argument(3);
    long bytes = PciAccess.bytes(call.argument(1), count);
    if (bytes < 0 || bytes > 4096 || offset > 4096 - bytes || !PciAccess.isAligned(call.argument(1), offset)) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    return EfiStep.call(AskOnce.ANSWERED, call.firmware().memory().get64(numbers[ROOT] + function), numbers[ROOT], call.argument(1),
        FunctionTable.place(
            numbers[ADDRESS], offset), count, call.argument(4));
  }

  /** Arguments: this, where segment, bus, device and function go. */
  private EfiStep location(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = numbers(call);
    for (int i = 1; i <= 4; i++) {
      if (call.argument(i) == 0) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
    }
    memory.put64(call.argument(1), memory.get32(numbers[ROOT] + 144));
    memory.put64(call.argument(2), numbers[ADDRESS] >>> 8);
    memory.put64(call.argument(3), numbers[ADDRESS] >>> 3 & 31);
    memory.put64(call.argument(4), numbers[ADDRESS] & 7);
    return EfiStep.done();
  }

  /** Arguments: this, operation, attributes, result. */
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
    if (call.isAt(AttributesStep.READ_COMMAND)) {
      call.set(AttributesSlot.ROOM, call.room(16));
      return EfiStep.call(AttributesStep.WRITE_COMMAND, memory.get64(numbers[ROOT] + 56), numbers[ROOT], PciAccess.WIDTH_16, FunctionTable
          .place(numbers[ADDRESS],
              COMMAND), 1, call.get(AttributesSlot.ROOM));
    }
    if (call.isAt(AttributesStep.WRITTEN) || call.result() != 0) {
      return EfiStep.done(call.result());
    }
    long command = memory.get16(call.get(AttributesSlot.ROOM));
    long bits = call.argument(2) >>> ATTRIBUTE_SHIFT;
    if (operation == GET) {
      memory.put64(call.argument(3), command << ATTRIBUTE_SHIFT & ATTRIBUTES);
      return EfiStep.done();
    }
    memory.put16(call.get(AttributesSlot.ROOM), switch (operation) {
      case SET -> command & ~7 | bits;
      case ENABLE -> command | bits;
      default -> command & ~bits;
    });
    return EfiStep.call(AttributesStep.WRITTEN, memory.get64(numbers[ROOT] + 64), numbers[ROOT], PciAccess.WIDTH_16, FunctionTable.place(
        numbers[ADDRESS],
        COMMAND),
        1, call.get(AttributesSlot.ROOM));
  }
}
