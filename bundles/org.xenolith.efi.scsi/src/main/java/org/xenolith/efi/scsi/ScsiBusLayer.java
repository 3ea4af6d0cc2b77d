// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsi;

import java.util.Arrays;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.AlignedRoom;
import org.xenolith.efi.boot.kit.BusDriverLayer;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.ScsiPacket;

/** EFI_SCSI_IO_PROTOCOL (UEFI 2.10, 15.4) on a handle for each logical unit behind a host, whoever serves that. */
final class ScsiBusLayer extends BusDriverLayer {
  /** Bytes of a target's identity. */
  static final int TARGET = 16;
  // The protocol of a unit: six fields of 8 bytes, and the target's identity behind them.
  static final int TARGET_AT = 48;
  private static final int SIZE = TARGET_AT + TARGET;
  private static final int ALIGNMENT = 40;
  /** In a host's mode. */
  private static final int HOST_ALIGNMENT = 8;
  // Numbers of a unit.
  static final int HOST = 0;
  static final int LUN = 1;
  static final int TYPE = 2;
  static final int NUMBERS = 3;
  // Places of a host's functions.
  private static final int PASS_THRU = 8;
  private static final int NEXT_UNIT = 16;
  private static final int BUILD_PATH = 24;
  private static final int NEXT_TARGET = 56;
  /**
   * Numbers of Start: the host, memory for packets, whether there is a target whose LUN 0 isn't there, a unit's node of its path, INQUIRY's data and its
   * sense data, both aligned as the host wants it.
   */
  private enum Slot {
    PROTOCOL, ROOM, ABSENT, NODE, DATA, SENSE
  }

  // Room of Start: target, its address, LUN, address of a path, target whose LUN 0 isn't there, packet, command.
  private static final int TARGET_ADDRESS = 16;
  private static final int UNIT = 24;
  private static final int PATH = 32;
  private static final int ABSENT_AT = 40;
  private static final int PACKET = 64;
  private static final int COMMAND = 128;
  private static final int ROOM_SIZE = 144;
  private static final int INQUIRY = 0x12;
  private static final int INQUIRY_SIZE = 36;
  private static final int COMMAND_SIZE = 6;
  private static final int SENSE_SIZE = 18;
  private static final long TIMEOUT = 100_000_000;
  private static final int NODE_HEADER = 4;
  private static final int MOST_NODE = 256;

  /** Steps of Start: each unit that the host names, or the next target's first, is asked who it is; of one that is there the path is built, and given back. */
  private enum Step {
    BEGIN, SEE_UNIT, SEE_TARGET, SEE_INQUIRY, SEE_PATH, ADD;

    private static final Step[] ALL = values();
  }

  private final UnitFunctions functions = new UnitFunctions(this);

  ScsiBusLayer() {
    super(Protocol.EXT_SCSI_PASS_THRU, Protocol.SCSI_IO);
  }

