// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pl011;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.InterfaceNumbers;
import org.xenolith.efi.boot.kit.SerialInterface;
import org.xenolith.efi.boot.kit.TreeDevice;
import org.xenolith.efi.boot.kit.TreeDriverLayer;
import org.xenolith.fdt.Fdt;

/**
 * EFI_SERIAL_IO_PROTOCOL (UEFI 2.10, 12.8) on the PL011s that the device tree has (Arm DDI 0183G, 3.2): polled, without interrupts. Line
 * settings stay as they are.
 */
final class Pl011SerialLayer extends TreeDriverLayer {
  /** What tells that a handle is a PL011: its interface is the registers' address. */
  static final EfiGuid PL011 = EfiGuid.of("d3987d4b-971a-435f-8caf-4967eb627241");
  /** Numbers of an interface. */
  private static final int NUMBERS = 1;
  private static final int DATA = 0x00;
  private static final int FLAGS = 0x18;
  private static final int TRANSMIT_FULL = 1 << 5;
  private static final int RECEIVE_EMPTY = 1 << 4;
  private static final int CONTROL = 0x30;
  /** UART, transmission and reception enabled. */
  private static final int ENABLED = 0x301;
  private static final int FIFO = 32;
  /** Characters that are written in one list of accesses. */
  private static final int PIECE = 96;

  /** Number of Start: where the registers are. */
  private enum StartSlot {
    REGISTERS
  }

  /** Number of Read and Write: characters that are done. */
  private enum Slot {
    DONE
  }

  private enum Writing {
    BEGIN, NEXT
  }

  /** Steps of Read: the flags are read, looked at, and each character is kept that is there. */
  private enum Reading {
    BEGIN, LOOK, KEEP;

    private static final Reading[] ALL = values();
  }

  Pl011SerialLayer() {
    super(PL011, "arm,pl011", Protocol.SERIAL_IO);
  }

  @Override
  public String name() {
    return "efi.pl011";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  protected String title() {
    return "PL011 Serial Driver";
  }

  /** The line has a node of its own, as edk2 has it. */
  @Override
  protected DevicePath path(Fdt tree, TreeDevice device) {
    return super.path(tree, device).uart(SerialInterface.BAUD, SerialInterface.DATA_BITS);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    if (call.isAt(AskOnce.ASK)) {
      long registers = open(call, driver, controller, PL011);
      call.set(StartSlot.REGISTERS, registers);
      return EfiStep.touch(AskOnce.ANSWERED, EfiAccess.write(4, registers + CONTROL, ENABLED));
    }
    long serial = firmware.interfaceMemory(this, SerialInterface.SIZE, NUMBERS);
    firmware.numbers(this, serial)[0] = call.get(StartSlot.REGISTERS);
    EfiRam memory = firmware.memory();
    SerialInterface.write(memory, serial, FIFO);
    pointers(firmware, serial + SerialInterface.FUNCTIONS, SerialInterface.functions());
    firmware.handles().install(controller, Protocol.SERIAL_IO, serial);
    return EfiStep.done();
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "Reset", "SetAttributes", "SetControl" -> nothingToDo(NUMBERS);
      case "GetControl" -> this::getControl;
      case "Write" -> this::write;
      case "Read" -> this::read;
      default -> null;
    };
  }

  private long registers(Call call) {
    return InterfaceNumbers.of(call, this, NUMBERS)[0];
  }

  private EfiStep getControl(Call call) {
    long registers = registers(call);
    if (call.isAt(AskOnce.ASK)) {
      return EfiStep.touch(AskOnce.ANSWERED, EfiAccess.read(4, registers + FLAGS));
    }
    call.firmware().memory().put32(call.argument(1), SerialInterface.OUTPUT_EMPTY | ((call.accessed(0) & RECEIVE_EMPTY) != 0
        ? SerialInterface.INPUT_EMPTY : 0));
    return EfiStep.done();
  }

  private EfiStep write(Call call) {
    EfiRam memory = call.firmware().memory();
    long registers = registers(call);
    long size = memory.get64(call.argument(1));
    long done = call.get(Slot.DONE);
    if (done >= size) {
      return EfiStep.done();
    }
    byte[] text = memory.read(call.argument(2) + done, (int) Math.min(PIECE, size - done));
    List<EfiAccess> accesses = new ArrayList<>(2 * text.length);
    for (byte each : text) {
      accesses.add(EfiAccess.untilClear(4, registers + FLAGS, TRANSMIT_FULL));
      accesses.add(EfiAccess.write(4, registers + DATA, each & 0xFF));
    }
    call.set(Slot.DONE, done + text.length);
    return new EfiStep.Post(Writing.NEXT, accesses);
  }

  /** Gives what is there: nothing is waited for. */
  private EfiStep read(Call call) {
    EfiRam memory = call.firmware().memory();
    long registers = registers(call);
    long size = memory.get64(call.argument(1));
    if (call.argument(2) == 0) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "no buffer");
    }
    switch (call.step(Reading.ALL)) {
      case BEGIN -> {
        return size == 0 ? EfiStep.done() : EfiStep.touch(Reading.LOOK, EfiAccess.read(4, registers + FLAGS));
      }
      case LOOK -> {
        if ((call.accessed(0) & RECEIVE_EMPTY) == 0) {
          return EfiStep.touch(Reading.KEEP, EfiAccess.read(4, registers + DATA), EfiAccess.read(4, registers + FLAGS));
        }
      }
      default -> {
        memory.put8(call.argument(2) + call.get(Slot.DONE), call.accessed(0));
        call.set(Slot.DONE, call.get(Slot.DONE) + 1);
        if (call.get(Slot.DONE) < size && (call.accessed(1) & RECEIVE_EMPTY) == 0) {
          return EfiStep.touch(Reading.KEEP, EfiAccess.read(4, registers + DATA), EfiAccess.read(4, registers + FLAGS));
        }
      }
    }
    memory.put64(call.argument(1), call.get(Slot.DONE));
    return EfiStep.done(call.get(Slot.DONE) == size ? EfiStatus.SUCCESS : EfiStatus.TIMEOUT);
  }
}
