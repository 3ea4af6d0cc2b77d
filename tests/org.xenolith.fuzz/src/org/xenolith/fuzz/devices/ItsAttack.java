// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.List;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/** An ITS that takes messages of an NVMe controller, a virtio disk and a rogue endpoint. */
public final class ItsAttack extends DeviceAttack {
  private static final DeviceBoard BOARD = new DeviceBoard(3, 2, false, List.of(), List.of(), List.of("nvme", "virtio:2", "rogue"),
      List.of());

  @Override
  public String word() {
    return "its";
  }

  @Override
  public String says() {
    return "accesses of a guest without a hypervisor to an ITS and the redistributors' LPIs while devices send messages: registers,"
        + " commands, tables of devices, collections, events, properties and pending bits, messages of any number";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.its.**", "org.xenolith.hw.gicv3.**", "org.xenolith.pci.api.Msix**");
  }

  @Override
  DeviceBoard board(int world) {
    return BOARD;
  }

  @Override
  Driver driver(int world) {
    return new ItsDriver();
  }

  /** Sets LPIs up and attacks them. */
  private static final class ItsDriver implements Driver {
    private static final int[] ITS_REGISTERS = {0, 8, 0x80, 0x84, 0x88, 0x90, 0x100, 0x104, 0x108, 0x10C, 0x110, 0xFFE8, 0x1_0040, 4,
        0x8C, 0x94};
    private static final int[] LPI_REGISTERS = {0, 0x70, 0x74, 0x78, 0x7C, 0xA0, 0xB0, 0xC0, 0x40, 0x48, 0x14, 8, 0x10, 0x1_0080,
        0x1_0100, 0x1_0400};
    private static final int[] OPERATIONS = {0xA, 3, 8, 9, 0xC, 0xD, 1, 4, 5, 0xB, 0xE, 0xF, 0x2A, 0x29, 0x21, 0x25};
    private static final int[] READ = {0, 0x0F, 1, 4, 9, 10, 12};

    private final NvmeController nvme = new NvmeController(1, Place.DEVICES);
    private final VirtioDevice disk = VirtioDevice.pci(2, 2, 4);
    private final Rogue rogue = new Rogue(3);
    private int commands = Gic.commands(3);
    private int requests;
    private final long[] values = {1L << 63, 1L << 63 | 1L << 16, 1L << 63 | Place.ITS_EVENTS + 0x100,
        1L << 63 | Place.ITS_EVENTS + 0x300, Place.ITS_EVENTS,
        Place.PENDING, Place.PROPERTIES, Place.PROPERTIES | 13, Place.PROPERTIES | 15, Place.PENDING | 1L << 62,
        1L << 63 | Place.ITS_COMMANDS,
        1L << 63 | Place.ITS_COMMANDS | 1, 1L << 63 | 1L << 62 | Place.ITS_DEVICES, 1L << 63 | Place.ITS_DEVICES,
        1L << 63 | Place.ITS_COLLECTIONS, 8192L << 32,
        8193L << 32 | 1, 8208L << 32, 16383L << 32 | 2, 65535L << 32 | 3, 8191L << 32, 8192, 8240, 8L << 32, 16L << 32, 24L << 32, 8, 16,
        24, -1, 0xFFFF_FFFFL, 0xFE0,
        0x1000, 0x20, 0xA1, 0xA0, 0xFF, 0xA1A1_A1A1L, 0xFFFF, 0x1_0000, Place.RAM + Place.SIZE, Place.DOORBELL};

    @Override
    public void prepare(Machine machine, Script script) {
      Gic.version3(script, 2);
      Gic.messages(script, 1, 2, 3);
      nvme.setUp(machine, script);
      disk.plugIn(machine, script);
      disk.setUp(script);
      rogue.setUp(machine, script);
    }

    @Override
    public long register(InputBytes input) {
      int which = input.next();
      return (which & 0x40) == 0 ? Place.ITS + ITS_REGISTERS[which & 15]
          : Place.GICR + ((which & 0x20) != 0 ? 0x2_0000 : 0) + LPI_REGISTERS[which & 15];
    }

    @Override
    public long[] values() {
      return values;
    }

    @Override
    public void step(int kind, int more, InputBytes input, Script script) {
      switch (kind) {
        case 0 -> command(more, input, script);
        case 1 -> {
          long at = register(input);
          script.store(at, (more & 1) == 0 ? 8 : 4, Values.next(input, values));
        }
        case 2 -> {
          long table = new long[] {Place.ITS_DEVICES, Place.ITS_COLLECTIONS, Place.ITS_EVENTS + 0x100, Place.ITS_EVENTS + 0x300,
              Place.ITS_COMMANDS,
              Place.PROPERTIES, Place.PENDING + 0x400, Place.ITS_EVENTS + 0x200}[more & 7];
          script.store((table + input.next()) & ((more & 8) == 0 ? -8L : -1L), (more & 8) == 0 ? 8 : 1, Values.next(input, values));
        }
        case 3 -> rogue.write(script, (more & 8) == 0 ? Place.DOORBELL : Values.next(input, values), 4, Values.next(input, values));
        case 4 -> rogue.message(script, more);
        case 5 -> nvme.io(script, input, more, values);
        case 6 -> {
          if ((more & 8) == 0) {
            script.readRegister(READ[more % READ.length]);
          } else {
            script.writeRegister(input.next() % 30, Values.next(input, values));
          }
        }
        default -> VirtioRequest.make(disk, script, input, requests++, more, values);
      }
    }

    /** A command: its number, its device, three words. Bit 0 of more: not announced. */
    private void command(int more, InputBytes input, Script script) {
      int which = input.next();
      long operation = which < 0x80 ? OPERATIONS[which & 15] : which & 0x7F;
      long device = (which & 0x40) != 0 ? Values.next(input, values) : 8L * (1 + (which >> 4 & 3));
      Gic.command(script, commands++, operation | device << 32, Values.next(input, values), Values.next(input, values),
          (more & 2) == 0 ? 0 : Values.next(input, values));
      if ((more & 1) == 0) {
        script.store8(Place.ITS + 0x88, 32L * (commands & 127));
      }
    }
  }
}
