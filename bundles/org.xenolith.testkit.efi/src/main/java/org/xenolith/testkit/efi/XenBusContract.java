// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.XenBus;

/** What {@link XenBus} must keep, a PV device's protocol: besides the store, grants and channels (Xen, {@code grant_table.h}). */
public abstract class XenBusContract extends XenStoreContract {
  private static final long NOWHERE = 0x10;
  private static final long END = FakeRam.BASE + FakeRam.SIZE;
  private static final int DOMAIN = 1;
  /** References that Xen keeps for itself. */
  private static final int RESERVED = 8;
  private static final int MOST_GRANTS = 1 << 16;
  /** What the upper half of a register may have when an argument is of 32 bits (AAPCS64, 6.8.2). */
  private static final long JUNK = 0xDEAD_BEEFL << 32;

  private XenBusBench bench() {
    return new XenBusBench(bus());
  }

  @Test
  void placesWhereThereIsNoMemoryAreRefused() {
    XenBusBench bench = bench();
    bench.put("a/node", XenBusBench.bytes(9));
    long path = bench.text("a/node");
    for (long place : new long[] {0, NOWHERE, FakeRam.BASE - 1, END, END - 1, Long.MIN_VALUE, -1}) {
      String where = "0x" + Long.toHexString(place);
      bench.memory().put64(bench.size, 100);
      if (place != END - 1) {
        assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.READ, 0, place, bench.room, bench.size), where);
        assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.WRITE, 0, place, bench.room, 4), where);
        assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.REMOVE, 0, place), where);
      }
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.READ, 0, path, place, bench.size), where);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.READ, 0, path, bench.room, place), where);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.WRITE, 0, path, place, 4), where);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.BEGIN, place), where);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.GRANT, DOMAIN, bench.page, 0, place), where);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.OPEN, DOMAIN, place), where);
    }
    assertArrayEquals(XenBusBench.bytes(9), bench.node("a/node"));
    assertEquals(List.of(0, Set.of()), List.of(bench.bus.store().transactions(), bench.bus.ports()), "what nobody could end or close");
    assertTrue(LongStream.range(0, MOST_GRANTS).allMatch(each -> bench.bus.grant(each) == null), "what nobody could end");
    assertEquals(EfiStatus.SUCCESS, bench.read(0, "a/node", 100), "afterwards");
  }

  @Test
  void aPageIsGrantedAsItIsSaid() {
    XenBusBench bench = bench();
    long first = bench.grant(DOMAIN, bench.page, 0);
    long second = bench.grant(DOMAIN + 1, bench.page, 1);
    long third = bench.grant(DOMAIN, bench.page + 1, 0x100);
    assertEquals(3, new HashSet<>(List.of(first, second, third)).size());
    assertTrue(Math.min(first, Math.min(second, third)) >= RESERVED, "a reference of Xen's");
    assertEquals(new Grant(DOMAIN, bench.page, false), bench.bus.grant(first));
    assertEquals(new Grant(DOMAIN + 1, bench.page, true), bench.bus.grant(second), "the same page to somebody else");
    assertEquals(new Grant(DOMAIN, bench.page + 1, false), bench.bus.grant(third), "a BOOLEAN has 8 bits (UEFI 2.10, 2.3.1)");
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END_GRANT, first));
    assertNull(bench.bus.grant(first));
    assertEquals(new Grant(DOMAIN + 1, bench.page, true), bench.bus.grant(second), "the other one");
    for (long none : new long[] {first, 0, RESERVED - 1, MOST_GRANTS, 0x7FFF_FFFF, 0xFFFF_FFFFL}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.END_GRANT, none), "nothing is granted by " + none);
    }
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END_GRANT, third));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END_GRANT, second));
  }

  @Test
  void aPageThatIsNoMemoryIsntGranted() {
    XenBusBench bench = bench();
    for (long page : new long[] {0, (FakeRam.BASE >>> 12) - 1, END >>> 12, 0xFFFF_FFFFL, 1L << 32 | bench.page, 1L << 52 | bench.page,
        Long.MAX_VALUE, -1}) {
      bench.memory().put32(bench.number, 0x5A5A);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.GRANT, DOMAIN, page, 0, bench.number), "page 0x" + Long.toHexString(
          page));
      assertEquals(0x5A5A, bench.memory().get32(bench.number), "the reference of what isn't granted");
    }
    long reference = bench.grant(DOMAIN, (END >>> 12) - 1, 0);
    assertEquals(new Grant(DOMAIN, (END >>> 12) - 1, false), bench.bus.grant(reference), "the last page");
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END_GRANT, reference));
  }

  @Test
  void thereIsAnEndOfReferences() {
    XenBusBench bench = bench();
    Set<Long> given = new HashSet<>();
    EfiStatus status = EfiStatus.SUCCESS;
    while (status == EfiStatus.SUCCESS && given.size() < MOST_GRANTS) {
      bench.memory().put32(bench.number, 0x5A5A);
      status = bench.call(XenBus.GRANT, DOMAIN, bench.page, 0, bench.number);
      assertTrue(status != EfiStatus.SUCCESS || given.add(bench.memory().get32(bench.number)), "a reference that is given already");
    }
    assertEquals(EfiStatus.OUT_OF_RESOURCES, status);
    assertEquals(0x5A5A, bench.memory().get32(bench.number), "the reference of what isn't granted");
    long any = given.iterator().next();
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END_GRANT, any));
    assertEquals(any, bench.grant(DOMAIN + 1, bench.page, 0), "the only one that is free");
    for (long each : given) {
      assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END_GRANT, each));
      assertNull(bench.bus.grant(each));
    }
  }

  @Test
  void aPageThatTheOtherEndHasMappedStaysGranted() {
    XenBusBench bench = bench();
    for (int readOnly : new int[] {0, 1}) {
      Grant wanted = new Grant(DOMAIN, bench.page, readOnly != 0);
      long reference = bench.grant(DOMAIN, bench.page, readOnly);
      bench.bus.mapped(reference, true);
      for (int i = 0; i < 3; i++) {
        assertEquals(EfiStatus.NOT_READY, bench.call(XenBus.END_GRANT, reference), "it is mapped");
        assertEquals(wanted, bench.bus.grant(reference), "it is mapped");
      }
      assertNotEquals(reference, bench.grant(DOMAIN, bench.page, 0));
      bench.bus.mapped(reference, false);
      assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END_GRANT, reference));
      assertNull(bench.bus.grant(reference));
    }
  }

  @Test
  void channelsAreOpenUntilTheyAreClosed() {
    XenBusBench bench = bench();
    long first = bench.open();
    long second = bench.open();
    assertNotEquals(first, second);
    assertEquals(Set.of(first, second), bench.bus.ports());
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.NOTIFY, first));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.NOTIFY, first));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.NOTIFY, second));
    assertEquals(List.of(2L, 1L), List.of(bench.bus.events(first), bench.bus.events(second)));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.CLOSE, first));
    assertEquals(Set.of(second), bench.bus.ports());
    for (long none : new long[] {first, 0, 0x7FFF_FFFF, 0xFFFF_FFFFL}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.NOTIFY, none), "channel " + none);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.CLOSE, none), "channel " + none);
    }
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.NOTIFY, second));
    assertEquals(List.of(2L, 2L), List.of(bench.bus.events(first), bench.bus.events(second)));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.CLOSE, second));
    assertEquals(Set.of(), bench.bus.ports());
  }

  /** The console's, or one that an operating system is told of. */
  @Test
  void channelsOfOthersStayOpen() {
    XenBusBench bench = bench();
    long other = bench.bus.others();
    long own = bench.open();
    for (int i = 0; i < 20; i++) {
      bench.open();
    }
    Set<Long> open = bench.bus.ports();
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.CLOSE, other), "a channel of somebody else's");
    assertEquals(open, bench.bus.ports());
    for (long each : open) {
      assertEquals(each == other ? EfiStatus.INVALID_PARAMETER : EfiStatus.SUCCESS, bench.call(XenBus.CLOSE, each), "channel " + each);
    }
    assertEquals(Set.of(other), bench.bus.ports());
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(XenBus.CLOSE, own), "what was closed");
  }

  @Test
  void numbersOf32BitsHaveNoUpperHalf() {
    XenBusBench bench = bench();
    long number = bench.begin();
    long reference = bench.grant(DOMAIN, bench.page, 0);
    long port = bench.open();
    assertEquals(EfiStatus.SUCCESS, bench.write(JUNK | number, "a/node", XenBusBench.bytes(2)));
    assertNull(bench.node("a/node"));
    assertEquals(EfiStatus.SUCCESS, bench.read(JUNK | number, "a/node", 100));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END, JUNK | number, 0));
    assertArrayEquals(XenBusBench.bytes(2), bench.node("a/node"));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.REMOVE, JUNK, bench.text("a/node")));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.END_GRANT, JUNK | reference));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.NOTIFY, JUNK | port));
    assertEquals(EfiStatus.SUCCESS, bench.call(XenBus.CLOSE, JUNK | port));
    assertNull(bench.bus.grant(reference));
    assertEquals(Set.of(), bench.bus.ports());
  }
}
