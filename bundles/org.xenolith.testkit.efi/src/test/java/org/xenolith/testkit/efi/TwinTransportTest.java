// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.VirtioDeviceState.Register;

/** A transport that has the device's state for registers; the correct ones keep the contract. */
class TwinTransportTest extends VirtioDeviceContract {
  /** What is wrong with it; the first two are correct. */
  enum Defect {
    MODERN, LEGACY, ANOTHER_REVISION, ANOTHER_KIND, FEATURES_OF_32_BITS, ACCEPTS_THE_LOWER_HALF, STATUS_OF_16_BITS, TELLS_MORE_THAN_A_BYTE,
    SELECTS_NOTHING, ONE_SIZE_FOR_ALL, NO_ALIGNMENT, ADDRESSES_OF_32_BITS, NO_SHIFT, NOT_ENABLED, NOTIFY_SELECTS, NOTIFIES_THE_FIRST,
    READS_BYTES_ONLY, WRITES_BEHIND, ANY_SIZE, ANY_BUFFER, ANY_PLACE, REFUSES_THEN_WRITES, KEEPS_PAGES, FREES_ANYTHING, NEVER_UNMAPS,
    MAPS_ANYTHING, MAPS_ANYWHERE, MAPS_ACROSS_GAPS, MAPS_BEFORE_IT_REFUSES
  }

  Defect defect = Defect.MODERN;

  private final class Twin implements Transport {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final VirtioDeviceState device = new VirtioDeviceState();
    private final long protocol = firmware.room(144);
    private final Map<Long, Long> given = new HashMap<>();
    private int mapped;

    Twin() {
      memory.put32(protocol, defect == Defect.ANOTHER_REVISION ? 0x1_0000 : legacy() ? 0x0009_0005 : 0x0100_0000);
      memory.put32(protocol + 4, defect == Defect.ANOTHER_KIND ? 1 : kind());
      put(8, call -> {
        memory.put64(call.argument(1), device.features() & (legacy() || defect == Defect.FEATURES_OF_32_BITS ? 0xFFFF_FFFFL : -1));
        return EfiStep.done();
      });
      put(16, this::accept);
      put(24, this::place);
      put(32, call -> set(Register.QUEUE, defect == Defect.SELECTS_NOTHING ? 0 : call.argument(1) & 0xFFFF));
      put(40, this::notifyQueue);
      put(48, call -> EfiStep.done(defect == Defect.NO_ALIGNMENT ? EfiStatus.UNSUPPORTED : EfiStatus.SUCCESS));
      put(56, call -> EfiStep.done());
      put(64, call -> {
        memory.put16(call.argument(1), defect == Defect.ONE_SIZE_FOR_ALL ? 16 : device.most());
        return EfiStep.done();
      });
      put(72, call -> set(Register.SIZE, call.argument(1) & 0xFFFF));
      put(80, call -> {
        PciAccess.put(memory, call.argument(1), defect == Defect.TELLS_MORE_THAN_A_BYTE ? 2 : 1, device.get(Register.STATUS));
        return EfiStep.done();
      });
      put(88, call -> set(Register.STATUS, call.argument(1) & (defect == Defect.STATUS_OF_16_BITS ? 0xFFFF : 0xFF)));
      put(96, call -> field(call, true));
      put(104, call -> field(call, false));
      put(112, call -> {
        long pages = firmware.pages(call.argument(1));
        given.put(pages, call.argument(1));
        memory.put64(call.argument(2), pages);
        return EfiStep.done();
      });
      put(120, call -> {
        if (defect != Defect.KEEPS_PAGES && (defect != Defect.FREES_ANYTHING || firmware.allocated() != 0)) {
          if (!given.remove(call.argument(2), call.argument(1))) {
            return EfiStep.done(EfiStatus.NOT_FOUND);
          }
          firmware.freePages(call.argument(2), call.argument(1));
        }
        return EfiStep.done();
      });
      put(128, this::map);
      put(136, call -> {
        mapped -= defect == Defect.NEVER_UNMAPS ? 0 : 1;
        return EfiStep.done();
      });
    }

