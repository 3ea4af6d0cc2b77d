// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.LinkFault;

class PciBusPortTest {
  private static final int SLOT = 3 << 3 | 1;
  private final PciBusPort bus = new PciBusPort();
  private final RecordedTarget function = new RecordedTarget(0x1000, 0x100);
  private final RecordedUpstream above = new RecordedUpstream();

  @Test
  void withoutAnythingAboveNothingIsReachedAndNobodyHears() {
    bus.plug(SLOT, function);
    assertThrows(ExternalAbort.class, () -> bus.requester(SLOT).read(0x4000_0000L, 4));
    assertThrows(ExternalAbort.class, () -> bus.forward(0x200).write(0x4000_0000L, 4, 1));
    bus.interrupt(SLOT, 1, true);
    bus.wake(SLOT);
    bus.error(SLOT, PciErrorMessage.FATAL);
    bus.decodeChanged();
    assertNull(bus.upstream());
    assertNull(bus.bridge());
    assertSame(function, bus.function(SLOT));
  }

  @Test
  void pinsThatAreHighArriveAtWhoComesAbove() {
    bus.interrupt(SLOT, 2, true);
    bus.interrupt(SLOT, 3, true);
    bus.interrupt(SLOT, 3, false);
    bus.connect(above);
    assertEquals(List.of("pin 2 of 25 high"), above.told);
    bus.interrupt(SLOT, 2, true);
    assertEquals(1, above.told.size(), "it is high already");
  }

  @Test
  void whatIsSaidAboveCarriesTheNumberOfTheBus() {
    bus.connect(above);
    bus.number(5);
    bus.requester(SLOT);
    bus.forward(0x700);
    bus.wake(SLOT);
    bus.error(SLOT, PciErrorMessage.CORRECTABLE);
    assertEquals(List.of("requester 519", "requester 700", "wake 519", "error 519 CORRECTABLE"), above.told);
  }

  @Test
  void whoeverLeavesDrivesNothingAnyMore() {
    bus.connect(above);
    bus.plug(SLOT, function);
    bus.interrupt(SLOT, 1, true);
    above.told.clear();
    bus.unplug(SLOT, new RecordedTarget(0, 1));
    assertSame(function, bus.function(SLOT), "another one has this place");
    assertEquals(List.of(), above.told);
    bus.unplug(SLOT, function);
    assertNull(bus.function(SLOT));
    assertEquals(List.of("pin 1 of 25 low", "decode"), above.told);
  }

  @Test
  void functionsAskAnewWhenTheirBusMoves() {
    bus.plug(SLOT, function);
    function.told.clear();
    bus.number(0);
    assertEquals(List.of(), function.told, "it has this number");
    bus.number(4);
    bus.connect(above);
    bus.hotReset();
    assertEquals(List.of("moved", "moved", "reset"), function.told);
  }

  @Test
  void aTargetSaysNoMoreThanItKnows() {
    assertNull(function.secondary());
    assertNull(function.slot());
    assertEquals(false, function.leadsTo(1));
    assertEquals(true, function.decodesIn(false, 0xFF0, 0x20), "its last byte is the function's");
    assertEquals(false, function.decodesIn(false, 0xF00, 0x100));
  }

  @Test
  void behindALinkThatIsDownIsNothingUntilItIsUp() {
    bus.connect(above);
    bus.number(5);
    bus.plug(SLOT, function);
    bus.interrupt(SLOT, 1, true);
    above.told.clear();
    function.told.clear();
    assertFalse(bus.link("/elsewhere", false, link(true)));
    assertThrows(IllegalArgumentException.class, () -> bus.link("/port", true, link(false)), "it sends again what was lost");
    assertTrue(bus.link("/port", true, link(true)));
    assertNull(bus.function(SLOT));
    assertThrows(ExternalAbort.class, () -> bus.requester(SLOT).read(0x4000_0000L, 4));
    assertThrows(ExternalAbort.class, () -> bus.forward(0x700).read(0x4000_0000L, 4));
    bus.interrupt(SLOT, 2, true);
    bus.wake(SLOT);
    bus.error(SLOT, PciErrorMessage.FATAL);
    assertEquals(List.of("decode", "pin 1 of 25 low"), above.told);
    assertEquals(List.of("moved"), function.told);
    above.told.clear();
    assertTrue(bus.link("/port", true, null));
    assertSame(function, bus.function(SLOT));
    assertEquals(List.of("decode", "pin 1 of 25 high", "pin 2 of 25 high"), above.told);
  }

  @Test
  void whoWatchesSeesConfigurationAccessesUntilItIsGone() {
    List<String> seen = new ArrayList<>();
    bus.accessed(0x108, 0, 4, false, -1);
    bus.watch((function, offset, size, write, value) -> seen.add("%x %x %d %s %x".formatted(function, offset, size, write, value)));
    bus.accessed(0x108, 0x10, 4, true, -1);
    bus.accessed(0x1FF, 0x3C, 1, false, 0x1FF);
    bus.watch(null);
    bus.accessed(0x108, 0, 4, false, 0);
    assertEquals(List.of("108 10 4 true ffffffff", "1ff 3c 1 false ff"), seen);
  }

  private static LinkFault link(boolean down) {
    return new LinkFault() {
      @Override
      public boolean down() {
        return down;
      }

      @Override
      public boolean loses() {
        return down;
      }
    };
  }
}
