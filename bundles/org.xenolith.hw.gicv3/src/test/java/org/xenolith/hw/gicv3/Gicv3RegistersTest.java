// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.gicv3.Gicv3Rig.DIST;
import static org.xenolith.hw.gicv3.Gicv3Rig.FRAMES;
import static org.xenolith.hw.gicv3.Gicv3Rig.ICFGR;
import static org.xenolith.hw.gicv3.Gicv3Rig.NONE;
import static org.xenolith.hw.gicv3.Gicv3Rig.REDIST;
import static org.xenolith.hw.gicv3.Gicv3Rig.SGI;
import static org.xenolith.hw.gicv3.Gicv3Rig.node;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_AP1R0_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_CTLR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_EOIR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_IAR1_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_RPR_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SRE_EL1;
import static org.xenolith.hw.gicv3.IccRegisters.ICC_SRE_EL2;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.ModelException;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.RecordedAccess;

/** Which windows, registers and inputs there are, and what they say of the controller. */
class Gicv3RegistersTest {
  private final Gicv3Rig rig = new Gicv3Rig();

  @Test
  void bootOfOneCpuReadsWhatQemuRead() {
    replay("boot-1-cpu.txt", 1);
  }

  @Test
  void bootOfTwoCpusReadsWhatQemuRead() {
    replay("boot-2-cpu.txt", 2);
  }

  /** What differs because the recorded machine had an ITS: LPI support in the type registers and the LPI registers. */
  private void replay(String resource, int cpus) {
    rig.create(cpus);
    int reads = 0;
    for (RecordedAccess access : RecordedAccess.read(Gicv3RegistersTest.class, resource)) {
      int window = access.region().equals("gicv3_dist") ? DIST : REDIST;
      long offset = access.address() - (window == DIST ? 0x800_0000 : 0x80A_0000);
      long inFrame = offset % FRAMES;
      if (window == REDIST && (inFrame == 0 || inFrame == 0x70 || inFrame == 0x78)) {
        continue;
      }
      if (access.write()) {
        rig.context.write(window, offset, access.size(), access.value());
      } else {
        long lpis = window == DIST ? offset == 4 ? 1 << 17 : 0 : inFrame == 8 ? 1 : 0;
        assertEquals(access.value() & ~lpis, rig.context.read(window, offset, access.size()), access.toString());
        reads++;
      }
    }
    assertTrue(reads > 20, "too few reads: " + reads);
    assertEquals(List.of(), rig.context.reportedFaults());
  }

  @Test
  void identificationIsQemus() {
    rig.start(2);
    assertEquals(0x53, rig.read(DIST, 0));
    assertEquals(0x378_0007, rig.read(DIST, 4));
    assertEquals(0x43B, rig.read(DIST, 8));
    assertEquals(0x92, rig.read(DIST, 0xFFE0));
    assertEquals(0x3B, rig.read(DIST, 0xFFE8));
    assertEquals(0x93, rig.read(REDIST, 0xFFE0));
    assertEquals(0x43B, rig.read(REDIST, 4));
    assertEquals(0x100_0000L, rig.context.read(REDIST, 8, 8));
    assertEquals(0x1_0100_0110L, rig.context.read(REDIST, FRAMES + 8, 8));
    assertEquals(0xAAAA_AAAAL, rig.read(REDIST, SGI + ICFGR));
    assertEquals(0x8C00, rig.mrs(0, ICC_CTLR_EL1));
    assertEquals(7, rig.mrs(0, ICC_SRE_EL1));
    assertEquals(0xFF, rig.mrs(0, ICC_RPR_EL1));
    assertEquals(NONE, rig.iar(0));
  }

  @Test
  void specifiersNameInputs() {
    rig.start(1);
    InterruptInputs inputs = rig.context.inputs();
    assertEquals(33, inputs.input(new int[] {0, 1, 4}));
    assertEquals(27, inputs.input(new int[] {1, 11, 4}));
    assertEquals(-1, inputs.input(new int[] {0, 224, 4}));
    assertEquals(-1, inputs.input(new int[] {4, 0, 4}));
  }

