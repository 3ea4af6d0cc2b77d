// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.testkit.FakeMemory;

class AmdViCommandsTest {
  private static final int RUNS = 1 << 3 | 1 << 4;
  private static final long NOWHERE = 0x1000;
  private final AmdViRig rig = new AmdViRig().start();

  @Test
  void firmwareAndDriversFindIt() {
    assertEquals(0x1419_1022, rig.pci().config(0, 4));
    assertEquals(0x0806, rig.pci().config(10, 2));
    assertEquals(0x40, rig.pci().capability(0x0F, 0), "the IVRS says so");
    assertEquals(0xFED8_0001, rig.pci().config(0x44, 4));
    rig.pci().config(4, 2, 0);
    assertEquals(4, rig.pci().config(4, 2));
  }

  @Test
  void completionIsStoredAndTold() {
    rig.command(1L << 60 | 1 | AmdViRig.INTERRUPTS, 0x1122_3344_5566_7788L);
    assertEquals(0x1122_3344_5566_7788L, rig.memory().read(AmdViRig.INTERRUPTS, 8));
    assertEquals(0, rig.messages().size());
    rig.command(1L << 60 | 2, 0);
    rig.command(1L << 60 | 2, 0);
    assertEquals(1, rig.messages().size(), "until it is acknowledged");
    assertEquals(0x99, rig.messages().getFirst().value());
    assertEquals(RUNS | 4, rig.read(AmdViRig.STATUS));
    rig.write(AmdViRig.STATUS, 4);
    rig.command(1L << 60 | 2, 0);
    assertEquals(2, rig.messages().size());
    assertEquals(rig.read(AmdViRig.COMMAND_TAIL), rig.read(AmdViRig.COMMAND_HEAD));
    rig.noEvent();
  }

  /** The longest buffer has 32,768, each of which may look through all that is kept. */
  @Test
  void whatIsTooMuchForOnceFollowsLater() {
    int commands = 2 * AmdViCommands.AT_ONCE + 100;
    for (int i = 0; i < commands; i++) {
      rig.memory().write(AmdViRig.TABLES + 16L * i, 8, 1L << 60);
    }
    rig.write(0x08, AmdViRig.TABLES | 15L << 56);
    rig.write(AmdViRig.COMMAND_TAIL, 16L * commands);
    assertEquals(16 * AmdViCommands.AT_ONCE, rig.read(AmdViRig.COMMAND_HEAD));
    rig.pass(AmdViCommands.PAUSE);
    assertEquals(16 * 2 * AmdViCommands.AT_ONCE, rig.read(AmdViRig.COMMAND_HEAD));
    rig.handOver();
    rig.pass(AmdViCommands.PAUSE);
    assertEquals(16 * commands, rig.read(AmdViRig.COMMAND_HEAD));
    rig.noEvent();
  }

  @Test
  void allThatAreLegalRun() {
    for (int opcode : new int[] {1, 2, 3, 4, 5, 6, 8}) {
      rig.command((long) opcode << 60, 0);
    }
    rig.noEvent();
    assertEquals(7 * 16, rig.read(AmdViRig.COMMAND_HEAD));
  }

  @Test
  void illegalOnesStopTheBuffer() {
    for (int opcode : new int[] {0, 7, 9, 15}) {
      long at = rig.read(AmdViRig.COMMAND_TAIL);
      rig.command((long) opcode << 60, 0);
      rig.event(5L << 60, AmdViRig.COMMANDS + at);
      rig.command(1L << 60 | 1 | AmdViRig.INTERRUPTS, 1 + opcode);
      assertEquals(at, rig.read(AmdViRig.COMMAND_HEAD));
      assertEquals(1 << 3, rig.read(AmdViRig.STATUS) & RUNS);
      rig.memory().write(AmdViRig.COMMANDS + at, 8, 6L << 60);
      rig.write(AmdViRig.CONTROL, AmdViRig.ALL & ~(1 << 12));
      rig.write(AmdViRig.CONTROL, AmdViRig.ALL);
      assertEquals(1 + opcode, rig.memory().read(AmdViRig.INTERRUPTS, 8));
    }
  }

