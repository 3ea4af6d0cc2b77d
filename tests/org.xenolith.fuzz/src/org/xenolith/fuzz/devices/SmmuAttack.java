// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import java.util.List;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.control.Machine;

/**
 * An SMMUv3 that translates for an NVMe controller (stage 1) and a virtio disk (stage 2). Where the input's first byte has bit 0,
 * what leads to the pages under watch is left alone: registers, stream table, and descriptors that lead there. Then no device may
 * reach them, whatever addresses it is given.
 */
public final class SmmuAttack extends DeviceAttack {
  private static final DeviceBoard BOARD = new DeviceBoard(3, 1, false, List.of("iommu=smmuv3"), List.of(), List.of("nvme", "virtio:2"),
      List.of());

  @Override
  public String word() {
    return "smmu";
  }

  @Override
  public String says() {
    return "accesses of a guest without a hypervisor to an SMMUv3 between memory and an NVMe controller and a virtio disk at work:"
        + " registers, commands, stream table entries, context descriptors, page tables; with bit 0 of the first byte only what must not"
        + " lead the devices to the pages under watch";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.smmuv3.**", "org.xenolith.machine.bus.Requester**", "org.xenolith.hw.nvme.**");
  }

  @Override
  DeviceBoard board(int world) {
    return BOARD;
  }

  @Override
  Driver driver(int world) {
    return new SmmuDriver();
  }

  /** What is kept of tables isn't saved, and a guest that changes them without saying so sees that. */
  @Override
  boolean goesOn() {
    return false;
  }

  /** Sets up translation and attacks it. */
  private static final class SmmuDriver implements Driver {
    private static final long TABLES = Place.DEVICES + 0x2_0000;
    private static final long CONTEXT = TABLES;
    private static final long FIRST = TABLES + 0x1000;
    private static final long SECOND = TABLES + 0x2000;
    private static final long THIRD = TABLES + 0x3000;
    private static final long STAGE2 = TABLES + 0x4000;
    private static final long LOW = TABLES + 0x9000;
    private static final long EVENTS = TABLES + 0x8000;
    private static final int COMMANDS_LOG2 = 7;
    private static final long PAGE1 = 1 << 10 | 1 << 6 | 3;
    private static final long PAGE2 = 1 << 10 | 3 << 6 | 0xF << 2 | 3;
    private static final int FIRST_PAGE = 0x20;
    private static final int LAST_PAGE = 0x40;
    /** Nothing may change below, where only what may be changed is. */
    private static final int WATCHED = 0x3000;
    private static final long OUTPUT = 0xFFFF_FFFF_F000L;
    private static final long GIBIBYTE = 0xFFFF_C000_0000L;
    private static final int CMDQ_PROD = 0x98;
    private static final int EVENTQ_CONS = 0x1_00AC;
    private static final int GERRORN = 0x64;
    private static final int[] REGISTERS = {0x20, 0x28, 0x2C, 0x44, 0x50, 0x60, 0x64, 0x68, 0x70, 0x80, 0x88, 0x90, CMDQ_PROD, 0x9C, 0xA0,
        0xB0, 0xB8, 0x1_00A8, EVENTQ_CONS, 0, 4, 0x14, 0x24, 0x54, 0x84, 0x94, 0xA4, 0x48, 0x1C, 0xBC};
    private static final int[] COMMANDS = {0x03, 0x04, 0x05, 0x06, 0x11, 0x12, 0x10, 0x13, 0x46, 0x28, 0x2A, 0x30, 0x01, 0x02, 0x20,
        0x21, 0x22,
        0x23, 0x00, 0x44};

    private final NvmeController nvme = new NvmeController(1, Place.DEVICES);
    private final VirtioDevice disk = VirtioDevice.pci(2, 2, 4);
    private final long[] values;
    private int requests;
    private int commands;
    private boolean guarded;

