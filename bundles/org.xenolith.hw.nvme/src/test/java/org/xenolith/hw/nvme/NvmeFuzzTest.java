// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.pci.FakePciHost;

/** A guest that writes rubbish can't make the controller throw, hang, or write beyond its memory; seeds are fixed. */
class NvmeFuzzTest {
  private static final int STEPS = 6000;

  /** What a run left: the disk, memory, messages. */
  private record Left(int disk, int memory, int messages, long reads) {}

  private static Left run(long seed, boolean changing) {
    NvmeRig rig = new NvmeRig();
    Random random = new Random(seed);
    rig.pci.enable();
    long reads = 0;
    for (int step = 0; step < STEPS; step++) {
      try {
        new RandomDriver(random, rig.pci.host().root().function(FakePciHost.DEVFN), rig.host.dma()).act();
        rig.host.clock().advance(random.nextInt(30_000));
        if (changing && step % 16 == 0) {
          rig.handOver();
        }
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", step " + step, e);
      }
      reads = Math.max(reads, (long) rig.model.state().save().values().get("reads"));
    }
    byte[] memory = new byte[FakeMemory.SIZE];
    rig.host.dma().read(FakeMemory.BASE, memory, 0, memory.length);
    return new Left(Arrays.hashCode(rig.disk.content), Arrays.hashCode(memory), rig.host.sentMessages().hashCode(),
        reads);
  }

  @Test
  void rubbishIsHarmlessAndHandOversUnderItAreUnseen() {
    long reads = 0;
    for (long seed = 1; seed <= 3; seed++) {
      Left left = run(seed, false);
      assertEquals(left, run(seed, true), "seed " + seed);
      reads += left.reads;
    }
    assertTrue(reads > 100, "the fuzz gets as far as reading sectors: " + reads);
  }
}