  @Test
  void whatCannotBeStoredOrReadIsAnError() {
    rig.command(1L << 60 | 1 | NOWHERE, 0);
    rig.event(6L << 60 | 1L << 57, AmdViRig.COMMANDS);
    rig.write(0x08, NOWHERE | 8L << 56);
    rig.write(AmdViRig.CONTROL, 0);
    rig.write(AmdViRig.CONTROL, AmdViRig.ALL);
    rig.write(AmdViRig.COMMAND_TAIL, 16);
    rig.event(6L << 60 | 1L << 57, NOWHERE);
  }

  @Test
  void fullLogStopsUntilItIsEnabledAnew() {
    for (int i = 0; i < AmdViRig.ENTRIES + 5; i++) {
      assertThrows(ExternalAbort.class, () -> rig.translate(300, 0, false));
    }
    assertEquals(1 << 4 | 3, rig.read(AmdViRig.STATUS), "overflow, told, no longer running");
    assertEquals(1, rig.messages().size());
    assertEquals((AmdViRig.ENTRIES - 1) * 16, rig.read(AmdViRig.EVENT_TAIL));
    rig.write(AmdViRig.EVENT_HEAD, rig.read(AmdViRig.EVENT_TAIL));
    assertThrows(ExternalAbort.class, () -> rig.translate(300, 0, false));
    rig.noEvent();
    rig.write(AmdViRig.CONTROL, AmdViRig.ALL & ~(1 << 2));
    rig.write(AmdViRig.STATUS, 3);
    rig.write(AmdViRig.CONTROL, AmdViRig.ALL);
    rig.faults(300, 0, false, 1L << 60 | 300, 0);
    assertEquals(2, rig.messages().size());
  }

  @Test
  void logThatIsNowhereStops() {
    rig.write(0x10, NOWHERE | 8L << 56);
    assertThrows(ExternalAbort.class, () -> rig.translate(300, 0, false));
    assertEquals(1 << 4, rig.read(AmdViRig.STATUS));
  }

  @Test
  void handOverLeavesTheBufferStopped() {
    rig.command(0, 0);
    rig.event(5L << 60, AmdViRig.COMMANDS);
    rig.handOver();
    rig.command(1L << 60 | 1 | AmdViRig.INTERRUPTS, 5);
    assertEquals(0, rig.memory().read(AmdViRig.INTERRUPTS, 8));
    assertEquals(0, rig.read(AmdViRig.COMMAND_HEAD));
  }

  @Test
  void nothingThatIsWrittenThrows() {
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 40_000; i++) {
      switch (random.nextInt(5)) {
        case 0 -> rig.write(new int[] {0, 8, 0x10, 0x18, 0x20, 0x28, 0x2000, 0x2008, 0x2010, 0x2018, 0x2020}[random.nextInt(11)],
            random.nextInt(3) == 0 ? random.nextLong() : FakeMemory.BASE + random.nextInt(16) * 4096L | 8L << 56 | AmdViRig.ALL);
        case 1 -> rig.memory().write(FakeMemory.BASE + random.nextInt(0x1_0000) * 8L, 8,
            random.nextBoolean() ? random.nextLong() : 3 | FakeMemory.BASE + 0x1000 | 1L << 61 | random.nextInt(7) << 9);
        default -> {
          long address = random.nextLong() >>> random.nextInt(64);
          try {
            if (!rig.message(random.nextInt(600), random.nextBoolean() ? 0xFEE0_0000L : address, 1 << random.nextInt(4), random.nextInt(
                4096))) {
              rig.translate(random.nextInt(600), address, random.nextBoolean());
            }
          } catch (ExternalAbort refusal) {
            refused++;
          }
        }
      }
    }
    assertEquals(true, refused > 1000, "refused " + refused);
  }
}
