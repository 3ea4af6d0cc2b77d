// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.block.api.BlockPort;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** An NVMe controller with a pair of queues for commands: 4 MiB at once, or 32 MiB of zeroes, and a command. */
@DeviceNumber(10)
final class WorkingNvme extends WorkingDevice {
  private static final String BRIDGE = "/pcie@10000000";
  private static final int DEVFN = 1 << 3;
  private static final long BAR = 0x1000_0000L;
  private static final int DOORBELLS = 0x1000;
  private static final int ENTRIES = 64;
  private static final int COMMAND = 64;
  private static final long QUEUES = 0x1_0000;
  /** A page of addresses of pages. */
  private static final long LIST = 0x8_0000;
  private static final int LIST_ENTRIES = 512;
  private static final int[] ADMINISTRATION = {6, 2, 9, 10, 12, 0, 1, 4, 5, 8};
  private static final int[] INPUT_AND_OUTPUT = {2, 1, 0, 8, 9, 5, 4, 12};
  private static final int LATENCY = 1_000_000;

  private final FakeContext host;
  private final int[] tails = new int[2];

  WorkingNvme() {
    super("NVMe", 2 * ((8L << 20) + (64L << 20)) / UNIT);
    host = new FakeContext(FakeNode.at(BRIDGE).compatible("pci-host-ecam-generic").cells("ranges", 2 << 24, 0, (int) BAR, 0, (int) BAR, 0,
        0x100_0000).build());
    PciHost bridge = new PciHost(memory.behind(host));
    bridge.claimRanges();
    context = host.at(FakeNode.at(BRIDGE + "/nvme@1").compatible("xenolith,pci-nvme").cells("reg", DEVFN << 8, 0, 0, 0, 0).build());
    context.port(BlockPort.class).attach(new CountedDisk(memory), "counted");
    make(context, "hw.nvme.NvmeComponent");
    bridge.writeConfig(0, DEVFN, ConfigTable.BAR0, 4, (int) BAR);
    bridge.writeConfig(0, DEVFN, ConfigTable.BAR0 + 4, 4, 0);
    bridge.writeConfig(0, DEVFN, ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MEMORY | ConfigTable.COMMAND_MASTER);
    for (int i = 0; i < LIST_ENTRIES; i++) {
      memory.put(LIST + 8 * i, 8, 0x10_0000L * (i + 1));
    }
    write(0x24, 4, ENTRIES - 1 << 16 | ENTRIES - 1);
    write(0x28, 8, submission(0));
    write(0x30, 8, completion(0));
    write(0x14, 4, 4 << 20 | 6 << 16 | 1);
    // A completion queue, and a submission queue.
    command(0, 0, 5, 0, completion(1), 0, ENTRIES - 1 << 16 | 1, 3);
    command(0, 1, 1, 0, submission(1), 0, ENTRIES - 1 << 16 | 1, 1 << 16 | 1);
    ring(0, 2);
    clock().advance(LATENCY);
  }

  private static long submission(int queue) {
    return QUEUES + 0x4000L * queue;
  }

  private static long completion(int queue) {
    return QUEUES + 0x4000L * queue + 0x2000;
  }

  private void write(long offset, int size, long value) {
    host.writeAt(BAR + offset, size, value);
  }

  private void command(int queue, int index, int opcode, int namespace, long first, long second, long... words) {
    long at = submission(queue) + (long) COMMAND * ((tails[queue] + index) % ENTRIES);
    for (int i = 0; i < COMMAND; i += 8) {
      memory.put(at + i, 8, 0);
    }
    memory.put(at, 4, opcode | index << 16);
    memory.put(at + 4, 4, namespace);
    memory.put(at + 24, 8, first);
    memory.put(at + 32, 8, second);
    for (int i = 0; i < words.length; i++) {
      memory.put(at + 40 + 4L * i, 4, words[i]);
    }
  }

  private void ring(int queue, int commands) {
    tails[queue] = (tails[queue] + commands) % ENTRIES;
    write(DOORBELLS + 8L * queue, 4, tails[queue]);
  }

  /** Many commands of a kind, or any access to a register; and what is completed was seen. */
  @Override
  void step(InputBytes input) {
    int kind = input.next();
    if ((kind & 7) == 7) {
      int size = 4 << (input.next() & 1);
      write(input.next(2) & 0x1FFF & -size, size, input.next(size));
      return;
    }
    int queue = (kind & 7) == 6 ? 0 : 1;
    int[] known = queue == 0 ? ADMINISTRATION : INPUT_AND_OUTPUT;
    int opcode = input.next();
    opcode = opcode < 128 ? known[opcode % known.length] : input.next();
    int commands = 1 + input.next() % (ENTRIES - 1);
    long first = input.next(3) << 12 & 0xFFFF_FFFFL | (kind & 8) << 2;
    long word10 = input.next(4);
    long word12 = input.next(2) | (long) input.next() << 24;
    long word11 = (long) input.next() << 16 | input.next();
    long identifier = queue == 0 ? input.next() & 1 : 1;
    for (int i = 0; i < commands; i++) {
      command(queue, i, opcode, (int) identifier, first, LIST, word10, word11, word12, word12);
    }
    write(DOORBELLS + 8L * queue + 4, 4, tails[queue]);
    ring(queue, commands);
  }
}
