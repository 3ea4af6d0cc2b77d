// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ExternalAbort;

class AmdViInterruptsTest {
  private static final long AREA = 0xFEE0_0000L;
  private static final long FAULT = 2L << 60 | 1L << 51;
  private static final int DEVICE = 0xA0;
  private final AmdViRig rig = new AmdViRig().start();

  /** A table of 16 entries. @param more of the third word */
  private void remapped(long more) {
    rig.device(DEVICE, 1, 4, 1 | 4 << 1 | AmdViRig.INTERRUPTS | more);
  }

  private void entry(int index, long value) {
    rig.memory().write(AmdViRig.INTERRUPTS + 4L * index, 4, value);
  }

  private void sends(long data, long address, long value) {
    rig.messages().clear();
    assertTrue(rig.message(DEVICE, AREA, 4, data));
    assertEquals(1, rig.messages().size());
    assertEquals(Long.toHexString(address), Long.toHexString(rig.messages().getFirst().address()));
    assertEquals(Long.toHexString(value), Long.toHexString(rig.messages().getFirst().value()));
    rig.noEvent();
  }

  private void refuses(long data, long flags) {
    rig.messages().clear();
    assertThrows(ExternalAbort.class, () -> rig.message(DEVICE, AREA, 4, data));
    rig.event(FAULT | flags | 4L << 32 | DEVICE, AREA);
    rig.messages().removeIf(each -> each.value() == 0x99);
    assertEquals(0, rig.messages().size(), "but the IOMMU's own");
  }

  @Test
  void tableSaysWhereTo() {
    remapped(2L << 60);
    entry(3, 1 | 0x5 << 8 | 0x42 << 16);
    sends(3, AREA | 0x5 << 12, 0x42);
    sends(3 | 0xC000, AREA | 0x5 << 12, 0xC042);
    entry(3, 1 | 1 << 2 | 1 << 6 | 0xFF << 8 | 0x43 << 16);
    sends(3, AREA | 0xFF << 12 | 1 << 3 | 1 << 2, 0x143);
  }

  @Test
  void whatTheTableDoesNotHaveIsRefused() {
    remapped(2L << 60);
    entry(2, 0);
    refuses(2, 0);
    refuses(16, 0);
    entry(4, 1 | 2 << 2);
    refuses(4, 3L << 52 ^ 1L << 53 | 1L << 55);
    entry(4, 1 | 1 << 7);
    refuses(4, 1L << 52 | 1L << 55);
    entry(5, 2);
    assertThrows(ExternalAbort.class, () -> rig.message(DEVICE, AREA, 4, 5));
    rig.noEvent();
    remapped(2L << 60 | 1 << 5);
    assertThrows(ExternalAbort.class, () -> rig.message(DEVICE, AREA, 4, 2));
    rig.noEvent();
    assertThrows(ExternalAbort.class, () -> rig.message(DEVICE, AREA, 8, 3));
    rig.event(8L << 60 | 4L << 32 | DEVICE, AREA);
  }

  @Test
  void controlSaysWhetherItPasses() {
    assertFalse(rig.message(DEVICE, AREA, 4, 0x42), "without IV");
    assertFalse(rig.message(DEVICE, AREA - 4, 4, 0x42), "no message");
    remapped(0);
    refuses(0x42, 0);
    remapped(1L << 60);
    assertFalse(rig.message(DEVICE, AREA, 4, 0x42));
    remapped(3L << 60);
    assertThrows(ExternalAbort.class, () -> rig.message(DEVICE, AREA, 4, 0x42));
    rig.event(1L << 60 | 1L << 51 | 1L << 53 | 1L << 55 | DEVICE, AREA);
  }

  @Test
  void otherDeliveryModesHaveBitsOfTheirOwn() {
    remapped(2L << 60);
    for (int delivery : new int[] {2, 3, 4, 5, 6, 7}) {
      refuses(delivery << 8, 0);
    }
    remapped(2L << 60 | 7L << 56);
    for (int delivery : new int[] {4, 5, 7}) {
      assertFalse(rig.message(DEVICE, AREA, 4, delivery << 8));
    }
    refuses(2 << 8, 0);
  }

  @Test
  void tableThatIsNowhereIsAnError() {
    rig.device(DEVICE, 1, 4, 1 | 4 << 1 | 0x2000 | 2L << 60);
    assertThrows(ExternalAbort.class, () -> rig.message(DEVICE, AREA, 4, 1));
    rig.event(4L << 60 | 1L << 51 | 1L << 57 | 4L << 32 | DEVICE, 0x2004);
  }

  @Test
  void nothingIsToBeReadThere() {
    remapped(2L << 60);
    rig.faults(DEVICE, AREA, false, 8L << 60 | 4L << 32 | DEVICE, AREA);
    rig.passes(DEVICE, AREA, true, AREA);
  }
}