  @Test
  void unknownRegistersAreReported() {
    rig.start(1);
    assertEquals(0, rig.read(DIST, 0x40));
    rig.write(REDIST, FRAMES, 1);
    assertEquals(0, rig.read(REDIST, SGI + 0x84));
    assertEquals(3, rig.context.reportedFaults().size());
    assertThrows(SystemRegisterTrap.class, () -> rig.mrs(0, ICC_EOIR1_EL1));
    assertThrows(SystemRegisterTrap.class, () -> rig.msr(0, ICC_IAR1_EL1, 0));
    assertThrows(SystemRegisterTrap.class, () -> rig.mrs(0, ICC_AP1R0_EL1 + 1));
    assertThrows(SystemRegisterTrap.class, () -> rig.mrs(0, ICC_SRE_EL2));
  }

  @Test
  void regionsTakeTheCpusInOrder() {
    FakeNode two = FakeNode.at("/intc").compatible("arm,gic-v3").cells("#redistributor-regions", 2)
        .window(0x800_0000, 0x1_0000).window(0x80A_0000, 0x4_0000).window(0x40_0000_0000L, 0x10_0000);
    rig.context = new FakeContext(two.build(), 3);
    rig.context.create(new Gicv3Component());
    assertEquals(0x10, rig.read(1, FRAMES + 8) & 0x10);
    assertEquals(2, rig.read(2, 0xC));
    assertEquals(0x10, rig.read(2, 8) & 0x10);
    assertThrows(ModelException.class, () -> new FakeContext(FakeNode.at("/intc").compatible("arm,gic-v3")
        .window(0x800_0000, 0x1_0000).window(0x80A_0000, 0x4_0000).build(), 3).create(new Gicv3Component()));
  }

  @Test
  void wrongOptionsAreRefused() {
    assertThrows(ModelException.class,
        () -> new FakeContext(node().option("lines", "100").build()).create(new Gicv3Component()));
    assertThrows(ModelException.class,
        () -> new FakeContext(node().option("priority-bits", "4").build()).create(new Gicv3Component()));
  }

  @Test
  void thereAreAsManyLinesAsThePlatformNeeds() {
    FakeContext large = new FakeContext(node().build()).incoming(0, 500, 4).incoming(1, 9, 4);
    InterruptInputs inputs = (InterruptInputs) large.create(new Gicv3Component());
    assertEquals(544 / 32 - 1, large.read(DIST, 4, 4) & 31, "GICD_TYPER.ITLinesNumber");
    assertEquals(532, inputs.input(new int[] {0, 500, 4}));
    assertEquals(-1, inputs.input(new int[] {0, 544 - 32, 4}));
  }

  @Test
  void randomAccessesNeverThrow() {
    long seed = 0x5EED_0007L;
    Random random = new Random(seed);
    rig.start(4);
    int[] ids = rig.context.cpus().get(0).claimedRegisters();
    for (int i = 0; i < 300_000; i++) {
      int cpu = random.nextInt(4);
      int size = 1 << random.nextInt(4);
      switch (random.nextInt(4)) {
        case 0 -> {
          long offset = random.nextInt(random.nextBoolean() ? 0x1000 : 0x1_0000) & -size;
          access(random, DIST, offset, size);
        }
        case 1 -> {
          long offset = random.nextInt(5 * FRAMES) & (random.nextBoolean() ? ~0xF000 : ~0) & -size;
          access(random, REDIST, offset, size);
        }
        case 2 -> rig.context.inputs().set(16 + random.nextInt(240), random.nextInt(4), random.nextBoolean());
        default -> {
          try {
            int id = ids[random.nextInt(ids.length)];
            if (random.nextBoolean()) {
              rig.mrs(cpu, id);
            } else {
              rig.msr(cpu, id, random.nextLong());
            }
          } catch (SystemRegisterTrap trapped) {
            assertEquals(0, trapped.target());
          }
        }
      }
    }
  }

  private void access(Random random, int window, long offset, int size) {
    if (random.nextBoolean()) {
      rig.context.read(window, offset, size);
    } else {
      rig.context.write(window, offset, size, random.nextLong());
    }
  }
}