    private SmmuDriver() {
      values = new long[] {nvme.data(0), nvme.data(1), nvme.data(2), nvme.list(0), disk.area(), Place.RAM, Place.RAM + 0x1000,
          Place.RAM + 0x2000,
          Place.RAM + 0x1FFC, Place.CODE, CONTEXT, FIRST, SECOND, THIRD, STAGE2, LOW, EVENTS, Place.STREAMS, Place.COMMANDS, THIRD | 3,
          SECOND | 3, FIRST | 3,
          nvme.data(0) | PAGE1, nvme.data(0) | PAGE2, Place.RAM | PAGE1, Place.RAM | PAGE2, Place.RAM | PAGE1 & ~2L, 0x4000_0000L | 1,
          -1, 0xFFFF_FFFFL, Long.MIN_VALUE,
          Place.DOORBELL, 0x4000_0000L, 0xFFFF_FFFF_F000L, 0x1_0000_0000L, CONTEXT | 0xB, 9, 0xB, 0xD, 0xF, 0xD1, EVENTS | 7,
          Place.COMMANDS | 7, Place.STREAMS | 5};
    }

    @Override
    public void prepare(Machine machine, Script script) {
      Gic.version3(script, 1);
      Gic.messages(script, 1, 2);
      // A translation for each device, before it may do anything.
      stream(script, 8, CONTEXT | 5 << 1 | 1, 0, 0, 0);
      stream(script, 16, 6 << 1 | 1, 0, 1 | 32L << 32 | 1L << 38 | 5L << 48 | 1L << 51 | 1L << 58, STAGE2);
      script.store8(CONTEXT, 32 | 1L << 30 | 1L << 31 | 5L << 32 | 1L << 41 | 1L << 45 | 1L << 46 | 7L << 48);
      script.store8(CONTEXT + 8, FIRST);
      script.store8(FIRST, LOW | 3);
      script.store8(FIRST + 8, SECOND | 3);
      script.store8(STAGE2 + 8, STAGE2 + 0x1000 | 3);
      // The doorbell's two mebibytes.
      script.store8(LOW + 8 * (Place.DOORBELL >> 21), Place.DOORBELL & -1L << 21 | PAGE1 & ~2L);
      script.store8(STAGE2, STAGE2 + 0x3000 | 3);
      script.store8(STAGE2 + 0x3000 + 8 * (Place.DOORBELL >> 21), Place.DOORBELL & -1L << 21 | PAGE2 & ~2L);
      script.store8(SECOND, THIRD | 3);
      script.store8(STAGE2 + 0x1000, STAGE2 + 0x2000 | 3);
      for (int page = FIRST_PAGE; page < LAST_PAGE; page++) {
        script.store8(THIRD + 8L * page, Place.RAM + ((long) page << 12) | PAGE1);
        script.store8(STAGE2 + 0x2000 + 8L * page, Place.RAM + ((long) page << 12) | PAGE2);
      }
      script.store8(Place.SMMU + 0x80, Place.STREAMS);
      script.store4(Place.SMMU + 0x88, 5);
      script.store8(Place.SMMU + 0x90, Place.COMMANDS | COMMANDS_LOG2);
      script.store8(Place.SMMU + 0xA0, EVENTS | 7);
      script.store4(Place.SMMU + 0x2C, 2);
      script.store4(Place.SMMU + 0x50, 5);
      script.store4(Place.SMMU + 0x20, 0xD);
      nvme.setUp(machine, script);
      disk.plugIn(machine, script);
      disk.setUp(script);
    }

    private static void stream(Script script, int id, long... words) {
      for (int i = 0; i < words.length; i++) {
        script.store8(Place.STREAMS + 64L * id + 8L * i, words[i]);
      }
    }

    @Override
    public void begin(int flags, Script script) {
      guarded = (flags & 1) != 0;
      if (guarded) {
        script.guard(SmmuDriver::allowed);
      }
    }

