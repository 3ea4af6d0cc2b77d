// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.List;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/** Two NVMe controllers, one with a disk that is read-only. */
public final class NvmeAttack extends DeviceAttack {
  private static final DeviceBoard BOARD = new DeviceBoard(3, 1, false, List.of(), List.of(), List.of("nvme", "nvme"),
      List.of(DeviceBoard.card("nvme", 2)));

  @Override
  public String word() {
    return "nvme";
  }

  @Override
  public String says() {
    return "accesses of a guest without a hypervisor to two NVMe controllers (one disk is read-only): registers, doorbells, admin and I/O"
        + " commands, PRP lists, MSI-X tables and configuration space while commands are under way";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.nvme.**", "org.xenolith.pci.**", "org.xenolith.hw.pcihost.**");
  }

  @Override
  DeviceBoard board(int world) {
    return BOARD;
  }

  @Override
  Driver driver(int world) {
    return new NvmeDriver();
  }

  /** Has both under attack. */
  private static final class NvmeDriver implements Driver {
    private final NvmeController[] controllers = {new NvmeController(1, Place.DEVICES),
        new NvmeController(2, Place.DEVICES + NvmeController.AREA)};
    private final long[] values = new long[40];

    private NvmeDriver() {
      int at = 0;
      for (NvmeController controller : controllers) {
        for (int page = 0; page < 6; page++) {
          values[at++] = controller.data(page);
        }
        values[at++] = controller.data(0) + 0xE00;
        values[at++] = controller.list(0);
        values[at++] = controller.list(511);
        values[at++] = controller.list(505);
        values[at++] = controller.registers;
      }
      for (long known : new long[] {-1, 0xFFFF_FFFFL, 0x7FFF_FFFF, Long.MIN_VALUE, Place.RAM + Place.SIZE - 0x1000,
          Place.RAM + Place.SIZE, Place.DOORBELL,
          0x1_0001, 0x3_0001, 0xF_0003, 0xF_0001, 0x46_0001, 0x46_C001, 0x46_4001, 0xFFFF, 0x3FF_0001, DeviceDisk.SECTORS, 1L << 63 | 1}) {
        values[at++] = known;
      }
    }

    @Override
    public void prepare(Machine machine, Script script) {
      Gic.version3(script, 1);
      Gic.messages(script, 1, 2);
      for (NvmeController controller : controllers) {
        controller.setUp(machine, script);
      }
    }

    @Override
    public long register(InputBytes input) {
      return controllers[input.next() & 1].register(input);
    }

    @Override
    public long[] values() {
      return values;
    }

    @Override
    public void step(int kind, int more, InputBytes input, Script script) {
      int which = input.next();
      NvmeController controller = controllers[which & 1];
      switch (kind) {
        case 0 -> controller.io(script, input, more, values);
        case 1 -> controller.admin(script, input, more, values);
        case 2 -> controller.doorbell(script, input, more, values);
        case 3 -> script.store8(controller.queued(which >> 1, input.next()), Values.next(input, values));
        case 4 -> script.store8(controller.list((which >> 1 & 1) * 500 + input.next()), Values.next(input, values));
        case 5 -> script.store(Place.config(controller.card()) + input.next(), 1 << (more & 3) % 3, Values.next(input, values));
        case 6 -> controller.enable(script);
        default -> script.store(controller.registers + 0x2000 + 4 * (input.next() & 0x3F), (more & 1) == 0 ? 4 : 8, Values.next(input,
            values));
      }
    }
  }
}
