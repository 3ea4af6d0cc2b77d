// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.xenolith.testkit.efi.ScsiHostBench.BUILD_PATH;
import static org.xenolith.testkit.efi.ScsiHostBench.FIND;
import static org.xenolith.testkit.efi.ScsiHostBench.NEXT_TARGET;
import static org.xenolith.testkit.efi.ScsiHostBench.NEXT_UNIT;
import static org.xenolith.testkit.efi.ScsiHostBench.PASS_THRU;
import static org.xenolith.testkit.efi.ScsiHostBench.RESET_CHANNEL;
import static org.xenolith.testkit.efi.ScsiHostBench.RESET_UNIT;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** The kit's host keeps the contract; a twin does something else before or after what it does: with commands what {@link TwinScsiCommands} says. */
class TwinScsiHostTest extends ExtScsiPassThruContract {
  static final int ALIGNMENT = 8;
  static final int MOST = 8192;
  static final byte[] TARGET = FakeScsiHost.target(5, 0);
  static final byte[] ABSENT = FakeScsiHost.target(5, 3);
  private static final byte[] LAST = FakeScsiHost.target(9, 0);
  static final long LUN = 2;

  ScsiHostDefect defect = ScsiHostDefect.NONE;

  private final class Twin implements Host {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final FakeScsiHost host = new FakeScsiHost(firmware, ALIGNMENT, MOST);
    private final FakeScsiUnit unit = new FakeScsiUnit();
    private final FakeScsiUnit other = new FakeScsiUnit();
    private final long protocol = firmware.room(64);
    private final long mode = firmware.room(12);
    private final long spare = firmware.room(64);
    private final TwinScsiCommands commands = new TwinScsiCommands(firmware, unit, defect);
    private boolean failing;
    private int place;

