// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenconsole;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.InterfaceNumbers;
import org.xenolith.efi.boot.kit.SerialInterface;
import org.xenolith.efi.boot.kit.TreeDriverLayer;
import org.xenolith.efi.boot.kit.XenCalls;
import org.xenolith.xen.abi.HvmParam;

/** EFI_SERIAL_IO_PROTOCOL (UEFI 2.10, 12.8) on the PV console that a domain was made with (Xen, {@code io/console.h}): polled. */
final class XenConsoleLayer extends TreeDriverLayer {
  /** Tells that a handle is the console of a domain. */
  static final EfiGuid CONSOLE = EfiGuid.of("2b6f0c4e-71a5-4f0e-9d35-6f2b8a3c9e10");
  // The ring's page.
  static final int IN_SIZE = 1024;
  static final int OUT_SIZE = 2048;
  static final int IN_CONS = 3072;
  static final int IN_PROD = 3076;
  static final int OUT_CONS = 3080;
  static final int OUT_PROD = 3084;
  /** Numbers of an interface. */
  private static final int NUMBERS = 2;
  private static final int OUT = 1024;
  private static final int PAGE_SHIFT = 12;
  private static final long PAUSE = 1000;
  /** Pauses in which nobody takes what is written. */
  private static final int PATIENCE = 500;
  // Numbers of the protocol.
  private static final int RING = 0;
  private static final int PORT = 1;
  /** Numbers of calls: characters that are done, or what Read returns; memory for hypercalls; how often it was waited. */
  private enum Slot {
    DONE, ROOM, WAITED
  }

  private enum Writing {
    BEGIN, NEXT
  }

  XenConsoleLayer() {
    super(CONSOLE, Protocol.SERIAL_IO, "xen,xen", "xen,pvh");
  }

  @Override
  public String name() {
    return "efi.xenconsole";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  protected String title() {
    return "Xen Console Driver";
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.isAt(AskOnce.ASK)) {
      open(call, driver, controller, CONSOLE);
      long room = call.room(2 * XenCalls.ROOM);
      call.set(Slot.ROOM, room);
      return EfiStep.touch(AskOnce.ANSWERED, XenCalls.getParameter(memory, room, HvmParam.HVM_PARAM_CONSOLE_PFN), XenCalls.getParameter(
          memory, room
              + XenCalls.ROOM, HvmParam.HVM_PARAM_CONSOLE_EVTCHN));
    }
    long page = XenCalls.parameter(memory, call.get(Slot.ROOM)) << PAGE_SHIFT;
    long port = XenCalls.parameter(memory, call.get(Slot.ROOM) + XenCalls.ROOM);
    if (call.accessed(0) != 0 || call.accessed(1) != 0 || page == 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    long serial = firmware.interfaceMemory(this, SerialInterface.SIZE, NUMBERS);
    firmware.numbers(this, serial)[RING] = page;
    firmware.numbers(this, serial)[PORT] = port;
    SerialInterface.write(memory, serial, IN_SIZE);
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

  private long[] numbers(Call call) {
    return InterfaceNumbers.of(call, this, NUMBERS);
  }

  private EfiStep getControl(Call call) {
    EfiRam memory = call.firmware().memory();
    long ring = numbers(call)[RING];
    memory.put32(call.argument(1), SerialInterface.OUTPUT_EMPTY | (waiting(memory, ring) == 0 ? SerialInterface.INPUT_EMPTY : 0));
    return EfiStep.done();
  }

  /** Characters that nobody has read; none of a ring that makes no sense. */
  private static long waiting(EfiRam memory, long ring) {
    long count = memory.get32(ring + IN_PROD) - memory.get32(ring + IN_CONS) & 0xFFFF_FFFFL;
    return count > IN_SIZE ? 0 : count;
  }

  private EfiStep write(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = numbers(call);
    long ring = numbers[RING];
    long size = memory.get64(call.argument(1));
    if (call.isAt(Writing.BEGIN)) {
      call.set(Slot.ROOM, call.room(XenCalls.ROOM));
    }
    long done = call.get(Slot.DONE);
    if (done >= size) {
      return EfiStep.done();
    }
    long prod = memory.get32(ring + OUT_PROD);
    long used = prod - memory.get32(ring + OUT_CONS) & 0xFFFF_FFFFL;
    if (used > OUT_SIZE) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    int piece = (int) Math.min(OUT_SIZE - used, size - done);
    if (piece == 0) {
      if (call.get(Slot.WAITED) == PATIENCE) {
        memory.put64(call.argument(1), done);
        return EfiStep.done(EfiStatus.TIMEOUT);
      }
      call.set(Slot.WAITED, call.get(Slot.WAITED) + 1);
      return new EfiStep.Wait(Writing.NEXT, call.firmware().after(PAUSE));
    }
    byte[] text = memory.read(call.argument(2) + done, piece);
    for (int i = 0; i < piece; i++) {
      memory.put8(ring + OUT + (prod + i) % OUT_SIZE, text[i]);
    }
    memory.put32(ring + OUT_PROD, prod + piece & 0xFFFF_FFFFL);
    call.set(Slot.DONE, done + piece);
    call.set(Slot.WAITED, 0);
    return EfiStep.touch(Writing.NEXT, XenCalls.send(memory, call.get(Slot.ROOM), numbers[PORT]));
  }

  /** Gives what is there: nothing is waited for. */
  private EfiStep read(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = numbers(call);
    long ring = numbers[RING];
    if (!call.isAt(AskOnce.ASK)) {
      return EfiStep.done(call.get(Slot.DONE));
    }
    long size = memory.get64(call.argument(1));
    if (call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long there = Math.min(waiting(memory, ring), Math.max(0, size));
    long cons = memory.get32(ring + IN_CONS);
    for (int i = 0; i < there; i++) {
      memory.put8(call.argument(2) + i, memory.get8(ring + (cons + i) % IN_SIZE));
    }
    memory.put64(call.argument(1), there);
    call.set(Slot.DONE, (there == size ? EfiStatus.SUCCESS : EfiStatus.TIMEOUT).code());
    if (there == 0) {
      return EfiStep.done(call.get(Slot.DONE));
    }
    memory.put32(ring + IN_CONS, cons + there & 0xFFFF_FFFFL);
    return EfiStep.touch(AskOnce.ANSWERED, XenCalls.send(memory, call.room(XenCalls.ROOM), numbers[PORT]));
  }
}
