// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.ScsiPacket;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A unit behind the kit's host keeps the contract; a twin does something else before or after what the host does. */
class TwinScsiUnitTest extends ScsiIoContract {
  /** What is wrong with it. */
  enum Defect {
    NONE,
    // What the unit is.
    ANOTHER_TYPE, TYPE_OF_32_BITS, TYPE_ANYWHERE, ANOTHER_LUN, TARGET_OF_ONE_BYTE, LUN_OF_32_BITS, WRITES_MORE_THAN_A_TARGET,
    LOCATION_ANYWHERE, TARGET_BEFORE_LUN, ODD_ALIGNMENT, LESS_ALIGNED_THAN_ITS_HOST, MORE_ALIGNED_THAN_SAID,
    // Commands.
    SENT_TO_ANOTHER, NOT_SENT, SENT_TWICE, ONE_BYTE_MORE, COMMAND_IS_CUT, WRITES_ARE_READS, WHOLE_WHATEVER_WAS_MOVED,
    CHECK_CONDITION_IS_AN_ERROR, SENSE_IS_LOST,
    // What callers get wrong.
    TOO_MUCH_IS_INVALID, TOO_MUCH_IS_CUT, DATA_ANYWHERE, SENSE_ANYWHERE, COMMAND_ANYWHERE, PACKET_ANYWHERE, NO_COMMAND_IS_FINE,
    ANY_DIRECTION, DEAD_AFTER_AN_ERROR,
    // What goes wrong below, and resets.
    FAILURE_IS_SUCCESS, RESET_ISNT_PASSED_ON, RESET_DEADENS, RESET_DEVICE_DEADENS, RESET_IS_NOT_READY
  }

  private static final int ALIGNED = 8;
  private static final int MOST = 8192;
  private static final byte[] TARGET = FakeScsiHost.target(5, 7);
  private static final long LUN = 1L << 40 | 2;
  private static final int KIND = 5;

  Defect defect = Defect.NONE;

  private final class Twin implements Device {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final FakeScsiHost host = new FakeScsiHost(firmware, ALIGNED, MOST);
    private final FakeScsiUnit unit = new FakeScsiUnit();
    private final long protocol = firmware.room(64);
    private final long target = firmware.room(16);
    private boolean dead;

    Twin() {
      host.unit(TARGET, 0, new FakeScsiUnit());
      host.unit(TARGET, LUN, unit);
      memory.write(target, TARGET);
      memory.put32(protocol + ALIGNMENT, switch (defect) {
        case ODD_ALIGNMENT -> 6;
        case LESS_ALIGNED_THAN_ITS_HOST -> 1;
        case MORE_ALIGNED_THAN_SAID -> 16;
        default -> ALIGNED;
      });
      memory.put64(protocol + TYPE, firmware.guest(this::type));
      memory.put64(protocol + LOCATION, firmware.guest(this::location));
      memory.put64(protocol + RESET_BUS, firmware.guest(call -> reset(call, Defect.RESET_DEADENS, 40)));
      memory.put64(protocol + RESET_DEVICE, firmware.guest(call -> reset(call, Defect.RESET_DEVICE_DEADENS, 48, target, LUN)));
      memory.put64(protocol + EXECUTE, firmware.guest(this::execute));
    }

    private boolean there(long at, long size) {
      return TwinFunction.isMemory(firmware, at, size);
    }

    private EfiStep type(Call call) {
      if (defect == Defect.TYPE_ANYWHERE && !there(call.argument(1), 1)) {
        return EfiStep.done();
      }
      if (defect == Defect.TYPE_OF_32_BITS && there(call.argument(1), 4)) {
        memory.put32(call.argument(1), KIND);
      }
      memory.put8(call.argument(1), defect == Defect.ANOTHER_TYPE ? 0 : KIND);
      return EfiStep.done();
    }

    private EfiStep location(Call call) {
      if (defect == Defect.LOCATION_ANYWHERE && !there(call.argument(1), 8)) {
        return EfiStep.done();
      }
      long to = memory.get64(call.argument(1));
      if (defect == Defect.TARGET_BEFORE_LUN) {
        memory.write(to, TARGET);
      }
      memory.get64(call.argument(2));
      memory.read(to, TARGET.length);
      memory.write(to, defect == Defect.TARGET_OF_ONE_BYTE ? new byte[] {TARGET[0]} : TARGET);
      if (defect == Defect.WRITES_MORE_THAN_A_TARGET) {
        memory.put8(to + TARGET.length, 0);
      }
      if (defect == Defect.LUN_OF_32_BITS) {
        memory.put32(call.argument(2), LUN);
      } else {
        memory.put64(call.argument(2), defect == Defect.ANOTHER_LUN ? 0 : LUN);
      }
      return EfiStep.done();
    }

