// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.HpetTable;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.Platform;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class HpetTest {
  private static final int CONF = 0x10;
  private static final int STATUS = 0x20;
  private static final int COUNTER = 0xF0;
  private static final int T0_CONF = 0x100;
  private static final int T0 = 0x108;
  private static final int T1_CONF = 0x120;
  private static final int T1 = 0x128;
  private FakeContext context;
  private DeviceModel model;

  static FakeNode node() {
    return FakeNode.at("/hpet@fed00000").compatible("intel,ce4100-hpet").window(0xfed0_0000L, 0x400).interrupt("/ioapic", 20, 0)
        .interrupt("/ioapic", 21, 0).interrupt("/ioapic", 22, 0);
  }

  @BeforeEach
  void start() {
    context = new FakeContext(node().build());
    model = context.create(new HpetComponent());
  }

  private long get(int offset) {
    return context.read(0, offset, 8);
  }

  private void set(int offset, long value) {
    context.write(0, offset, 8, value);
  }

  private int pulses(long until) {
    int seen = context.interrupt(0).risingEdges();
    context.clock().advanceTo(until);
    return context.interrupt(0).risingEdges() - seen;
  }

  @Test
  void capabilitiesSayWhatItIs() {
    assertEquals(10_000_000L, get(0) >>> 32, "femtoseconds");
    assertEquals(0x8086, get(0) >>> 16 & 0xFFFF);
    assertEquals(2, get(0) >>> 8 & 31, "the last comparator");
    assertEquals(1 << 13, get(0) & (1 << 13 | 1 << 15), "64 bits, no legacy replacement");
    assertEquals(1L << 52 | 20 << 9 | 0x30, get(T0_CONF), "it leads to input 20 alone");
    set(T0_CONF, 5 << 9);
    assertEquals(20, get(T0_CONF) >>> 9 & 31);
  }

  @Test
  void counterRunsWhileItIsLet() {
    context.clock().advance(1000);
    assertEquals(0, get(COUNTER));
    set(COUNTER, 0xFFFF_FFF0L);
    set(CONF, 1);
    context.clock().advance(1000);
    assertEquals(0xFFFF_FFF0L + 100, get(COUNTER));
    assertEquals(0x54, context.read(0, COUNTER, 4));
    assertEquals(1, context.read(0, COUNTER + 4, 4));
    set(CONF, 0);
    context.clock().advance(1000);
    assertEquals(0xFFFF_FFF0L + 100, get(COUNTER));
  }

  @Test
  void oneShotComparatorRaisesAnEdgeOnce() {
    set(T0_CONF, 4);
    set(T0, 50);
    set(CONF, 1);
    assertEquals(0, pulses(499));
    assertEquals(1, pulses(500));
    assertEquals(0, pulses(100_000));
    assertEquals(0, get(STATUS), "edges have no status");
  }

  @Test
  void levelStaysUntilItIsCleared() {
    set(T0_CONF, 2);
    set(T0, 10);
    set(CONF, 1);
    context.clock().advanceTo(100);
    assertEquals(1, get(STATUS), "also while it may not interrupt");
    assertFalse(context.interrupt(0).level());
    set(T0_CONF, 6);
    assertTrue(context.interrupt(0).level());
    set(STATUS, 1);
    assertFalse(context.interrupt(0).level());
    assertEquals(0, get(STATUS));
  }

  /** The sequence of Linux (arch/x86/kernel/hpet.c): set the comparator, then the period. */
  @Test
  void periodicComparatorAccumulates() {
    set(CONF, 1);
    context.clock().advanceTo(1000);
    set(T0_CONF, 4 | 8 | 1 << 6);
    assertEquals(0, get(T0_CONF) & 1 << 6);
    set(T0, 100 + 25);
    set(T0, 30);
    assertEquals(125, get(T0));
    assertEquals(0, pulses(1249));
    assertEquals(1, pulses(1250));
    assertEquals(155, get(T0));
    assertEquals(10, pulses(1250 + 3000));
  }

  @Test
  void narrowComparatorMatchesTheLowerHalf() {
    set(COUNTER, 0x5_FFFF_FFF0L);
    set(T0_CONF, 4 | 1 << 8);
    set(T0, 0x10);
    set(CONF, 1);
    assertEquals(0, pulses(319));
    assertEquals(1, pulses(320));
    assertEquals(1, pulses(320 + (10L << 32)), "and again when it has turned");
  }

  @Test
  void comparatorsAreIndependent() {
    set(T0_CONF, 4);
    set(T1_CONF, 4);
    set(T0, 10);
    set(T1, 20);
    set(CONF, 1);
    context.clock().advanceTo(100);
    assertEquals(1, context.interrupt(0).risingEdges());
    assertEquals(0, context.interrupt(1).risingEdges());
    context.clock().advanceTo(200);
    assertEquals(1, context.interrupt(1).risingEdges());
  }

  @Test
  void handOverKeepsCounterAndComparators() {
    set(T0_CONF, 4);
    set(T0, 500);
    set(CONF, 1);
    context.clock().advanceTo(4000);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new HpetComponent());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    assertEquals(400, next.read(0, COUNTER, 8));
    next.clock().advanceTo(4999);
    assertEquals(0, next.interrupt(0).risingEdges());
    next.clock().advanceTo(5000);
    assertEquals(1, next.interrupt(0).risingEdges());
  }

  @Test
  void tableSaysWhereItIs() {
    Platform platform = new Platform("pc", Fdt.of(FdtBuilder.root().build()), List.of(node().build()), Platform.Timing.STANDARD);
    Structure table = AcpiTables.of(platform, new AcpiParts(List.of(new HpetTableBuilder()), Map.of(), Map.of()), AcpiSetting.of(
        new TableIdentity("A", "B", 1, "C", 1))).set().find("HPET").orElseThrow().structure();
    assertEquals(0xfed0_0000L, table.address(HpetTable.Field.BASE_ADDRESS).address());
    assertEquals(get(0) & 0xFFFF_FFFFL, table.get(HpetTable.Field.EVENT_TIMER_BLOCK_ID));
  }
}
