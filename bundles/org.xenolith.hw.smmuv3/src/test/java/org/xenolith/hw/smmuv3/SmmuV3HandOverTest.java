// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SmmuV3HandOverTest {
  private static final long PAGE = 1 << 10 | 1 << 6 | 1 << 11;
  private final Rig rig = new Rig().start();

  @Test
  void translationGoesOnFromMemory() {
    long table = rig.table();
    rig.stage1(5, rig.context(0, 1, table));
    rig.map(table, 0x1000, 0x8_0000_0000L, PAGE);
    rig.passes(5, 0x1000, true, 0x8_0000_0000L);
    rig.handOver();
    rig.passes(5, 0x1000, true, 0x8_0000_0000L);
    rig.faults(5, 0x2000, true, 0x10 | 5L << 32, 2L << 40, 0x2000, 0);
  }

  @Test
  void queuesGoOnWhereTheyWere() {
    for (int i = 0; i < 10; i++) {
      rig.command(Rig.SYNC, 0);
      rig.oneEvent();
      rig.event();
    }
    rig.oneEvent();
    rig.handOver();
    assertEquals(10, rig.read(Rig.CMDQ_CONS));
    assertEquals(11, rig.read(Rig.EVENTQ_PROD));
    rig.command(Rig.SYNC | 1 << 12, 0);
    assertEquals(11, rig.read(Rig.CMDQ_CONS));
    assertEquals(1, rig.syncLine().risingEdges());
    rig.oneEvent();
    assertEquals(2, rig.events());
    assertEquals(10, rig.eventLine().risingEdges() - 1, "it was not empty");
  }

  @Test
  void errorStaysActive() {
    rig.command(0xFF, 0);
    rig.handOver();
    rig.command(Rig.SYNC, 0);
    assertEquals(1, rig.read(Rig.GERROR));
    assertEquals(1 << 24, rig.read(Rig.CMDQ_CONS));
    rig.memory().write(Rig.COMMANDS, 8, Rig.SYNC);
    rig.write(Rig.GERRORN, 1);
    assertEquals(2, rig.read(Rig.CMDQ_CONS) & 0xF);
  }
}
