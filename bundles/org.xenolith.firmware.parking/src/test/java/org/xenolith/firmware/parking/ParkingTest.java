// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.parking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

/** CPUs of a board in the manner of APM's Mustang (Debian's kernel 6.1.192, apm-mustang.dtb). */
class ParkingTest {
  private static final long MAILBOX = FakeMemory.BASE + 0x3000;
  private static final long CPU_INTERFACE = 0x7802_0000L;

  private static FakeNode cpu(int number, String method, long mailbox) {
    FakeNode node = FakeNode.at("/cpus/cpu@" + number).property(FdtProperty.ofStrings("device_type", "cpu")).cells("reg", 0, number)
        .property(FdtProperty.ofStrings("enable-method", method));
    return mailbox == 0 ? node : node.property(FdtProperty.ofU64("cpu-release-addr", mailbox));
  }

  private static FakeNode gic(String compatible) {
    return FakeNode.at("/interrupt-controller@78010000").compatible(compatible).window(0x7801_0000, 0x1000)
        .window(CPU_INTERFACE, 0x1000);
  }

  /** The model of one of four CPUs. */
  private static FakeContext park(int number, long mailbox, String gic) {
    FakeContext context = new FakeContext(cpu(number, "acpi-parking-protocol", mailbox).build(), 4);
    for (int i = 0; i < 4; i++) {
      if (i != number) {
        context.beside(cpu(i, "acpi-parking-protocol", MAILBOX).build());
      }
    }
    context.beside(gic(gic).build());
    context.create(new ParkingComponent());
    return context;
  }

  @Test
  void theBootCpuIsLeftAlone() {
    FakeContext context = park(0, MAILBOX, "arm,cortex-a15-gic");
    context.cpus().getFirst().powerOn(0x4020_0000, 0);
    assertEquals(0x4020_0000, context.cpus().getFirst().entry());
    assertEquals(0, context.dma().read(MAILBOX, 4));
  }

  @Test
  void aCpuWaitsInTheUpperHalfOfItsMailboxFromTheBootCpusPowerOnOnwards() {
    FakeContext context = park(2, MAILBOX, "arm,cortex-a15-gic");
    assertFalse(context.cpus().get(2).powered());
    context.cpus().getFirst().powerOn(0x4020_0000, 0);
    assertTrue(context.cpus().get(2).powered());
    assertEquals(MAILBOX + 0x800, context.cpus().get(2).entry());
    assertEquals(MAILBOX, context.cpus().get(2).context());
    assertFalse(context.cpus().get(1).powered());
    assertEquals(0xFFFF_FFFFL, context.dma().read(MAILBOX, 4), "nobody is named");
    assertEquals(0, context.dma().read(MAILBOX + 8, 8));
    assertEquals(0xD503207F, (int) context.dma().read(MAILBOX + 0x81C, 4), "WFI");
    assertEquals(CPU_INTERFACE, context.dma().read(MAILBOX + 0xFE8, 8));
  }

  @Test
  void whatCantBeDoneIsSaid() {
    assertTrue(assertThrows(ModelException.class, () -> park(1, MAILBOX, "arm,gic-v3")).getMessage().contains("GICv2"));
    assertTrue(assertThrows(PlatformException.class, () -> park(1, MAILBOX + 4, "arm,cortex-a15-gic")).getMessage()
        .contains("multiple of 4096"));
    FakeContext outside = park(1, 0x7_0000_0000L, "arm,cortex-a15-gic");
    outside.cpus().getFirst().powerOn(0x4020_0000, 0);
    assertEquals("parking-bad-address", outside.reportedEvents().getFirst().kind());
    assertFalse(outside.cpus().get(1).powered());
  }

  private static Fdt tree(String method) {
    FdtBuilder root = FdtBuilder.root().cells("#address-cells", 2).cells("#size-cells", 2);
    FdtBuilder cpus = root.child("cpus");
    for (int i = 0; i < 2; i++) {
      cpus.child("cpu@" + i).strings("enable-method", method);
    }
    return Fdt.of(root.build());
  }

  private static Platform platform(String method, String gic, PlatformNode... others) {
    List<PlatformNode> nodes = new ArrayList<>(List.of(others));
    nodes.addAll(List.of(gic(gic).build(), cpu(0, method, 0).build(), cpu(1, method, 0).build(),
        FakeNode.at("/memory").property(FdtProperty.ofStrings("device_type", "memory")).window(1L << 32, 1 << 28).build()));
    return new Platform("sample", tree(method), nodes, Platform.Timing.STANDARD);
  }

  @Test
  void cpusWithoutPsciGetMailboxesAtTheEndOfRam() {
    Fdt placed = ParkingPlan.place(tree("spin-table"), platform("spin-table", "arm,cortex-a15-gic"));
    for (int i = 0; i < 2; i++) {
      assertEquals("acpi-parking-protocol", placed.node("/cpus/cpu@" + i).orElseThrow().property("enable-method").orElseThrow().string());
      assertEquals(0x1_0FFF_0000L + 0x1000 * i, placed.node("/cpus/cpu@" + i).orElseThrow().property("cpu-release-addr").orElseThrow()
          .number());
    }
    FdtProperty reg = placed.node("/reserved-memory/mailboxes@10fff0000").orElseThrow().property("reg").orElseThrow();
    assertEquals(List.of(0x1_0FFF_0000L, 0x1_0000L), List.of(reg.number(0, 2), reg.number(2, 2)));
  }

  @Test
  void ramThatIsKeptForSomebodyElseIsNoPlace() {
    PlatformNode kept = FakeNode.at("/reserved-memory/x@10fff8000").window(0x1_0FFF_8000L, 0x1000).build();
    Fdt placed = ParkingPlan.place(tree("spin-table"), platform("spin-table", "arm,cortex-a15-gic", kept));
    assertEquals(0x1_0FFE_0000L, placed.node("/cpus/cpu@0").orElseThrow().property("cpu-release-addr").orElseThrow().number());
  }

  @Test
  void treesThatNeedNoneAreLeftAlone() {
    Fdt tree = tree("psci");
    assertSame(tree, ParkingPlan.place(tree, platform("psci", "arm,cortex-a15-gic")));
    assertSame(tree, ParkingPlan.place(tree, platform("spin-table", "arm,gic-v3")), "nothing wakes them there");
    assertEquals(OptionalLong.empty(), ParkingPlan.cpuInterface(platform("psci", "arm,gic-v3")));
  }
}