    private void put(int at, EfiFunction function) {
      memory.put64(protocol + at, firmware.guest(function));
    }

    private EfiStep set(Register register, long value) {
      device.set(register, value);
      return EfiStep.done();
    }

    private EfiStep accept(Call call) {
      boolean wide = legacy() && call.argument(1) >>> 32 != 0;
      return wide && defect != Defect.ACCEPTS_THE_LOWER_HALF ? EfiStep.done(EfiStatus.UNSUPPORTED) : set(Register.ACCEPTED, call.argument(1)
          & (wide ? 0xFFFF_FFFFL : -1));
    }

    private EfiStep place(Call call) {
      long ring = call.argument(1);
      if (legacy()) {
        return set(Register.PAGE, memory.get64(ring + 8) >>> 12);
      }
      long shift = defect == Defect.NO_SHIFT ? 0 : call.argument(2);
      long mask = defect == Defect.ADDRESSES_OF_32_BITS ? 0xFFFF_FFFFL : -1;
      device.set(Register.DESCRIPTORS, memory.get64(ring + 16) + shift & mask);
      device.set(Register.AVAILABLE, memory.get64(ring + 24) + shift & mask);
      device.set(Register.USED, memory.get64(ring + 56) + shift & mask);
      return set(Register.ENABLED, defect == Defect.NOT_ENABLED ? 0 : 1);
    }

    private EfiStep notifyQueue(Call call) {
      if (defect == Defect.NOTIFY_SELECTS) {
        device.set(Register.QUEUE, call.argument(1));
      }
      device.notify(defect == Defect.NOTIFIES_THE_FIRST ? 0 : call.argument(1));
      return EfiStep.done();
    }

    private EfiStep field(Call call, boolean write) {
      long at = call.argument(1);
      long size = call.argument(2);
      boolean known = size == 1 || size == 2 || size == 4 || size == 8;
      if (!known && defect == Defect.ANY_SIZE) {
        return EfiStep.done();
      }
      if (!known || !write && size != call.argument(3) && defect != Defect.ANY_BUFFER) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      if (at < 0 || at > VirtioDeviceState.CONFIGURATION - size) {
        if (defect == Defect.REFUSES_THEN_WRITES) {
          device.write(0, 4, 5);
        }
        return EfiStep.done(defect == Defect.ANY_PLACE ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
      }
      if (write) {
        device.write((int) at, (int) (defect == Defect.WRITES_BEHIND && size < 8 ? 2 * size : size), call.argument(3));
        return EfiStep.done();
      }
      for (int i = 0; i < (defect == Defect.READS_BYTES_ONLY ? 1 : size); i++) {
        memory.put8(call.argument(4) + i, device.configuration()[(int) at + i]);
      }
      return EfiStep.done();
    }

    private EfiStep map(Call call) {
      boolean wrong = call.argument(1) < 0 || call.argument(1) > 2;
      for (int i = 2; i <= 5; i++) {
        wrong |= call.argument(i) == 0;
      }
      if (wrong) {
        mapped += defect == Defect.MAPS_ANYTHING ? 1 : 0;
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      mapped += defect == Defect.MAPS_BEFORE_IT_REFUSES ? 1 : 0;
      long bytes = memory.get64(call.argument(3));
      if (defect == Defect.MAPS_ACROSS_GAPS) {
        firmware.requireMemory(call.argument(2), 1);
        firmware.requireMemory(call.argument(2) + bytes - 1, 1);
      } else if (defect != Defect.MAPS_ANYWHERE) {
        firmware.requireMemory(call.argument(2), bytes);
      }
      memory.put64(call.argument(4), call.argument(2));
      memory.get64(call.argument(5));
      memory.put64(call.argument(5), ++mapped);
      return EfiStep.done();
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
    public VirtioDeviceState device() {
      return device;
    }

    @Override
    public boolean legacy() {
      return defect == Defect.LEGACY || defect == Defect.ACCEPTS_THE_LOWER_HALF;
    }

    @Override
    public int kind() {
      return 2;
    }

    @Override
    public int mapped() {
      return mapped;
    }
  }

  @Override
  protected Transport transport() {
    return new Twin();
  }
}
