// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.testkit.FakeMemory;

/**
 * A guest that writes rubbish where it may hurt: configuration space, registers, doorbells, queues, PRPs. Half of what it does is
 * what a driver would do, so that it gets somewhere.
 */
final class RandomDriver {
  private static final long BAR = 0x1000_0000L;
  private static final long QUEUES = FakeMemory.BASE;
  private static final int QUEUE = 0x1000;

  private final RandomGenerator random;
  private final PciTarget function;
  private final DmaPort memory;

  RandomDriver(RandomGenerator random, PciTarget function, DmaPort memory) {
    this.random = random;
    this.function = function;
    this.memory = memory;
  }

  void act() {
    switch (random.nextInt(24)) {
      case 0 -> config();
      case 1 -> bar(random.nextInt(0x4000), random.nextLong());
      case 2 -> bar(random.nextInt(0x60), random.nextLong());
      case 3 -> doorbell(random.nextInt(24), random.nextInt());
      case 4 -> memory.write(QUEUES + 8L * random.nextInt(FakeMemory.SIZE / 8), 8, random.nextLong());
      case 5 -> enable();
      case 6 -> createQueues(random.nextInt(10));
      case 7, 8 -> start();
      case 9, 10, 11, 12 -> doorbell(2 * random.nextInt(3) + 1, random.nextInt(9));
      default -> {
        int queue = Math.min(1, random.nextInt(4));
        for (int i = random.nextInt(8); i >= 0; i--) {
          command(queue, random.nextInt(8));
        }
        doorbell(2 * queue, random.nextInt(9));
      }
    }
  }

  /** All that a driver does until it has queues. */
  private void start() {
    function.writeConfig(0x44, 2, 0);
    function.writeConfig(0x10, 4, (int) BAR);
    function.writeConfig(0x14, 4, 0);
    function.writeConfig(4, 2, 6);
    enable();
    createQueues(1);
  }

  private void config() {
    int size = 1 << random.nextInt(3);
    function.writeConfig(random.nextInt(random.nextBoolean() ? 0x100 : 0x1000) & -size, size, random.nextInt());
  }

  private void bar(long offset, long value) {
    int size = 1 << random.nextInt(4);
    PciAperture found = function.decode(false, BAR + (offset & -size));
    if (found != null) {
      found.device().readBar(found.bar(), offset & -size, size);
      found.device().writeBar(found.bar(), offset & -size, size, value & -1L >>> 64 - 8 * size);
    }
  }

  private void word(long offset, int size, long value) {
    PciAperture found = function.decode(false, BAR + offset);
    if (found != null) {
      found.device().writeBar(found.bar(), offset, size, value);
    }
  }

  private void doorbell(int number, long value) {
    word(NvmeDriver.DOORBELLS + 4L * number, 4, value & 0xFFFF_FFFFL);
  }

  private void enable() {
    word(NvmeDriver.CC, 4, 0);
    word(NvmeDriver.AQA, 4, 7 << 16 | 7);
    word(NvmeDriver.ASQ, 8, random.nextInt(16) == 0 ? random.nextLong() : QUEUES);
    word(NvmeDriver.ACQ, 8, random.nextInt(16) == 0 ? random.nextLong() : QUEUES + 16 * QUEUE);
    word(NvmeDriver.CC, 4, random.nextInt(16) == 0 ? random.nextInt() & 0xFFFF_FFFFL : NvmeDriver.ENABLE | random.nextInt(5) << 7);
  }

  /** In the first two entries of the admin queue: right after a reset they are carried out. */
  private void createQueues(int number) {
    long completion = QUEUES + (17L + number) * QUEUE;
    put(0, 0, NvmeDriver.CREATE_CQ, completion, 0, 7 << 16 | number,
        random.nextInt(4) == 0 ? random.nextInt(10) << 16 | random.nextInt(4) : 3);
    put(0, 1, NvmeDriver.CREATE_SQ, QUEUES + (long) number * QUEUE, 0, 7 << 16 | number, number << 16 | 1);
    doorbell(0, 2);
  }

  private void command(int queue, int entry) {
    int opcode = random.nextInt(8) == 0 ? random.nextInt(256) : queue == 0 ? random.nextInt(13) : random.nextInt(4);
    put(queue, entry, opcode, address(), address(), random.nextBoolean() ? random.nextInt(64) : random.nextInt(), dword());
    long at = QUEUES + (long) queue * QUEUE + 64L * entry;
    memory.write(at + 48, 4, random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(64));
    if (random.nextInt(4) != 0) {
      memory.write(at + 44, 4, Math.max(0, random.nextInt(5) - 2));
    }
  }

  private int dword() {
    return random.nextBoolean() ? random.nextInt(4) : random.nextInt();
  }

  private void put(int queue, int entry, int opcode, long prp1, long prp2, int dword10, int dword11) {
    long at = QUEUES + (long) queue * QUEUE + 64L * entry;
    memory.write(at, 4, opcode | random.nextInt(0x10000) << 16 | (random.nextInt(16) == 0 ? random.nextInt(0x10000) : 0));
    memory.write(at + 4, 4, random.nextInt(8) == 0 ? dword() : 1);
    memory.write(at + 24, 8, prp1);
    memory.write(at + 32, 8, prp2);
    memory.write(at + 40, 4, dword10);
    memory.write(at + 44, 4, dword11);
    memory.write(at + 52, 4, 0);
  }

  /** Mostly a page in memory, sometimes somewhere in it, sometimes anywhere. */
  private long address() {
    long page = FakeMemory.BASE + random.nextInt(FakeMemory.SIZE / 4096) * 4096L;
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong();
      case 1 -> page + random.nextInt(4096);
      case 2 -> page + (random.nextInt(4096) & -8);
      default -> page;
    };
  }
}
