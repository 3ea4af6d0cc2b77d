// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import java.util.List;
import org.xenolith.block.api.BlockPort;
import org.xenolith.firmware.api.FwCfgPort;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** A device alone, what a guest does to it, and how much it may do at once: a unit is an access to memory or disk, or 64 bytes. */
abstract class WorkingDevice {
  private static final List<InstalledComponent> INSTALLED = InstalledComponent.all();
  private static final long[] LENGTHS = {0xFFFF_FFFFL, 0x8000_0000L, 0x1_0000_0000L, 0x10_0000, 0x10_0001, 0x80_0000, 0x80_0001, 1, 0, 512,
      4096,
      0x7FFF_FFFF};

  final CountedMemory memory = new CountedMemory();
  final String name;
  final long most;
  FakeContext context;

  WorkingDevice(String name, long most) {
    this.name = name;
    this.most = most;
  }

  static WorkingDevice of(int which) {
    return switch (which % 6) {
      case 0 -> new FwCfg();
      case 1 -> new WorkingQueues("VirtioBlk", 1);
      case 2 -> new WorkingQueues("VirtioConsole", 2);
      case 3 -> new WorkingQueues("VirtioRng", 1);
      case 4 -> new Commands("hw.its.ItsComponent", FakeNode.at("/intc@8000000/its@8080000").compatible("arm,gic-v3-its").window(0x808_0000,
          0x2_0000),
          32);
      default -> new Commands("hw.smmuv3.SmmuV3Component", FakeNode.at("/smmuv3@9050000").compatible("arm,smmu-v3").window(0x905_0000,
          0x2_0000), 16);
    };
  }

