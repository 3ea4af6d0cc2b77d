// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.terminal;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DriverLayer;

/** Text input and output on EFI_SERIAL_IO_PROTOCOL: makes a child of the line with both protocols. */
final class TerminalLayer extends DriverLayer {
  /** A terminal with VT100's sequences and UTF-8 (UEFI 2.10, 10.3.4.7: VT_UTF8). */
  private static final EfiGuid VT_UTF8 = EfiGuid.of("ad15a0d6-8bec-4acf-a073-d01de77e2d88");
  private static final int NOTIFY_WAIT = 0x100;
  private static final int TPL_NOTIFY = 16;

  private final TextOutput output = new TextOutput(this);
  /** Numbers of Start: the interfaces, memory for the event. */
  private enum Slot {
    INPUT, OUTPUT, ROOM
  }

  private final TextInput input = new TextInput(this);

  @Override
  public String name() {
    return "efi.terminal";
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  protected String title() {
    return "Serial Terminal Driver";
  }

  void write(Firmware firmware, long address, String... names) {
    pointers(firmware, address, names);
  }

  @Override
  public EfiGuid managed() {
    return Protocol.SERIAL_IO;
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    tryOpen(call, driver, controller, Protocol.SERIAL_IO);
    return EfiStep.done();
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    HandleDatabase handles = firmware.handles();
    if (call.isAt(AskOnce.ASK)) {
      long serial = open(call, driver, controller, Protocol.SERIAL_IO);
      call.set(Slot.INPUT, input.make(firmware, serial));
      call.set(Slot.OUTPUT, output.make(firmware, serial));
      call.set(Slot.ROOM, call.room(16));
      return EfiStep.call(AskOnce.ANSWERED, firmware.service(BootService.CREATE_EVENT), NOTIFY_WAIT, TPL_NOTIFY, firmware.function(this,
          "KeyNotify"), call.get(Slot.INPUT), call.get(Slot.ROOM));
    }
    if (call.result() < 0) {
      throw new EfiError(EfiStatus.of(call.result()), "no event for keys");
    }
    input.event(firmware, call.get(Slot.INPUT), firmware.memory().get64(call.get(Slot.ROOM)));
    long parent = handles.find(controller, Protocol.DEVICE_PATH);
    DevicePath path = parent == 0 ? new DevicePath() : DevicePath.behind(DevicePath.read(firmware.memory(), parent));
    byte[] bytes = path.vendor(DevicePath.MESSAGING, VT_UTF8, new byte[0]).bytes();
    long at = firmware.interfaceMemory(this, bytes.length, 0);
    firmware.memory().write(at, bytes);
    long child = handles.install(0, Protocol.DEVICE_PATH, at);
    handles.install(child, Protocol.SIMPLE_TEXT_INPUT, call.get(Slot.INPUT));
    handles.install(child, Protocol.SIMPLE_TEXT_INPUT_EX, input.extended(firmware, call.get(Slot.INPUT)));
    handles.install(child, Protocol.SIMPLE_TEXT_OUTPUT, call.get(Slot.OUTPUT));
    handles.open(controller, Protocol.SERIAL_IO, driver, child, HandleDatabase.BY_CHILD_CONTROLLER);
    return EfiStep.done();
  }

  /** The event goes first; then nothing waits any more. */
  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    Firmware firmware = call.firmware();
    HandleDatabase handles = firmware.handles();
    if (children.length == 0) {
      close(call, driver, controller, Protocol.SERIAL_IO);
      return EfiStep.done();
    }
    long child = children[0];
    long in = handles.find(child, Protocol.SIMPLE_TEXT_INPUT);
    if (call.isAt(AskOnce.ASK)) {
      return EfiStep.call(AskOnce.ANSWERED, firmware.service(BootService.CLOSE_EVENT), input.event(firmware, in));
    }
    long out = handles.find(child, Protocol.SIMPLE_TEXT_OUTPUT);
    long extended = input.extended(firmware, in);
    long path = handles.find(child, Protocol.DEVICE_PATH);
    input.forgetNotifications(firmware, extended);
    handles.close(controller, Protocol.SERIAL_IO, driver, child);
    handles.uninstall(child, Protocol.SIMPLE_TEXT_INPUT_EX, extended);
    handles.uninstall(child, Protocol.SIMPLE_TEXT_INPUT, in);
    handles.uninstall(child, Protocol.SIMPLE_TEXT_OUTPUT, out);
    handles.uninstall(child, Protocol.DEVICE_PATH, path);
    for (long each : new long[] {extended, in, out, path}) {
      firmware.dropInterface(this, each);
    }
    return EfiStep.done();
  }

  @Override
  protected EfiFunction other(String name) {
    EfiFunction function = output.function(name);
    return function == null ? input.function(name) : function;
  }

  /** Writes bytes to a line; the result is the status. */
  static EfiStep send(Call call, Enum<?> next, long serial, byte[] bytes) {
    EfiRam memory = call.firmware().memory();
    long room = call.room(16 + bytes.length);
    memory.put64(room, bytes.length);
    memory.write(room + 16, bytes);
    return EfiStep.call(next, memory.get64(serial + 40), serial, room, room + 16);
  }
}