    Twin() {
      host.unit(FakeScsiHost.target(1, 0), 0, other);
      host.unit(TARGET, 0, other);
      host.unit(TARGET, LUN, unit);
      host.unit(ABSENT, 0, null);
      host.unit(LAST, 1L << 40, other);
      if (defect == ScsiHostDefect.LISTED_TWICE) {
        host.unit(LAST, 1L << 40, other);
      }
      memory.write(mode, memory.read(memory.get64(host.protocol()), 12));
      memory.put64(protocol, mode);
      if (defect == ScsiHostDefect.HOST_IS_A_TARGET) {
        memory.put32(mode, 5);
      }
      memory.put32(mode + 8, defect == ScsiHostDefect.ODD_ALIGNMENT ? 6 : defect == ScsiHostDefect.MORE_ALIGNED_THAN_SAID ? 0 : ALIGNMENT);
      for (int function = PASS_THRU; function < 64; function += 8) {
        int at = function;
        memory.put64(protocol + at, firmware.guest(call -> step(call, at)));
      }
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
    public byte[] target() {
      return TARGET;
    }

    @Override
    public long lun() {
      return LUN;
    }

    @Override
    public byte[] absent() {
      return ABSENT;
    }

    @Override
    public int most() {
      return MOST;
    }

    @Override
    public byte[] stranger() {
      return FakeScsiHost.node(TARGET, 77);
    }

    @Override
    public void fails() {
      failing = true;
      host.fails();
    }

    private EfiStep step(Call call, int function) {
      if (call.step() == 0) {
        long[] arguments = {host.protocol(), call.argument(1), call.argument(2), call.argument(3), call.argument(4)};
        EfiStatus early = function == PASS_THRU ? commands.before(arguments) : before(function, arguments);
        if (early != null) {
          return EfiStep.done(early);
        }
        boolean allocates = function == BUILD_PATH && (defect == ScsiHostDefect.POOL_FIRST || defect == ScsiHostDefect.TWO_POOLS);
        return allocates
            ? EfiStep.call(1, firmware.service(BootService.ALLOCATE_POOL), 4, 64, spare)
            : EfiStep.call(2, memory.get64(host.protocol() + function), arguments);
      }
      if (call.step() == 1) {
        return EfiStep.call(2, memory.get64(host.protocol() + function), host.protocol(), call.argument(1), call.argument(2), call
            .argument(3));
      }
      EfiStatus status = EfiStatus.of(call.result());
      return EfiStep.done(function == PASS_THRU ? commands.after(call, status) : after(function, call, status));
    }

    private boolean named(long address) {
      return commands.there(address, 8) && commands.there(memory.get64(address), 16);
    }

    private EfiStatus first(long address, long lun) {
      memory.write(memory.get64(address), FakeScsiHost.target(1, 0));
      if (lun != 0) {
        memory.put64(lun, 0);
      }
      return EfiStatus.SUCCESS;
    }

    private EfiStatus before(int function, long[] arguments) {
      boolean lists = function == NEXT_UNIT || function == NEXT_TARGET;
      boolean named = lists && named(arguments[1]);
      byte[] target = named ? memory.read(memory.get64(arguments[1]), 16) : new byte[16];
      switch (defect) {
        case FIRST_BYTE_OF_ONES, LAST_BYTE_OF_ONES -> {
          int at = defect == ScsiHostDefect.FIRST_BYTE_OF_ONES ? 0 : 15;
          return lists && target[at] == -1 ? first(arguments[1], function == NEXT_UNIT ? arguments[2] : 0) : null;
        }
        case TARGET_BEFORE_LUN -> {
          if (function == NEXT_UNIT && named && target[0] == -1 && !commands.there(arguments[2], 8)) {
            memory.put8(memory.get64(arguments[1]), 0);
          }
        }
        case NO_LUN_IS_FINE -> {
          return function == NEXT_UNIT && arguments[2] == 0 ? EfiStatus.SUCCESS : null;
        }
        case GOES_ON_FROM_ITS_OWN_PLACE -> {
          if (function == NEXT_UNIT && named) {
            place = target[0] == -1 ? 0 : place + 1;
          }
        }
        case FAILURE_ENDS_THE_LIST -> {
          return failing && lists ? EfiStatus.NOT_FOUND : null;
        }
        case PATH_OF_ANYBODY, PATH_OF_ANY_LUN -> {
          return function == BUILD_PATH ? path(arguments) : null;
        }
        case PATH_ANYWHERE -> {
          return function == BUILD_PATH && !commands.there(arguments[3], 8) ? EfiStatus.SUCCESS : null;
        }
        case RESET_DEADENS -> commands.deaden(function == RESET_CHANNEL);
        case RESET_UNIT_DEADENS -> commands.deaden(function == RESET_UNIT);
        case RESET_IS_NOT_READY -> {
          return function == RESET_CHANNEL ? EfiStatus.NOT_READY : null;
        }
        case RESET_OF_ANYBODY -> {
          return function == RESET_UNIT ? EfiStatus.SUCCESS : null;
        }
        default -> {
        }
      }
      return null;
    }

    private EfiStatus path(long[] arguments) {
      if (defect == ScsiHostDefect.PATH_OF_ANYBODY && commands.there(arguments[1], 16) && memory.get8(arguments[1]) == 0xFE) {
        return EfiStatus.SUCCESS;
      }
      return defect == ScsiHostDefect.PATH_OF_ANY_LUN && arguments[2] < 0 ? EfiStatus.SUCCESS : null;
    }

    private EfiStatus after(int function, Call call, EfiStatus status) {
      return switch (function) {
        case NEXT_UNIT -> listed(call, status, call.argument(2));
        case NEXT_TARGET -> listedTarget(call, status);
        case BUILD_PATH -> built(call, status);
        case FIND -> found(call, status);
        default -> status;
      };
    }

    private EfiStatus listed(Call call, EfiStatus status, long lun) {
      long at = status == EfiStatus.SUCCESS ? memory.get64(call.argument(1)) : 0;
      switch (defect) {
        case NO_END -> {
          return status == EfiStatus.NOT_FOUND ? first(call.argument(1), lun) : status;
        }
        case FIRST_IS_LEFT_OUT -> {
          if (at != 0 && memory.get8(at) == 5 && memory.get64(lun) == LUN) {
            memory.write(at, ABSENT);
            memory.put64(lun, 0);
          }
        }
        case WRITES_MORE_THAN_A_TARGET -> {
          if (at != 0) {
            memory.put8(at + 16, 0);
          }
        }
        case GOES_ON_FROM_ITS_OWN_PLACE -> {
          if (at != 0 && place >= 5) {
            memory.write(at, TARGET);
            memory.put64(lun, 0);
          }
        }
        case ANYBODY_HAS_A_NEXT -> {
          return status == EfiStatus.INVALID_PARAMETER && commands.there(lun, 8) && named(call.argument(1)) ? first(call.argument(
              1), lun) : status;
        }
        default -> {
        }
      }
      return status;
    }

    private EfiStatus listedTarget(Call call, EfiStatus status) {
      long at = status == EfiStatus.SUCCESS ? memory.get64(call.argument(1)) : 0;
      if (defect == ScsiHostDefect.TARGET_OF_EACH_UNIT && at != 0 && place++ == 2) {
        memory.write(at, TARGET);
      }
      if (defect == ScsiHostDefect.LAST_TARGET_IS_LEFT_OUT && at != 0 && memory.get8(at) == 9) {
        return EfiStatus.NOT_FOUND;
      }
      boolean anybody = defect == ScsiHostDefect.ANY_TARGET_HAS_A_NEXT && status == EfiStatus.INVALID_PARAMETER;
      return anybody && named(call.argument(1)) ? first(call.argument(1), 0) : status;
    }

    private EfiStatus built(Call call, EfiStatus status) {
      if (status != EfiStatus.SUCCESS) {
        return defect == ScsiHostDefect.NO_POOL_IS_FINE && status == EfiStatus.OUT_OF_RESOURCES ? EfiStatus.SUCCESS : status;
      }
      long node = memory.get64(call.argument(3));
      if (defect == ScsiHostDefect.ONE_NODE_FOR_ALL) {
        memory.write(node, FakeScsiHost.node(TARGET, LUN));
      } else if (defect == ScsiHostDefect.NODE_WITHOUT_LENGTH) {
        memory.put16(node + 2, 0);
      }
      return status;
    }

    private EfiStatus found(Call call, EfiStatus status) {
      if (defect == ScsiHostDefect.ANOTHER_LUN_BACK && status == EfiStatus.SUCCESS) {
        memory.put64(call.argument(3), memory.get64(call.argument(3)) & 0xFF);
      }
      boolean taken = defect == ScsiHostDefect.ANY_NODE && status == EfiStatus.UNSUPPORTED
          || defect == ScsiHostDefect.NODE_OF_ANYBODY && status == EfiStatus.NOT_FOUND;
      return taken ? EfiStatus.SUCCESS : status;
    }
  }

  @Override
  protected Host host() {
    return new Twin();
  }
}
