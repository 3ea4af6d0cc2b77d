// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.testkit.FakeMemory;

class CommandQueueTest {
  private static final int ILLEGAL = 1;
  private static final int ABORTED = 2;
  private final Rig rig = new Rig().start();

  private long index(int register) {
    return rig.read(register) & (2 << Rig.QUEUE) - 1;
  }

  private long reason() {
    return rig.read(Rig.CMDQ_CONS) >> 24 & 0x7F;
  }

  @Test
  void indexesWrap() {
    for (int i = 1; i <= 40; i++) {
      rig.command(Rig.SYNC | 1 << 12, 0);
      assertEquals(i & 15, index(Rig.CMDQ_CONS));
      assertEquals(i, rig.syncLine().risingEdges());
    }
  }

  @Test
  void severalCommandsWithOneWrite() {
    for (int i = 0; i < 8; i++) {
      rig.memory().write(Rig.COMMANDS + 16 * i, 8, Rig.SYNC | 1 << 12);
    }
    rig.write(Rig.CMDQ_PROD, 8);
    assertEquals(8, index(Rig.CMDQ_CONS), "a full queue");
    assertEquals(8, rig.syncLine().risingEdges());
  }

  @Test
  void commandsWaitUntilTheQueueIsEnabled() {
    rig.write(Rig.CR0, 0);
    rig.command(Rig.SYNC | 1 << 12, 0);
    assertEquals(0, index(Rig.CMDQ_CONS));
    rig.write(Rig.CR0, 8);
    assertEquals(1, index(Rig.CMDQ_CONS));
    assertEquals(1, rig.syncLine().risingEdges());
  }

  @Test
  void syncSignalsOnlyIfSo() {
    rig.command(Rig.SYNC, 0);
    rig.command(Rig.SYNC | 2 << 12, 0);
    assertEquals(0, rig.syncLine().risingEdges());
    assertEquals(2, index(Rig.CMDQ_CONS));
  }

  /** Unknown ones, those of what is not there (ATS, PRI, stalls, Secure state, EL3), and reserved fields. */
  @ParameterizedTest
  @ValueSource(longs = {0x00, 0xFF, 0x07, 0x18, 0x1A, 0x40, 0x41, 0x44, 0x45, 0x50, 0x58, 0x60, 0x46 | 3 << 12,
      0x01 | 1 << 10, 0x03 | 1 << 10})
  void illegalCommandStopsTheQueueUntilAcknowledged(long command) {
    rig.command(Rig.SYNC, 0);
    rig.command(command, 0);
    rig.command(Rig.SYNC | 1 << 12, 0);
    assertEquals(ILLEGAL, reason());
    assertEquals(1, index(Rig.CMDQ_CONS), "at the wrong one");
    assertEquals(1, rig.read(Rig.GERROR));
    assertEquals(1, rig.errorLine().risingEdges());
    assertEquals(0, rig.syncLine().risingEdges());
    // As Linux does: puts a harmless command in its place, then acknowledges.
    rig.memory().write(Rig.COMMANDS + 16, 8, Rig.SYNC);
    rig.write(Rig.CMDQ_PROD, 3);
    assertEquals(1, index(Rig.CMDQ_CONS), "not acknowledged yet");
    rig.write(Rig.GERRORN, 1);
    assertEquals(3, index(Rig.CMDQ_CONS));
    assertEquals(1, rig.syncLine().risingEdges());
    rig.command(0xFF, 0);
    assertEquals(0, rig.read(Rig.GERROR), "toggled again");
    assertEquals(2, rig.errorLine().risingEdges());
  }

  @Test
  void acknowledgedButNotCorrectedFailsAgain() {
    rig.command(0xFF, 0);
    rig.write(Rig.GERRORN, 1);
    assertEquals(0, rig.read(Rig.GERROR));
    assertEquals(0, index(Rig.CMDQ_CONS));
    assertEquals(2, rig.errorLine().risingEdges());
  }

  @Test
  void commandThatCannotBeReadIsAnAbort() {
    rig.write(Rig.CR0, 0);
    rig.write64(Rig.CMDQ_BASE, 0x1000_0000 | Rig.QUEUE);
    rig.write(Rig.CR0, 8);
    rig.write(Rig.CMDQ_PROD, 1);
    assertEquals(ABORTED, reason());
    assertEquals(1, rig.read(Rig.GERROR));
  }

  @Test
  void wrongIndexEndsNevertheless() {
    rig.write(Rig.CR0, 0);
    for (int i = 0; i < 8; i++) {
      rig.memory().write(Rig.COMMANDS + 16 * i, 8, Rig.SYNC | 1 << 12);
    }
    rig.write(Rig.CMDQ_PROD, 0xF_FFFF);
    rig.write(Rig.CMDQ_CONS, 3);
    rig.write(Rig.CR0, 8);
    assertEquals(15, index(Rig.CMDQ_CONS));
    assertTrue(rig.syncLine().risingEdges() <= 16);
  }

  /** A base that is not aligned to the queue's size counts as if it were, and a size beyond the greatest as the greatest. */
  @Test
  void baseAndSizeHaveBounds() {
    rig.write(Rig.CR0, 0);
    rig.write64(Rig.CMDQ_BASE, FakeMemory.BASE + 0x4_0000 + 0x20 | 0x1F);
    rig.write(Rig.CR0, 8);
    for (int i = 0; i < 1024; i++) {
      rig.memory().write(FakeMemory.BASE + 0x4_0000 + 16 * i, 8, Rig.SYNC | 1 << 12);
    }
    rig.write(Rig.CMDQ_PROD, 1024);
    assertEquals(1024, rig.read(Rig.CMDQ_CONS));
    assertEquals(1024, rig.syncLine().risingEdges());
  }
}
