// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pci.rogue;

import static org.xenolith.hw.pci.rogue.RogueRegister.ADDRESS;
import static org.xenolith.hw.pci.rogue.RogueRegister.COMMAND;
import static org.xenolith.hw.pci.rogue.RogueRegister.DATA;
import static org.xenolith.hw.pci.rogue.RogueRegister.REFUSED;
import static org.xenolith.hw.pci.rogue.RogueRegister.STATUS;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.api.PciError;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFile;

/**
 * An endpoint whose driver decides what it does to memory: any address, any value. What is between it and memory, an SMMU or
 * nothing, is what a test looks at. It has a second BAR with bytes to keep.
 */
final class Rogue implements DeviceModel, PciDevice {
  /** Ids that nobody uses: 0x1B36 is Red Hat's, for devices of emulators (QEMU, docs/specs/pci-ids), of which 0x00F0 up are free. */
  private static final int VENDOR = 0x1B36;
  private static final int DEVICE = 0x00F0;
  private static final int UNCLASSIFIED = 0xFF_0000;
  private static final int REGISTERS = 0;
  private static final int BYTES = 2;
  private static final int SIZE = 4096;
  private static final int VECTORS = 4;

  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int MESSAGE = 3;
  private static final int PIN_UP = 4;
  private static final int PIN_DOWN = 5;
  private static final int CORRECTABLE = 6;
  private static final int UNCORRECTABLE = 7;
  private static final int WAKE = 8;

  private static final int DONE = 1;
  private static final int NOT_DONE = 2;
  private static final int UNKNOWN = 3;

  private final DeviceState state = new DeviceState();
  private final PciEndpoint pci;
  private final RegisterFile<RogueRegister> registers;
  private final byte[] bytes = state.bytes("bytes", SIZE);

  Rogue(DeviceContext context) {
    pci = new PciEndpoint(context, state, ConfigTable.endpoint(VENDOR, DEVICE, UNCLASSIFIED, 1).pin(1)
        .bar(REGISTERS, BarKind.MEMORY32, SIZE).bar(BYTES, BarKind.PREFETCHABLE64, SIZE).bar(4, BarKind.MEMORY32, SIZE)
        .capability(Capability.powerManagement(false, true)).capability(Capability.msix(VECTORS, 4, 0, SIZE / 2))
        .capability(Capability.express(Capability.Express.ENDPOINT)).capability(Capability.advancedErrors(false)).build(), this);
    registers = state.registers("registers", RogueRegister.class, context.faults()).onWrite(COMMAND, this::execute);
  }

  /** Command in bits 7:0; bits 15:8 are the size of an access in bytes, the vector of a message, or the bit of an error. */
  private void execute(long command) {
    int operand = (int) (command >>> 8 & 0xFF);
    try {
      registers.set(STATUS, done((int) (command & 0xFF), operand) ? DONE : UNKNOWN);
    } catch (ExternalAbort refused) {
      registers.set(STATUS, NOT_DONE);
      registers.set(REFUSED, registers.get(REFUSED) + 1);
    }
  }

  private boolean done(int command, int operand) {
    boolean sized = operand == 1 || operand == 2 || operand == 4 || operand == 8;
    switch (command) {
      case READ -> {
        if (sized) {
          registers.set(DATA, pci.dma().read(registers.get(ADDRESS), operand));
        }
        return sized;
      }
      case WRITE -> {
        if (sized) {
          pci.dma().write(registers.get(ADDRESS), operand, registers.get(DATA));
        }
        return sized;
      }
      case MESSAGE -> pci.message(operand);
      case PIN_UP, PIN_DOWN -> pci.pin(command == PIN_UP);
      case CORRECTABLE, UNCORRECTABLE -> {
        return error(command == CORRECTABLE, operand);
      }
      case WAKE -> pci.wake();
      default -> {
        return false;
      }
    }
    return true;
  }

  /** By the error's bit in its status register. */
  private boolean error(boolean correctable, int bit) {
    for (PciError error : PciError.values()) {
      if (error.correctable() == correctable && bit < Integer.SIZE && error.mask() == 1 << bit) {
        pci.error(error);
        return true;
      }
    }
    return false;
  }

  @Override
  public long readBar(int bar, long offset, int size) {
    if (bar == REGISTERS) {
      return size == 8 ? registers.read64(offset) : registers.read(offset & ~3L) >>> (offset & 3) * 8;
    }
    long value = 0;
    for (int i = 0; bar == BYTES && i < size; i++) {
      value |= (bytes[(int) offset + i] & 0xFFL) << 8 * i;
    }
    return value;
  }

  @Override
  public void writeBar(int bar, long offset, int size, long value) {
    if (bar == REGISTERS) {
      if (size == 8) {
        registers.write64(offset, value);
      } else if (size == 4) {
        registers.write(offset, value);
      }
      return;
    }
    for (int i = 0; bar == BYTES && i < size; i++) {
      bytes[(int) offset + i] = (byte) (value >>> 8 * i);
    }
  }

  @Override
  public void functionReset() {
    for (RogueRegister register : RogueRegister.values()) {
      registers.set(register, register.spec().reset());
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    pci.reset();
  }

  @Override
  public void restored() {
    pci.restored();
  }

  @Override
  public void removed() {
    pci.removed();
  }
}