  /** Makes a model with the counted memory. @param component class name behind org.xenolith */
  final DeviceModel make(FakeContext at, String component) {
    DeviceModelFactory factory = INSTALLED.stream().filter(each -> each.implementation().equals("org.xenolith." + component)).findFirst()
        .orElseThrow(() -> new IllegalStateException("no component " + component)).make(DeviceModelFactory.class);
    return at.create(new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return factory.description();
      }

      @Override
      public DeviceModel create(DeviceContext own) {
        return factory.create(memory.behind(own));
      }
    });
  }

  /** The guest's next access, and what it writes into memory for it. */
  abstract void step(InputBytes input);

  /** Whether an alarm is armed. */
  final boolean waits() {
    return context.clock().nextDeadline() != Long.MAX_VALUE;
  }

  /** Time goes on to the next alarm. */
  final void alarm() {
    context.clock().advanceTo(context.clock().nextDeadline());
  }

  /** A length: one that means something, or any of 32 bits. */
  static long length(InputBytes input) {
    int which = input.next();
    return which < 128 ? LENGTHS[which % LENGTHS.length] : input.next(4);
  }

  /** Any access to a register. */
  final void any(InputBytes input) {
    int size = 4 << (input.next() & 1);
    long offset = input.next(2) & -size & context.node().windows().getFirst().size() - 1;
    context.write(0, offset, size, input.next(size));
  }

  /** fw_cfg with a small item and a large one: requests by DMA of any length. */
  private static final class FwCfg extends WorkingDevice {
    private static final long DMA = 0x10;

    private FwCfg() {
      super("fw_cfg", (2 << 20) / 64);
      context = new FakeContext(FakeNode.at("/fw-cfg@9020000").compatible("qemu,fw-cfg-mmio").window(0x902_0000, 0x18).build());
      make(context, "hw.fwcfg.FwCfgComponent");
      FwCfgPort port = context.port(FwCfgPort.class);
      port.file("large", new byte[3 << 20]);
      port.file("small", new byte[300]);
    }

    @Override
    void step(InputBytes input) {
      int kind = input.next();
      if ((kind & 0xF) == 0xF) {
        context.write(0, input.next() & 0x10, 8, input.next(8));
        return;
      }
      // Control: read 2, skip 4, select 8, write 16.
      memory.put(0x1000, 4, Integer.toUnsignedLong(Integer.reverseBytes((0x20 + (kind >> 6)) << 16 | kind & 0x1E)));
      memory.put(0x1004, 4, Integer.toUnsignedLong(Integer.reverseBytes((int) length(input))));
      memory.put(0x1008, 8, Long.reverseBytes(input.next(4) << 4 | 0x2000));
      context.write(0, DMA, 8, Long.reverseBytes(0x1000));
    }
  }

  /** What takes commands from a queue in memory: 64 KiB full of what the input says, again and again. */
  private static final class Commands extends WorkingDevice {
    private static final int QUEUE = 0x1_0000;
    private static final long BASE = 0x4_0000;

    private final int entry;
    private final boolean its;

    private Commands(String component, FakeNode node, int entry) {
      // ITS: 512 commands, each of which may look into three tables; SMMU: two rounds of 1,024.
      super(component, 64_000);
      this.entry = entry;
      its = entry == 32;
      if (!its) {
        for (int i = 0; i < 4; i++) {
          node.interrupt("/intc", 0, 74 + i, 1);
        }
      }
      context = new FakeContext(node.build(), 2);
      make(context, component);
      if (its) {
        context.write(0, 0x100, 8, 1L << 63 | 2 << 8 | 0x8_0000);
        context.write(0, 0x108, 8, 1L << 63 | 2 << 8 | 0x9_0000);
        context.write(0, 0x80, 8, 1L << 63 | BASE | 0xF);
        context.write(0, 0, 4, 1);
      } else {
        context.write(0, 0x80, 8, 0x8_0000);
        context.write(0, 0x88, 4, 6);
        context.write(0, 0x90, 8, BASE | 10);
        context.write(0, 0xA0, 8, 0xA_0000 | 10);
        context.write(0, 0x20, 4, 0xD);
      }
    }

    @Override
    void step(InputBytes input) {
      int kind = input.next();
      switch (kind & 3) {
        case 0 -> {
          int commands = 1 + (kind >> 2 & 3);
          long[] words = new long[commands * entry / 8];
          for (int i = 0; i < words.length; i++) {
            words[i] = input.next(4) | (i * 8 % entry == 16 ? 1L << 63 : 0) | (long) input.next() << 32;
          }
          for (int at = 0; at < QUEUE; at += 8) {
            memory.put(BASE + at, 8, words[at / 8 % words.length]);
          }
          announce(input);
        }
        case 1, 2 -> announce(input);
        default -> any(input);
      }
    }

    private void announce(InputBytes input) {
      if (its) {
        context.write(0, 0x88, 4, input.next(2) * 32 & 0xFFE0);
      } else {
        context.write(0, 0x98, 4, input.next(2) & 0x7FF);
      }
    }
  }

  /** A virtio function behind MMIO. */
  private static final class WorkingQueues extends WorkingDevice {
    private static final int SIZE = 256;
    private static final long TABLE = 0x1000;
    private static final long INDIRECT = 0x2_0000;

    private final int queues;
    private int size = SIZE;
    private int next;

    private WorkingQueues(String kind, int queues) {
      // 8 MiB from the disk and to memory, and 256 chains of as many descriptors.
      super(kind, 2 * (20L << 20) / 64 + 4L * SIZE * 1024);
      this.queues = queues;
      context = new FakeContext(FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").window(0xA00_0000, 0x200).interrupt("/intc",
          0, 16, 1)
          .build());
      context.port(BlockPort.class).attach(new CountedDisk(memory), "counted");
      make(context, "hw.virtio.mmio.VirtioMmioComponent");
      make(context.sibling(":function"), "hw.virtio." + kind.substring("Virtio".length()).toLowerCase(java.util.Locale.ROOT) + "." + kind
          + "Component");
      for (int each : new int[] {0, 1, 3}) {
        context.write(0x70, each);
      }
      for (int half = 0; half < 2; half++) {
        context.write(0x14, half);
        context.write(0x24, half);
        context.write(0x20, context.read(0x10));
      }
      context.write(0x70, 0xB);
      for (int queue = 0; queue < queues; queue++) {
        context.write(0x30, queue);
        size = (int) Math.min(SIZE, context.read(0x34));
        context.write(0x38, size);
        context.write(0x80, table(queue));
        context.write(0x90, table(queue) + 0x1000);
        context.write(0xA0, table(queue) + 0x2000);
        context.write(0x44, 1);
      }
      context.write(0x70, 0xF);
    }

    private static long table(int queue) {
      return TABLE + 0x4000L * queue;
    }

    @Override
    void step(InputBytes input) {
      int kind = input.next();
      if ((kind & 7) == 7) {
        any(input);
        return;
      }
      int queue = queues - 1;
      int buffers = 1 + (kind >> 3);
      long header = 0x8000;
      memory.put(header, 4, input.next());
      memory.put(header + 8, 8, input.next(4));
      boolean write = (input.next() & 1) != 0;
      // An indirect table of 1,024 buffers, of which an input says the first.
      long length = length(input);
      int count = Math.min(1024, buffers * buffers);
      for (int i = 0; i < count; i++) {
        boolean last = i == count - 1;
        describe(INDIRECT, i, i == 0 ? header : last ? header + 0x100 : 0x10_0000L * i, i == 0 ? 16 : last ? 1 : length, (last ? 0 : 1) | (i
            > 0
            && (write || last) ? 2 : 0), i + 1);
      }
      describe(table(queue), 0, INDIRECT, 16L * count, 4, 0);
      int chains = 1 + input.next() % size;
      for (int i = 0; i < chains; i++) {
        memory.put(table(queue) + 0x1000 + 4 + 2 * (next++ % size), 2, 0);
      }
      memory.put(table(queue) + 0x1000 + 2, 2, next);
      context.write(0x50, queue);
    }

    private void describe(long table, int index, long address, long length, int flags, int following) {
      memory.put(table + 16L * index, 8, address);
      memory.put(table + 16L * index + 8, 4, length);
      memory.put(table + 16L * index + 12, 2, flags);
      memory.put(table + 16L * index + 14, 2, following);
    }
  }
}
