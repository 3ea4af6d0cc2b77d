// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.List;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/** A GICv2 or GICv3, whose interrupts come from timers, a virtio disk, a UART and two CPUs, from EL2. */
public final class GicAttack extends DeviceAttack {
  private static final DeviceBoard V2 = new DeviceBoard(2, 2, true, List.of(), List.of(2), List.of(), List.of());
  private static final DeviceBoard V3 = new DeviceBoard(3, 2, true, List.of("its=off"), List.of(2), List.of(), List.of());

  @Override
  public String word() {
    return "gic";
  }

  @Override
  public String says() {
    return "accesses of a guest without a hypervisor, at EL2, to a GICv2 or GICv3 while a disk, a UART, timers and two CPUs interrupt:"
        + " distributor, redistributors, CPU interfaces, list registers; the first byte says which";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.gicv2.**", "org.xenolith.hw.gicv3.**", "org.xenolith.hw.timer.**");
  }

  @Override
  public int world(byte[] input) {
    return input.length > 0 && (input[0] & 1) != 0 ? 1 : 0;
  }

  @Override
  DeviceBoard board(int world) {
    return world == 0 ? V2 : V3;
  }

  @Override
  Driver driver(int world) {
    return new GicDriver(world == 0 ? 2 : 3);
  }

  /** Sets interrupts up and attacks them. */
  private static final class GicDriver implements Driver {
    private static final int[] DISTRIBUTOR = {0, 4, 0x80, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380, 0x400, 0x800, 0xC00, 0xF00, 0xF10,
        0xF20, 0x6100};
    private static final int[] INTERFACE = {0, 4, 8, 0xC, 0x10, 0x14, 0x18, 0x1C, 0x20, 0x24, 0x28, 0xD0, 0xE0, 0xFC, 0x1000, 0x2C};
    private static final int[] CONTROL = {0, 4, 8, 0x10, 0x20, 0x30, 0xF0, 0x100, 0x104, 0x108, 0x10C, 0x110, 0x40, 0xFC, 0x24, 0x34};
    private static final int[] REDISTRIBUTOR = {0, 0x14, 0x70, 0x78, 8, 0x1_0080, 0x1_0100, 0x1_0180, 0x1_0200, 0x1_0280, 0x1_0300,
        0x1_0380, 0x1_0400,
        0x1_0C00, 0x1_0D00, 0x1_0C04};
    private static final int[] UART = {0, 0x38, 0x44, 0x30, 0x2C, 0x34, 0x18, 0x3C};
    private static final int SGI1 = 0xC65D;
    private static final int FIRST_LIST = 0xE660;

    private final int gic;
    private final VirtioDevice disk = VirtioDevice.mmio(0, 2, 0);
    private int requests;
    private final long[] values = {0xFFFF_FFFFL, -1, 0x1_0000_0000L, 0x0101_0101, 0x0202_0202, 0x0303_0303, 0x8080_8080L, 0xFFFF, 0x3FF,
        0x400, 48, 33, 27,
        30, 26, 25, 1023, 1022, 1020, 1021, 1L << 28 | 48, 2L << 28 | 0x30, 3L << 28 | 27, 1L << 31 | 33, 1L << 62 | 48, 3L << 62 | 27,
        1L << 62 | 1L << 61 | 48L << 32 | 40,
        1L << 62 | 1L << 60 | 50, 0xF8, 0x80, 0xA0, 1L << 40, 1L << 24, 0x0001_0000, 0x0102_000F, 0x0200_0001, 0xAAAA_AAAAL,
        0x8000_0018L, 0x1F, 0x8000_0000L, 7, 0x8018_0019L};

    private GicDriver(int gic) {
      this.gic = gic;
    }

    @Override
    public void prepare(Machine machine, Script script) {
      if (gic == 2) {
        Gic.version2(script);
      } else {
        Gic.version3(script, 2);
        script.writeSystem(0xE64D, 0xF);
      }
      script.startSecond();
      disk.setUp(script);
      script.store4(Place.UART + 0x30, 0x301);
    }

    @Override
    public long register(InputBytes input) {
      int which = input.next();
      int index = input.next();
      return switch (which >> 4 & 3) {
        case 0, 1 -> Place.GICD + DISTRIBUTOR[which & 15] + 4 * (index & ((which & 0x80) == 0 ? 3 : 0xFF)) + (which >> 6 & 1);
        case 2 -> gic == 2 ? Place.GICC + INTERFACE[which & 15] : Place.GICR + (index & 1) * 0x2_0000L + REDISTRIBUTOR[which & 15] +
            (index >> 1 & 7) * 4;
        default -> gic == 2 ? ((which & 0x40) == 0 ? Place.GICH + CONTROL[which & 15] : Place.GICV + INTERFACE[which & 15]) + (index & 3)
            * 4
            : Place.GICR + (long) index * 0x400;
      };
    }

    @Override
    public long[] values() {
      return values;
    }

    @Override
    public void step(int kind, int more, InputBytes input, Script script) {
      switch (kind) {
        case 0 -> script.writeRegister(input.next(), Values.next(input, values));
        case 1 -> script.readRegister(input.next());
        case 2 -> {
          if (gic == 2) {
            script.store4(Place.GICD + 0xF00, (long) more << 16 | (input.next() & 0x3FF) << 24 & 0x300_0000 | input.next() & 15);
          } else {
            script.writeSystem(SGI1 + more % 3, Values.next(input, values) | (long) (input.next() & 15) << 24);
          }
        }
        case 3 -> VirtioRequest.make(disk, script, input, requests++, more, values);
        case 4 -> script.store4(Place.UART + UART[more & 7], Values.next(input, values));
        case 5 -> {
          if (gic == 2) {
            script.store4(Place.GICH + 0x100 + 4L * (more & 3), Values.next(input, values));
          } else {
            script.writeSystem(FIRST_LIST + (more & 3), Values.next(input, values));
          }
        }
        case 6 -> script.store4(Place.GICD + DISTRIBUTOR[2 + more % 9] + 4L * (input.next() & 7), Values.next(input, values));
        default -> script.call((more & 8) == 0 ? 0x8400_0000L + (more & 7) : 0xC400_0000L + (more & 7), input.next(), Values.next(input,
            values));
      }
    }
  }
}
