// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.acpi.pm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.Platform;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class AcpiPmTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int STATUS = 0;
  private static final int ENABLE = 2;
  private FakeContext context;
  private DeviceModel model;

  static FakeNode node() {
    return FakeNode.at("/isa/acpi-pm@1,600").compatible("xenolith,acpi-pm").window(PhysicalBus.PORTS + 0x600, 4).window(PhysicalBus.PORTS
        + 0x604, 2).window(PhysicalBus.PORTS + 0x608, 4).window(PhysicalBus.PORTS + 0xCF9, 1).interrupt("/ioapic", 9, 2);
  }

  @BeforeEach
  void start() {
    context = new FakeContext(node().build());
    model = context.create(new AcpiPmComponent());
  }

  private long timer() {
    return context.read(2, 0, 4);
  }

  @Test
  void timerCountsAtThreePointFiveSevenNineMegahertz() {
    assertEquals(0, timer());
    context.clock().advance(SECOND);
    assertEquals(3_579_545, timer());
    context.clock().advance(1_000);
    assertEquals(3_579_548, timer());
    context.clock().advanceTo(100_000 * SECOND);
    assertEquals(100_000L * 3_579_545 & 0xFFFF_FFFFL, timer(), "after a day, products have more than 63 bits");
  }

  /** 2³¹ ticks are 599.93… seconds. */
  @Test
  void changeOfTheTopBitIsAnEvent() {
    long change = PmTimer.timeOfChange(1);
    context.write(0, ENABLE, 2, 1);
    context.clock().advanceTo(change - 1);
    assertEquals(0x7FFF_FFFFL, timer());
    assertEquals(0, context.read(0, STATUS, 2));
    assertFalse(context.interrupt(0).level());
    context.clock().advanceTo(change);
    assertEquals(0x8000_0000L, timer());
    assertTrue(context.interrupt(0).level());
    assertEquals(1, context.read(0, STATUS, 2));
    context.write(0, STATUS, 2, 1);
    assertFalse(context.interrupt(0).level());
    assertEquals(0, context.read(0, STATUS, 2));
    assertEquals(1, context.read(0, ENABLE, 2), "a write to the status leaves the enable bits");
    context.clock().advanceTo(PmTimer.timeOfChange(2));
    assertTrue(context.interrupt(0).level());
  }

  @Test
  void eventThatIsEnabledLateIsRaisedAtOnce() {
    context.clock().advanceTo(PmTimer.timeOfChange(3) + 5);
    assertEquals(1, context.read(0, STATUS, 1));
    context.write(0, ENABLE, 1, 1);
    assertTrue(context.interrupt(0).level());
  }

  @Test
  void eventsThatNeverComeCanBeEnabled() {
    context.write(0, ENABLE, 2, 0xFFFF);
    assertEquals(1 | 1 << 5 | 1 << 10, context.read(0, ENABLE, 2));
    context.write(0, ENABLE, 2, 0);
    assertEquals(0, context.read(0, STATUS, 4));
  }

  @Test
  void softOffNeedsItsType() {
    assertEquals(1, context.read(1, 0, 2), "SCI_EN");
    context.write(1, 0, 2, 3 << 10 | 1 << 13);
    assertEquals(0, context.power().powerOffs());
    assertEquals(1, context.reportedFaults().size());
    context.write(1, 0, 2, 5 << 10);
    assertEquals(0, context.power().powerOffs());
    assertEquals(5 << 10 | 1, context.read(1, 0, 2));
    context.write(1, 1, 1, (5 << 10 | 1 << 13) >> 8);
    assertEquals(1, context.power().powerOffs());
  }

  @Test
  void resetRegisterResetsWhenItsBitRises() {
    context.write(3, 0, 1, 2);
    assertEquals(0, context.power().resets());
    context.write(3, 0, 1, 6);
    assertEquals(1, context.power().resets());
    context.write(3, 0, 1, 6);
    assertEquals(1, context.power().resets());
    assertEquals(6, context.read(3, 0, 1));
  }

  @Test
  void handOverKeepsTheEventOfTheTimer() {
    context.write(0, ENABLE, 2, 1);
    context.clock().advanceTo(PmTimer.timeOfChange(1) - 10);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new AcpiPmComponent());
    successor.state().restore(model.state().save());
    next.takeAlarms(context);
    successor.restored();
    assertFalse(next.interrupt(0).level());
    next.clock().advance(10);
    assertTrue(next.interrupt(0).level());
    assertEquals(0x8000_0000L, next.read(2, 0, 4));
  }

  /** The core has put the alarm back into its place among those of the same time: armed anew, it would come last, and a run that was saved and loaded would go on otherwise. */
  @Test
  void restoredLeavesTheAlarmInItsPlace() {
    context.write(0, ENABLE, 2, 1);
    List<Boolean> seen = new ArrayList<>();
    context.time().alarm("later", () -> seen.add(context.interrupt(0).level())).at(PmTimer.timeOfChange(1));
    model.restored();
    context.clock().advanceTo(PmTimer.timeOfChange(1));
    assertEquals(List.of(true), seen);
  }

  @Test
  void timerIsRightAfterAnAbsence() {
    context.write(0, ENABLE, 2, 1);
    context.clock().advance(SECOND);
    var record = model.state().save();
    model.removed();
    FakeContext next = context.successor();
    next.clock().advanceTo(PmTimer.timeOfChange(1) - 10);
    DeviceModel successor = next.create(new AcpiPmComponent());
    successor.state().restore(record);
    next.takeAlarms(context);
    successor.restored();
    context = next;
    assertEquals(0x7FFF_FFFFL, timer());
    next.clock().advance(10);
    assertEquals(0x8000_0000L, timer());
    assertTrue(next.interrupt(0).level(), "it is still enabled");
  }

  @Test
  void timeGoesOnOverAReset() {
    context.write(0, ENABLE, 2, 1);
    context.clock().advanceTo(PmTimer.timeOfChange(1));
    model.reset();
    assertFalse(context.interrupt(0).level());
    assertEquals(0, context.read(0, STATUS, 4));
    assertEquals(0x8000_0000L, timer());
  }

  @Test
  void noGuestMakesItThrow() {
    SplittableRandom random = new SplittableRandom(9);
    int[] sizes = {4, 2, 4, 1};
    for (int i = 0; i < 20_000; i++) {
      int window = random.nextInt(4);
      int size = 1 << random.nextInt(Integer.numberOfTrailingZeros(sizes[window]) + 1);
      int offset = random.nextInt(sizes[window]) & -size;
      if (random.nextBoolean()) {
        context.write(window, offset, size, random.nextLong());
      } else {
        context.read(window, offset, size);
      }
      context.clock().advance(random.nextLong(SECOND * 100));
    }
    assertTrue(context.power().resets() > 0);
  }

  @Test
  void namespaceSaysHowToSwitchOff() {
    Platform platform = new Platform("pc", Fdt.of(FdtBuilder.root().build()), List.of(node().build()), Platform.Timing.STANDARD);
    List<AcpiTable> tables = new ArrayList<>(AcpiTables.of(platform, new AcpiParts(List.of(new SoftOffBuilder()), Map.of(), Map.of()),
        AcpiSetting.of(new TableIdentity("A", "B", 1, "C", 1))).set().tables());
    assertEquals(1, tables.size());
    AcpiTable expected = Aml.table(Definition.SSDT, 2, new TableIdentity("A", "SOFTOFF", 1, "C", 1), List.of(Aml.name("\\_S5", Aml.pack(Aml
        .number(5), Aml.number(5), Aml.number(0), Aml.number(0)))));
    assertEquals(expected, tables.getFirst());
  }
}
