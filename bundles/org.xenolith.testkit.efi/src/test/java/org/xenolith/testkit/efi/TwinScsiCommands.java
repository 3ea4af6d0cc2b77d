// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Arrays;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.kit.ScsiPacket;

/** What a twin of a SCSI host does with commands, besides what the kit's host does. */
final class TwinScsiCommands {
  private static final int TARGET_SIZE = 16;

  private final EfiRam memory;
  private final FakeFirmware firmware;
  private final FakeScsiUnit unit;
  private final ScsiHostDefect defect;
  private final long spare;
  private boolean dead;
  private int failures;

  TwinScsiCommands(FakeFirmware firmware, FakeScsiUnit unit, ScsiHostDefect defect) {
    this.firmware = firmware;
    this.unit = unit;
    this.defect = defect;
    memory = firmware.memory();
    spare = firmware.room(TARGET_SIZE);
  }

  /** Whether there is memory. */
  boolean there(long at, long size) {
    return TwinFunction.isMemory(firmware, at, size);
  }

  /** All commands fail from now on, if that is so. */
  void deaden(boolean so) {
    dead |= so;
  }

  /** Sends what never should have been sent. */
  private EfiStatus sends() {
    unit.execute(new byte[6], new byte[0], 0);
    return EfiStatus.SUCCESS;
  }

  /** What is done in the place of a command; null: the command is, as it is now. */
  EfiStatus before(long[] arguments) {
    long packet = arguments[3];
    if (!there(packet, ScsiPacket.SIZE)) {
      return defect == ScsiHostDefect.PACKET_ANYWHERE && packet != 0 ? sends() : null;
    }
    if (dead) {
      return EfiStatus.DEVICE_ERROR;
    }
    int direction = memory.get8(packet + ScsiPacket.DIRECTION) & 1;
    long length = memory.get32(ScsiPacket.length(packet, direction));
    long data = memory.get64(ScsiPacket.data(packet, direction));
    long block = memory.get64(packet + ScsiPacket.COMMAND);
    long sense = memory.get64(packet + ScsiPacket.SENSE);
    int size = memory.get8(packet + ScsiPacket.COMMAND_LENGTH);
    switch (defect) {
      case UNALIGNED_DATA_IS_SENT -> {
        return data % TwinScsiHostTest.ALIGNMENT != 0 && length != 0 ? sends() : null;
      }
      case UNALIGNED_SENSE_IS_FINE -> {
        return sense % TwinScsiHostTest.ALIGNMENT != 0 && there(sense, 1) ? sends() : null;
      }
      case COMMAND_IS_CUT -> memory.put8(packet + ScsiPacket.COMMAND_LENGTH, size == 16 ? 12 : size);
      case LONG_COMMAND_IS_CUT -> memory.put8(packet + ScsiPacket.COMMAND_LENGTH, Math.min(32, size));
      case WRITES_ARE_READS -> {
        if (memory.get8(packet + ScsiPacket.DIRECTION) == ScsiPacket.WRITE) {
          memory.put8(packet + ScsiPacket.DIRECTION, ScsiPacket.READ);
        }
      }
      case NOT_SENT -> {
        memory.put8(packet + ScsiPacket.HOST_STATUS, 0);
        return EfiStatus.SUCCESS;
      }
      case SENT_TWICE -> sends();
      case LESS_THAN_MOST -> {
        return length == TwinScsiHostTest.MOST ? EfiStatus.BAD_BUFFER_SIZE : null;
      }
      case EVENT_IS_TAKEN -> {
        return arguments[4] != 0 ? EfiStatus.SUCCESS : null;
      }
      case ANY_LENGTH -> memory.put32(ScsiPacket.length(packet, direction), Math.min(length, TwinScsiHostTest.MOST));
      case LENGTH_WITH_SIGN -> memory.put32(ScsiPacket.length(packet, direction), Math.max(0, (int) length));
      case DATA_OF_TOO_MUCH -> {
        if (length > TwinScsiHostTest.MOST) {
          memory.put64(data, 0);
        }
      }
      case NO_COMMAND_IS_FINE -> {
        return block == 0 || size == 0 ? sends() : null;
      }
      case NO_DATA_IS_FINE -> {
        return data == 0 && length != 0 ? sends() : null;
      }
      case ANY_DIRECTION -> memory.put8(packet + ScsiPacket.DIRECTION, direction);
      case ANY_TARGET -> {
        if (there(arguments[1], 16) && !Arrays.equals(TwinScsiHostTest.ABSENT, memory.read(arguments[1], 16))) {
          memory.write(spare, TwinScsiHostTest.TARGET);
          arguments[1] = spare;
          arguments[2] = TwinScsiHostTest.LUN;
        }
      }
      case ANY_LUN -> arguments[2] = there(arguments[1], 16) && Arrays.equals(TwinScsiHostTest.TARGET, memory.read(arguments[1], 16))
          ? TwinScsiHostTest.LUN : arguments[2];
      case LUN_OF_32_BITS -> arguments[2] = (int) arguments[2];
      case DATA_ANYWHERE -> {
        return length != 0 && data != 0 && !there(data, length) && length <= TwinScsiHostTest.MOST ? sends() : null;
      }
      case DATA_BEYOND_THE_END -> {
        return length != 0 && there(data, 1) && !there(data, length) && length <= TwinScsiHostTest.MOST ? sends() : null;
      }
      case DATA_ACROSS_GAPS -> {
        return length != 0 && length <= TwinScsiHostTest.MOST && there(data, 1) && there(data + length - 1, 1) && !there(data, length)
            ? sends()
            : null;
      }
      case SENSE_ANYWHERE -> {
        return !there(sense, 18) ? sends() : null;
      }
      case SENSE_SEEN_AFTERWARDS -> {
        return !there(sense, 18) && sends() == EfiStatus.SUCCESS ? EfiStatus.INVALID_PARAMETER : null;
      }
      case COMMAND_ANYWHERE -> {
        return block != 0 && !there(block, size) ? sends() : null;
      }
      default -> {
      }
    }
    return null;
  }

