// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ns16550;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.InterfaceNumbers;
import org.xenolith.efi.boot.kit.SerialInterface;
import org.xenolith.efi.boot.kit.TreeDevice;
import org.xenolith.efi.boot.kit.TreeDriverLayer;

/**
 * EFI_SERIAL_IO_PROTOCOL (UEFI 2.10, 12.8) on the 16550s that the device tree has (PC16550D, 8; devicetree binding {@code serial/8250}): polled,
 * without interrupts. The rate stays as it is; characters have eight bits.
 */
final class Ns16550SerialLayer extends TreeDriverLayer {
  /** What tells that a handle is a 16550: its interface is the registers' address. */
  static final EfiGuid NS16550 = EfiGuid.of("2f8f9b1e-51a0-4c0c-8f3c-9d2b7ce0a641");
  private static final int DATA = 0;
  private static final int INTERRUPTS = 1;
  private static final int FIFO_CONTROL = 2;
  private static final int LINE_CONTROL = 3;
  private static final int MODEM_CONTROL = 4;
  private static final int LINE_STATUS = 5;
  private static final int DATA_READY = 1;
  private static final int TRANSMITTER_EMPTY = 1 << 5;
  private static final int FIFO_ENABLED = 1;
  private static final int EIGHT_BITS = 3;
  /** Data terminal ready, request to send. */
  private static final int READY = 3;
  private static final int FIFO = 16;
  private static final int MOST_SHIFT = 3;
  private static final int MOST_WIDTH = 4;
  /** A transmitter that isn't empty is looked at again after so many microseconds: one character at 115200 bit/s. */
  private static final long CHARACTER = 87;
  /** Looks until a transmitter is taken for dead: more than the FIFO's characters take at 1200 bit/s. */
  private static final long MOST_LOOKS = 2048;
  // Numbers of the protocol.
  private static final int REGISTERS = 0;
  private static final int SHIFT = 1;
  private static final int WIDTH = 2;
  private static final int NUMBERS = 3;
  /** Numbers of Read and Write: characters that are done, looks in vain. */
  private enum Slot {
    DONE, LOOKS
  }

  /** Number of Start: where the registers are. */
  private enum StartSlot {
    REGISTERS
  }

  /** Steps of Write: the line's status is read, looked at, and characters are written. */
  private enum Writing {
    BEGIN, LOOK, NEXT
  }

  /** Steps of Read: the line's status is read, looked at, and each character is kept that is there. */
  private enum Reading {
    BEGIN, LOOK, KEEP
  }

  Ns16550SerialLayer() {
    super(NS16550, Protocol.SERIAL_IO, "ns16550a", "ns16550", "snps,dw-apb-uart");
  }

