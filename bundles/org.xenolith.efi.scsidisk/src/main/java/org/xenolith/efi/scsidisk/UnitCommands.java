// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsidisk;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.AlignedRoom;
import org.xenolith.efi.boot.kit.ScsiPacket;

/**
 * One command of a unit, as a function of the layer: this, direction, data, its size, the command's size and bytes. What a unit says of itself since the
 * last command is no answer: it is asked again (SAM-5, 5.14).
 */
final class UnitCommands {
  private static final int EXECUTE = 32;
  private static final int COMMAND_AT = 64;
  private static final int SENSE_SIZE = 18;
  private static final int ROOM_SIZE = 80;
  private static final int MOST_ATTEMPTS = 500;
  private static final long PAUSE = 10_000;
  private static final long TIMEOUT = 100_000_000;
  private static final int GOOD = 0;
  private static final int BUSY = 8;
  private static final int FORMAT = 0x7F;
  private static final int DESCRIPTORS = 0x72;
  // Sense keys (SPC-5, 4.4.8) and additional codes.
  private static final int RECOVERED = 1;
  private static final int NOT_READY = 2;
  private static final int UNIT_ATTENTION = 6;
  private static final int DATA_PROTECT = 7;
  private static final int BECOMING_READY = 4;
  private static final int NO_MEDIUM = 0x3A;
  /** Numbers of the call: memory for a packet, how often it was sent, sense data, aligned as the unit wants it. */
  private enum Slot {
    ROOM, ATTEMPTS, SENSE
  }

  private enum Step {
    BEGIN, ANSWERED, SEND_AGAIN
  }

  private final ScsiDiskLayer layer;

  UnitCommands(ScsiDiskLayer layer) {
    this.layer = layer;
  }

  EfiStep next(Call call) {
    EfiRam memory = call.firmware().memory();
    long unit = call.firmware().numbers(layer, call.argument(0))[ScsiDiskLayer.UNIT];
    if (call.isAt(Step.BEGIN)) {
      call.firmware().numbers(layer, call.argument(0))[ScsiDiskLayer.SENSE] = 0;
      call.set(Slot.ROOM, call.room(ROOM_SIZE));
      call.set(Slot.SENSE, AlignedRoom.of(call, SENSE_SIZE, call.firmware().numbers(layer, call.argument(0))[ScsiDiskLayer.ALIGNMENT]));
    }
    long packet = call.get(Slot.ROOM);
    if (call.isAt(Step.ANSWERED)) {
      EfiStep step = answered(call, memory, packet);
      if (step != null) {
        return step;
      }
    }
    int direction = (int) call.argument(1);
    memory.clear(packet, ROOM_SIZE);
    memory.clear(call.get(Slot.SENSE), SENSE_SIZE);
    memory.put64(packet + ScsiPacket.TIMEOUT, TIMEOUT);
    memory.put64(ScsiPacket.data(packet, direction), call.argument(2));
    memory.put32(ScsiPacket.length(packet, direction), call.argument(3));
    memory.put8(packet + ScsiPacket.DIRECTION, direction);
    memory.put64(packet + ScsiPacket.SENSE, call.get(Slot.SENSE));
    memory.put8(packet + ScsiPacket.SENSE_LENGTH, SENSE_SIZE);
    memory.put64(packet + ScsiPacket.COMMAND, packet + COMMAND_AT);
    memory.put8(packet + ScsiPacket.COMMAND_LENGTH, call.argument(4));
    memory.put64(packet + COMMAND_AT, call.argument(5));
    memory.put64(packet + COMMAND_AT + 8, call.argument(6));
    return EfiStep.call(Step.ANSWERED, memory.get64(unit + EXECUTE), unit, packet, 0);
  }

  /** What the call has to do; null: to ask again. */
  private EfiStep answered(Call call, EfiRam memory, long packet) {
    int status = memory.get8(packet + ScsiPacket.TARGET_STATUS);
    call.set(Slot.ATTEMPTS, call.get(Slot.ATTEMPTS) + 1);
    boolean again = call.get(Slot.ATTEMPTS) < MOST_ATTEMPTS;
    if (call.result() < 0 && call.result() != EfiStatus.NOT_READY.code()) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    if (call.result() < 0 || status == BUSY) {
      return again ? pause(call) : EfiStep.done(EfiStatus.TIMEOUT);
    }
    if (status == GOOD) {
      // Less data than was asked for is no answer.
      int direction = memory.get8(packet + ScsiPacket.DIRECTION);
      boolean whole = memory.get8(packet + ScsiPacket.HOST_STATUS) == 0 && memory.get32(ScsiPacket.length(packet, direction)) == call
          .argument(3);
      return EfiStep.done(whole ? EfiStatus.SUCCESS : EfiStatus.DEVICE_ERROR);
    }
    long[] numbers = call.firmware().numbers(layer, call.argument(0));
    boolean descriptors = (memory.get8(call.get(Slot.SENSE)) & FORMAT) >= DESCRIPTORS;
    int key = memory.get8(call.get(Slot.SENSE) + (descriptors ? 1 : 2)) & 0xF;
    int code = memory.get8(call.get(Slot.SENSE) + (descriptors ? 2 : 12));
    numbers[ScsiDiskLayer.SENSE] = key << 8 | code;
    return switch (key) {
      case RECOVERED -> EfiStep.done();
      case UNIT_ATTENTION -> again ? null : EfiStep.done(EfiStatus.DEVICE_ERROR);
      case NOT_READY -> code == NO_MEDIUM ? EfiStep.done(EfiStatus.NO_MEDIA)
          : code == BECOMING_READY && again ? pause(call) : EfiStep.done(EfiStatus.DEVICE_ERROR);
      case DATA_PROTECT -> EfiStep.done(EfiStatus.WRITE_PROTECTED);
      default -> EfiStep.done(EfiStatus.DEVICE_ERROR);
    };
  }

  private static EfiStep pause(Call call) {
    return new EfiStep.Wait(Step.SEND_AGAIN, call.firmware().after(PAUSE));
  }
}