    /** Leaves alone what says where devices get to; what may lead to the first pages is no descriptor. */
    private static Long allowed(long address, int size, long value) {
      long offset = address - Place.RAM;
      if (offset >= 0 && offset < Place.SIZE) {
        boolean commands = address >= Place.COMMANDS && address + size <= Place.CODE;
        boolean part = size < 4 && (value >>> 8 * size - 8 & 0xFF) == Place.RAM >>> 24;
        return part || offset < Place.DEVICES - Place.RAM && !commands || (commands || (value & 1) != 0) && leadsTo(value) ? null
            : (Long) value;
      }
      if (address >= Place.SMMU && address < Place.SMMU + 0x2_0000) {
        long register = address - Place.SMMU;
        return size == 4 && (register == CMDQ_PROD || register == EVENTQ_CONS || register == GERRORN) ? value : null;
      }
      return address >= Place.GICD && address < Place.UART ? null : (Long) value;
    }

    /** Whether a descriptor of this value, or its lower half, leads below the devices' own pages, as a page or as part of a block. */
    private static boolean leadsTo(long value) {
      for (long part : new long[] {value, value & 0xFFFF_FFFFL, value >>> 32}) {
        long page = (part & OUTPUT) - Place.RAM;
        if (page >= 0 && page < Place.DEVICES - Place.RAM || (part & 2) == 0 && (part & GIBIBYTE) == Place.RAM) {
          return true;
        }
      }
      return false;
    }

    @Override
    public List<String> wrong(AttackedMachine attacked) {
      return guarded && !(attacked.warm().holds(Place.RAM, WATCHED) && attacked.warm().holds(Place.CODE, 0x4000))
          ? List.of("a device wrote where its translation doesn't lead") : List.of();
    }

    @Override
    public long register(InputBytes input) {
      int which = input.next();
      return switch (which >> 6) {
        case 0, 1 -> Place.SMMU + REGISTERS[which % REGISTERS.length];
        case 2 -> nvme.register(input);
        default -> disk.register(input);
      };
    }

    @Override
    public long[] values() {
      return values;
    }

    @Override
    public void step(int kind, int more, InputBytes input, Script script) {
      switch (kind) {
        case 0 -> nvme.io(script, input, more, values);
        case 1 -> VirtioRequest.make(disk, script, input, requests++, more, values);
        case 2 -> command(more, input, script);
        case 3 -> {
          long table = new long[] {FIRST, SECOND, THIRD, LOW, STAGE2, STAGE2 + 0x1000, STAGE2 + 0x2000, STAGE2 + 0x3000}[more & 7];
          script.store8(table + 8L * (input.next() & ((more & 8) == 0 ? 0x7F : 0xFF)), Values.next(input, values));
        }
        case 4 -> script.store8(CONTEXT + 8L * (more & 3), Values.next(input, values));
        case 5 -> {
          int which = input.next();
          script.store8(Place.STREAMS + 64L * ((which & 1) == 0 ? 8 : 16) + (which >> 1 & 7) * 8L, Values.next(input, values));
        }
        case 6 -> script.store(Place.SMMU + REGISTERS[input.next() % REGISTERS.length], (more & 1) == 0 ? 4 : 8, Values.next(input,
            values));
        default -> {
          if ((more & 1) == 0) {
            script.store8(nvme.queued(input.next(), input.next()), Values.next(input, values));
          } else {
            disk.describe(script, 0, input.next() & 15, Values.next(input, values), Values.next(input, values), more >> 1, input.next());
          }
        }
      }
    }

    /** A command: its number, fields of its first word, its second word. Bit 0 of more: not announced; 1: then one that waits for it. */
    private void command(int more, InputBytes input, Script script) {
      int which = input.next();
      long operation = which < 0x80 ? COMMANDS[which % COMMANDS.length] : which & 0x7F;
      put(script, operation | Values.next(input, values) << 32 | (long) input.next() << 12, Values.next(input, values));
      if ((more & 2) != 0) {
        put(script, 0x46 | (long) (more >> 2 & 3) << 12, EVENTS);
      }
      if ((more & 1) == 0) {
        script.store4(Place.SMMU + CMDQ_PROD, commands & 0xFF);
      }
    }

    private void put(Script script, long low, long high) {
      long at = Place.COMMANDS + 16L * (commands & 127);
      script.store8(at, low);
      script.store8(at + 8, high);
      commands++;
    }
  }
}