  @Override
  public String name() {
    return "efi.ns16550";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  protected String title() {
    return "16550 Serial Driver";
  }

  /** Only registers that can be reached as the tree says: byte or word, least significant byte first. */
  @Override
  protected void install(Firmware firmware, long handle, TreeDevice device) {
    int shift = TreeDevice.cell(device.node(), "reg-shift", 0);
    int width = TreeDevice.cell(device.node(), "reg-io-width", 1);
    if (shift < 0 || shift > MOST_SHIFT || width < 1 || width > MOST_WIDTH || Integer.bitCount(width) != 1 || width > 1 << shift || device
        .node().has("big-endian") || device.size() < 8L << shift) {
      firmware.report("UART " + device.path() + ": registers of " + width + " bytes, each " + (1L << (shift & 31))
          + " behind the last, in 0x"
          + Long.toHexString(device.size()) + " bytes aren't driven; reg-shift, reg-io-width and reg say so");
      return;
    }
    super.install(firmware, handle, device);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    long registers = call.isAt(AskOnce.ASK) ? open(call, driver, controller, NS16550) : call.get(StartSlot.REGISTERS);
    TreeDevice device = device(firmware.tree(), registers);
    long[] numbers = {registers, TreeDevice.cell(device.node(), "reg-shift", 0), TreeDevice.cell(device.node(), "reg-io-width", 1)};
    if (call.isAt(AskOnce.ASK)) {
      call.set(StartSlot.REGISTERS, registers);
      return EfiStep.touch(AskOnce.ANSWERED, write(numbers, LINE_CONTROL, EIGHT_BITS), write(numbers, INTERRUPTS, 0), write(numbers,
          FIFO_CONTROL,
          FIFO_ENABLED), write(numbers, MODEM_CONTROL, READY));
    }
    long serial = firmware.interfaceMemory(this, SerialInterface.SIZE, NUMBERS);
    System.arraycopy(numbers, 0, firmware.numbers(this, serial), 0, NUMBERS);
    SerialInterface.write(firmware.memory(), serial, FIFO);
    pointers(firmware, serial + SerialInterface.FUNCTIONS, SerialInterface.functions());
    firmware.handles().install(controller, Protocol.SERIAL_IO, serial);
    return EfiStep.done();
  }

  private static EfiAccess read(long[] numbers, int register) {
    return EfiAccess.read((int) numbers[WIDTH], numbers[REGISTERS] + ((long) register << numbers[SHIFT]));
  }

  private static EfiAccess write(long[] numbers, int register, long value) {
    return EfiAccess.write((int) numbers[WIDTH], numbers[REGISTERS] + ((long) register << numbers[SHIFT]), value);
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

  private long[] numbers(Call call) {
    return InterfaceNumbers.of(call, this, NUMBERS);
  }

  private EfiStep getControl(Call call) {
    long[] numbers = numbers(call);
    if (call.isAt(AskOnce.ASK)) {
      return EfiStep.touch(AskOnce.ANSWERED, read(numbers, LINE_STATUS));
    }
    call.firmware().memory().put32(call.argument(1), ((call.accessed(0) & TRANSMITTER_EMPTY) != 0 ? SerialInterface.OUTPUT_EMPTY : 0)
        | ((call.accessed(0) & DATA_READY) == 0 ? SerialInterface.INPUT_EMPTY : 0));
    return EfiStep.done();
  }

  /** When the transmitter is empty its FIFO takes sixteen characters; the line's status is read with them. */
  private EfiStep write(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = numbers(call);
    long size = memory.get64(call.argument(1));
    long done = call.get(Slot.DONE);
    if (done >= size || size < 0) {
      return EfiStep.done();
    }
    if (!call.isAt(Writing.LOOK)) {
      return EfiStep.touch(Writing.LOOK, read(numbers, LINE_STATUS));
    }
    if ((call.accessed(0) & TRANSMITTER_EMPTY) == 0) {
      call.set(Slot.LOOKS, call.get(Slot.LOOKS) + 1);
      if (call.get(Slot.LOOKS) > MOST_LOOKS) {
        memory.put64(call.argument(1), done);
        return EfiStep.done(EfiStatus.TIMEOUT);
      }
      return new EfiStep.Wait(Writing.NEXT, call.firmware().after(CHARACTER));
    }
    byte[] text = memory.read(call.argument(2) + done, (int) Math.min(FIFO, size - done));
    List<EfiAccess> accesses = new ArrayList<>(text.length);
    for (byte each : text) {
      accesses.add(write(numbers, DATA, each & 0xFF));
    }
    call.set(Slot.DONE, done + text.length);
    call.set(Slot.LOOKS, 0);
    return new EfiStep.Post(Writing.NEXT, accesses);
  }

  /** Gives what is there: nothing is waited for. */
  private EfiStep read(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = numbers(call);
    long size = memory.get64(call.argument(1));
    if (call.argument(2) == 0) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "no buffer");
    }
    if (call.isAt(Reading.BEGIN)) {
      return size == 0 ? EfiStep.done() : EfiStep.touch(Reading.LOOK, read(numbers, LINE_STATUS));
    }
    long status = call.accessed(call.isAt(Reading.KEEP) ? 1 : 0);
    if (call.isAt(Reading.KEEP)) {
      memory.put8(call.argument(2) + call.get(Slot.DONE), call.accessed(0));
      call.set(Slot.DONE, call.get(Slot.DONE) + 1);
    }
    if (call.get(Slot.DONE) < size && (status & DATA_READY) != 0) {
      return EfiStep.touch(Reading.KEEP, read(numbers, DATA), read(numbers, LINE_STATUS));
    }
    memory.put64(call.argument(1), call.get(Slot.DONE));
    return EfiStep.done(call.get(Slot.DONE) == size ? EfiStatus.SUCCESS : EfiStatus.TIMEOUT);
  }
}