    private EfiStep reset(Call call, Defect deadens, int function, long... arguments) {
      if (call.step() != 0) {
        return EfiStep.done(call.result());
      }
      dead |= defect == deadens;
      if (defect == Defect.RESET_ISNT_PASSED_ON || defect == Defect.RESET_IS_NOT_READY) {
        return EfiStep.done(defect == Defect.RESET_IS_NOT_READY ? EfiStatus.NOT_READY : EfiStatus.SUCCESS);
      }
      return arguments.length == 0
          ? EfiStep.call(1, memory.get64(host.protocol() + function), host.protocol())
          : EfiStep.call(1, memory.get64(host.protocol() + function), host.protocol(), arguments[0], arguments[1]);
    }

    private EfiStep execute(Call call) {
      long packet = call.argument(1);
      if (call.step() != 0) {
        EfiStatus status = EfiStatus.of(call.result());
        return EfiStep.done(there(packet, ScsiPacket.SIZE) ? after(packet, status) : status);
      }
      boolean sent = there(packet, ScsiPacket.SIZE) ? instead(packet) : defect == Defect.PACKET_ANYWHERE;
      if (sent) {
        return EfiStep.done();
      }
      if (dead) {
        return EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
      long lun = defect == Defect.SENT_TO_ANOTHER ? 0 : LUN;
      return EfiStep.call(1, memory.get64(host.protocol() + 8), host.protocol(), target, lun, packet, call.argument(2));
    }

    /** What comes before the host is asked. @return whether it isn't asked */
    private boolean instead(long packet) {
      int direction = memory.get8(packet + ScsiPacket.DIRECTION) & 1;
      long place = ScsiPacket.length(packet, direction);
      long length = memory.get32(place);
      long data = memory.get64(ScsiPacket.data(packet, direction));
      long block = memory.get64(packet + ScsiPacket.COMMAND);
      int size = memory.get8(packet + ScsiPacket.COMMAND_LENGTH);
      switch (defect) {
        case SENT_TWICE -> unit.execute(new byte[6], new byte[0], 0);
        case COMMAND_IS_CUT -> memory.put8(packet + ScsiPacket.COMMAND_LENGTH, size == 16 ? 12 : size);
        case WRITES_ARE_READS -> memory.put8(packet + ScsiPacket.DIRECTION, 0);
        case TOO_MUCH_IS_CUT -> memory.put32(place, Math.min(length, MOST));
        case ANY_DIRECTION -> memory.put8(packet + ScsiPacket.DIRECTION, direction);
        default -> {
        }
      }
      return switch (defect) {
        case NOT_SENT -> true;
        case DATA_ANYWHERE -> length != 0 && data != 0 && !there(data, length);
        case SENSE_ANYWHERE -> !there(memory.get64(packet + ScsiPacket.SENSE), 18);
        case COMMAND_ANYWHERE -> block != 0 && !there(block, size);
        case NO_COMMAND_IS_FINE -> block == 0 || size == 0;
        default -> false;
      };
    }

    private EfiStatus after(long packet, EfiStatus status) {
      int direction = memory.get8(packet + ScsiPacket.DIRECTION) & 1;
      long place = ScsiPacket.length(packet, direction);
      dead |= defect == Defect.DEAD_AFTER_AN_ERROR && status == EfiStatus.INVALID_PARAMETER;
      if (status != EfiStatus.SUCCESS) {
        return switch (defect) {
          case TOO_MUCH_IS_INVALID -> status == EfiStatus.BAD_BUFFER_SIZE ? EfiStatus.INVALID_PARAMETER : status;
          case FAILURE_IS_SUCCESS -> status == EfiStatus.DEVICE_ERROR ? EfiStatus.SUCCESS : status;
          default -> status;
        };
      }
      switch (defect) {
        case ONE_BYTE_MORE -> memory.put8(memory.get64(ScsiPacket.data(packet, direction)) + memory.get32(place), 0);
        case WHOLE_WHATEVER_WAS_MOVED -> memory.put32(place, memory.get32(place) == 100 ? 512 : memory.get32(place));
        case SENSE_IS_LOST -> memory.put8(packet + ScsiPacket.SENSE_LENGTH, 0);
        default -> {
        }
      }
      boolean refused = memory.get8(packet + ScsiPacket.TARGET_STATUS) != 0;
      return defect == Defect.CHECK_CONDITION_IS_AN_ERROR && refused ? EfiStatus.DEVICE_ERROR : status;
    }

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long protocol() {
      return protocol;
    }

    @Override
    public FakeScsiUnit unit() {
      return unit;
    }

    @Override
    public FakeScsiHost host() {
      return host;
    }

    @Override
    public byte[] target() {
      return TARGET;
    }

    @Override
    public long lun() {
      return LUN;
    }

    @Override
    public int type() {
      return KIND;
    }

    @Override
    public int most() {
      return MOST;
    }
  }

  @Override
  protected Device device() {
    return new Twin();
  }
}