  /** What the caller has of it. */
  EfiStatus after(Call call, EfiStatus status) {
    long packet = call.argument(3);
    if (!there(packet, ScsiPacket.SIZE)) {
      return status;
    }
    dead |= defect == ScsiHostDefect.DEAD_AFTER_AN_ERROR && status == EfiStatus.INVALID_PARAMETER;
    int direction = memory.get8(packet + ScsiPacket.DIRECTION) & 1;
    long place = ScsiPacket.length(packet, direction);
    long data = memory.get64(ScsiPacket.data(packet, direction));
    return switch (status) {
      case SUCCESS -> succeeded(packet, place, data);
      case BAD_BUFFER_SIZE -> {
        memory.put32(place, defect == ScsiHostDefect.MOST_NOT_SAID ? TwinScsiHostTest.MOST + 1 : memory.get32(place));
        yield status;
      }
      case TIMEOUT -> {
        memory.put32(place, defect == ScsiHostDefect.NOBODY_MOVES_ALL ? 512 : 0);
        memory.put8(packet + ScsiPacket.SENSE_LENGTH, defect == ScsiHostDefect.NOBODY_HAS_SENSE ? 18 : 0);
        if (defect == ScsiHostDefect.NOBODY_IS_FINE) {
          memory.put8(packet + ScsiPacket.HOST_STATUS, 0);
        }
        yield defect == ScsiHostDefect.NOBODY_IS_FINE ? EfiStatus.SUCCESS : status;
      }
      case DEVICE_ERROR -> {
        failures++;
        memory.put32(place, defect == ScsiHostDefect.FAILURE_MOVES_ALL ? 512 : 0);
        if (defect == ScsiHostDefect.SECOND_FAILURE_SAYS_NOTHING && failures == 2) {
          memory.put8(packet + ScsiPacket.HOST_STATUS, 0xA5);
        }
        yield defect == ScsiHostDefect.FAILURE_IS_SUCCESS ? EfiStatus.SUCCESS : status;
      }
      default -> status;
    };
  }

  private EfiStatus succeeded(long packet, long place, long data) {
    long sense = memory.get64(packet + ScsiPacket.SENSE);
    int status = memory.get8(packet + ScsiPacket.TARGET_STATUS);
    long length = memory.get32(place);
    switch (defect) {
      case ONE_BYTE_MORE -> memory.put8(data + length, 0);
      case ONE_BYTE_LESS -> memory.put8(data + Math.max(0, length - 1), 0xA5);
      case STATUS_NOT_SAID -> memory.put8(packet + ScsiPacket.HOST_STATUS, 0xA5);
      case TARGET_STATUS_NOT_SAID -> memory.put8(packet + ScsiPacket.TARGET_STATUS, 0xA5);
      case WHOLE_WHATEVER_WAS_MOVED -> memory.put32(place, length == 100 ? 512 : length);
      case NO_SENSE -> memory.put8(packet + ScsiPacket.SENSE_LENGTH, 0);
      case SENSE_WITHOUT_ROOM -> memory.put8(sense + memory.get8(packet + ScsiPacket.SENSE_LENGTH), 0);
      case SENSE_LENGTH_KEPT -> memory.put8(packet + ScsiPacket.SENSE_LENGTH, 255);
      default -> {
      }
    }
    return defect == ScsiHostDefect.CHECK_CONDITION_IS_AN_ERROR && status == 2 ? EfiStatus.DEVICE_ERROR : EfiStatus.SUCCESS;
  }
}