  @Override
  public String name() {
    return "efi.scsi";
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  protected String title() {
    return "SCSI Bus Driver";
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    if (call.isAt(Step.BEGIN)) {
      call.set(Slot.PROTOCOL, open(call, driver, controller, Protocol.EXT_SCSI_PASS_THRU));
      call.set(Slot.ROOM, call.room(ROOM_SIZE));
      call.set(Slot.NODE, call.room(MOST_NODE));
      long alignment = memory.get32(memory.get64(call.get(Slot.PROTOCOL)) + HOST_ALIGNMENT);
      call.set(Slot.DATA, AlignedRoom.of(call, INQUIRY_SIZE, alignment));
      call.set(Slot.SENSE, AlignedRoom.of(call, SENSE_SIZE, alignment));
      memory.put64(call.get(Slot.ROOM) + TARGET_ADDRESS, call.get(Slot.ROOM));
      for (int i = 0; i < TARGET; i++) {
        memory.put8(call.get(Slot.ROOM) + i, 0xFF);
      }
      return nextUnit(call);
    }
    long host = call.get(Slot.PROTOCOL);
    long room = call.get(Slot.ROOM);
    return switch (call.step(Step.ALL)) {
      case SEE_UNIT -> {
        if (call.result() < 0) {
          yield EfiStep.done();
        }
        boolean absent = call.get(Slot.ABSENT) != 0 && Arrays.equals(memory.read(room, TARGET), memory.read(room + ABSENT_AT, TARGET));
        if (memory.get64(room + UNIT) != 0 && absent) {
          memory.put64(room + UNIT, 0);
          yield EfiStep.call(Step.SEE_TARGET, memory.get64(host + NEXT_TARGET), host, room + TARGET_ADDRESS);
        }
        yield inquire(call, host, room);
      }
      case SEE_TARGET -> call.result() < 0 ? EfiStep.done() : inquire(call, host, room);
      case SEE_INQUIRY -> {
        // Nobody answers, or no unit is there and none can be (SPC-5, 6.6.2).
        boolean there = call.result() >= 0 && memory.get8(room + PACKET + ScsiPacket.HOST_STATUS) == 0 && memory.get8(room + PACKET
            + ScsiPacket.TARGET_STATUS) == 0 && memory.get8(call.get(Slot.DATA)) >>> 5 == 0;
        if (!there && memory.get64(room + UNIT) == 0) {
          memory.write(room + ABSENT_AT, memory.read(room, TARGET));
          call.set(Slot.ABSENT, 1);
        }
        yield there ? EfiStep.call(Step.SEE_PATH, memory.get64(host + BUILD_PATH), host, room, memory.get64(room + UNIT), room + PATH)
            : nextUnit(call);
      }
      case SEE_PATH -> {
        if (call.result() < 0) {
          yield nextUnit(call);
        }
        // The path is given back before anything is made that may fail.
        int length = Math.clamp(memory.get16(memory.get64(room + PATH) + 2), NODE_HEADER, MOST_NODE);
        memory.write(call.get(Slot.NODE), memory.read(memory.get64(room + PATH), length));
        yield EfiStep.call(Step.ADD, firmware.service(BootService.FREE_POOL), memory.get64(room + PATH));
      }
      default -> {
        add(call, driver, controller, host, room);
        yield nextUnit(call);
      }
    };
  }

  private static EfiStep nextUnit(Call call) {
    long host = call.get(Slot.PROTOCOL);
    return EfiStep.call(Step.SEE_UNIT, call.firmware().memory().get64(host + NEXT_UNIT), host, call.get(Slot.ROOM) + TARGET_ADDRESS, call
        .get(Slot.ROOM) + UNIT);
  }

  private static EfiStep inquire(Call call, long host, long room) {
    EfiRam memory = call.firmware().memory();
    memory.clear(room + PACKET, ROOM_SIZE - PACKET);
    memory.clear(call.get(Slot.DATA), INQUIRY_SIZE);
    memory.put64(room + PACKET + ScsiPacket.TIMEOUT, TIMEOUT);
    memory.put64(ScsiPacket.data(room + PACKET, ScsiPacket.READ), call.get(Slot.DATA));
    memory.put32(ScsiPacket.length(room + PACKET, ScsiPacket.READ), INQUIRY_SIZE);
    memory.put64(room + PACKET + ScsiPacket.SENSE, call.get(Slot.SENSE));
    memory.put8(room + PACKET + ScsiPacket.SENSE_LENGTH, SENSE_SIZE);
    memory.put64(room + PACKET + ScsiPacket.COMMAND, room + COMMAND);
    memory.put8(room + PACKET + ScsiPacket.COMMAND_LENGTH, COMMAND_SIZE);
    memory.put8(room + COMMAND, INQUIRY);
    memory.put8(room + COMMAND + 4, INQUIRY_SIZE);
    return EfiStep.call(Step.SEE_INQUIRY, memory.get64(host + PASS_THRU), host, room, memory.get64(room + UNIT), room + PACKET, 0);
  }

  private void add(Call call, long driver, long controller, long host, long room) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long node = call.get(Slot.NODE);
    int length = Math.clamp(memory.get16(node + 2), NODE_HEADER, MOST_NODE);
    long unit = firmware.interfaceMemory(this, SIZE, NUMBERS);
    long[] numbers = firmware.numbers(this, unit);
    numbers[HOST] = host;
    numbers[LUN] = memory.get64(room + UNIT);
    numbers[TYPE] = memory.get8(call.get(Slot.DATA)) & 0x1F;
    pointers(firmware, unit, "GetDeviceType", "GetDeviceLocation", "ResetBus", "ResetDevice", "ExecuteScsiCommand");
    memory.put32(unit + ALIGNMENT, Math.max(1, memory.get32(memory.get64(host) + HOST_ALIGNMENT)));
    memory.write(unit + TARGET_AT, memory.read(room, TARGET));
    DevicePath path = path(firmware, controller).node(memory.get8(node), memory.get8(node + 1), memory.read(node + NODE_HEADER, length
        - NODE_HEADER));
    child(firmware, driver, controller, path, unit);
  }

  @Override
  protected EfiFunction other(String name) {
    return functions.function(name);
  }
}
