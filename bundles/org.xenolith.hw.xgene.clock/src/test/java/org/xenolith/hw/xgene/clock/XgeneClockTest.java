// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ClockGatePort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** Nodes are those of Mustang's tree (Debian's kernel 6.1.192, apm-mustang.dtb). */
class XgeneClockTest {
  private static final int RESET = 0x0;
  private static final int ENABLE = 0x8;

  private static FakeNode clock(String path) {
    return FakeNode.at(path).compatible("apm,xgene-device-clock").cells("#clock-cells", 1);
  }

  static FakeNode pcie0() {
    return clock("/soc/clocks/pcie0clk@1f2bc000").window(0x1F2B_C000, 0x1000).property(FdtProperty.ofStrings("reg-names", "csr-reg"))
        .property(FdtProperty.ofStrings("clock-output-names", "pcie0clk"));
  }

  private static FakeNode ahb() {
    return clock("/soc/clocks/ahbclk@17000000").window(0x1700_0000, 0x2000).property(FdtProperty.ofStrings("reg-names", "div-reg"))
        .cells("divider-offset", 0x164).cells("divider-width", 5).cells("divider-shift", 0);
  }

  private static FakeNode sdio() {
    return clock("/soc/clocks/sdioclk@1f2ac000").window(0x1F2A_C000, 0x1000).window(0x1700_0000, 0x2000)
        .property(FdtProperty.ofStrings("reg-names", "csr-reg", "div-reg")).cells("csr-offset", 0).cells("csr-mask", 2)
        .cells("enable-offset", 8).cells("enable-mask", 2).cells("divider-offset", 0x178).cells("divider-width", 8).cells("divider-shift",
            0);
  }

  private static FakeNode scu(String path, int mask) {
    return clock(path).window(0x1700_0000, 0x2000).property(FdtProperty.ofStrings("reg-names", "csr-reg")).cells("csr-offset", 0xC)
        .cells("csr-mask", mask).cells("enable-offset", 0x10).cells("enable-mask", mask);
  }

  private static boolean running(FakeContext context) {
    return context.port(ClockGatePort.class).running();
  }

  /** As Linux does it: first the clock, then out of reset; and back. */
  @Test
  void runsWhenItIsEnabledAndOutOfReset() {
    FakeContext context = new FakeContext(pcie0().build());
    assertTrue(running(context), "a clock without a model");
    context.create(new XgeneClockComponent());
    assertFalse(running(context));
    assertEquals(0xF, context.read(RESET));
    context.write(ENABLE, context.read(ENABLE) | 0xF);
    assertFalse(running(context), "in reset");
    context.write(RESET, context.read(RESET) & ~0xFL);
    assertTrue(running(context));
    context.write(ENABLE, 0x7);
    assertFalse(running(context), "one bit is missing");
    context.write(ENABLE, 0xF);
    context.write(RESET, 0x1);
    assertFalse(running(context), "in reset again");
    assertEquals(List.of(), context.reportedFaults());
  }

  @Test
  void aWindowWhoseNameIsNoneIsTheClocksOwn() {
    for (byte[] none : new byte[][] {{}, {'d', 'i', 'v', '-', 'r', 'e', 'g'}}) {
      FakeContext context = new FakeContext(clock("/soc/clocks/x@1f2bc000").window(0x1F2B_C000, 0x1000)
          .property(new FdtProperty("reg-names", none)).build());
      context.create(new XgeneClockComponent());
      assertEquals(0xF, context.read(RESET));
    }
  }

  /** Mustang's tree (Debian's kernel 6.1.192, apm-mustang.dtb). */
  @Test
  void theWordThatResetsTheBoardIsLeftToItsNode() {
    FakeContext context = new FakeContext(ahb().build()).beside(
        FakeNode.at("/soc/system-clk-controller@17000000").compatible("apm,xgene-scu", "syscon").window(0x1700_0000, 0x400)
            .cells("phandle", 10).build(),
        FakeNode.at("/soc/reboot@17000014").compatible("syscon-reboot").cells("regmap", 10).cells("offset", 0x14).cells("mask", 1).build());
    context.create(new XgeneClockComponent());
    assertEquals(List.of(new AddressWindow(0x1700_0000, 0x14), new AddressWindow(0x1700_0018, 0x1FE8)), context.claims());
    context.writeAt(0x1700_0164, 4, 7);
    assertEquals(7, context.readAt(0x1700_0164, 4));
    context.readAt(0x1700_0018, 4);
    assertEquals(0x18, context.reportedFaults().getFirst().offset(), "offsets are the window's");
  }

  @Test
  void handOverKeepsTheGateOpen() {
    FakeContext context = new FakeContext(pcie0().build());
    DeviceModel model = context.create(new XgeneClockComponent());
    context.write(ENABLE, 0xF);
    context.write(RESET, 0);
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new XgeneClockComponent());
    assertFalse(running(next), "reset");
    successor.state().restore(model.state().save());
    successor.restored();
    assertTrue(running(next));
    assertEquals(0xF, next.read(ENABLE));
  }

  @Test
  void removalLeavesTheClockAsItIs() {
    FakeContext context = new FakeContext(pcie0().build());
    DeviceModel model = context.create(new XgeneClockComponent());
    context.write(ENABLE, 0xF);
    context.write(RESET, 0);
    model.removed();
    assertTrue(running(context.successor()));
  }

  @Test
  void masksAndOffsetsComeFromTheNode() {
    FakeContext context = new FakeContext(sdio().build());
    context.create(new XgeneClockComponent());
    assertEquals(2, context.read(RESET));
    assertEquals(1, context.read(1, 0x178, 4), "divides by 1");
    context.write(ENABLE, 2);
    context.write(RESET, 0xD);
    assertTrue(running(context), "other bits are other devices'");
    context.write(1, 0x178, 4, 0x50);
    assertEquals(0x50, context.read(1, 0x178, 4));
  }

  /** On Mustang many clocks have bits in the SCU: the first node answers for all. */
  @Test
  void clocksInOneBlockAreServedByTheFirstOfThem() {
    FakeContext ahb = new FakeContext(ahb().build());
    FakeContext sdio = ahb.at(sdio().build());
    FakeContext rtc = ahb.at(scu("/soc/clocks/rtcclk@17000000", 2).build());
    FakeContext rng = ahb.at(scu("/soc/clocks/rngpkaclk@17000000", 0x10).build());
    for (FakeContext context : List.of(ahb, sdio, rtc, rng)) {
      context.create(new XgeneClockComponent());
    }
    assertTrue(ahb.claimed(0));
    assertTrue(sdio.claimed(0));
    assertFalse(sdio.claimed(1));
    assertFalse(rtc.claimed(0));
    assertEquals(0x12, ahb.read(0xC), "both in reset");
    ahb.write(0x10, 0x12);
    ahb.write(0xC, 0x10);
    assertTrue(running(rtc));
    assertFalse(running(rng));
    ahb.write(0xC, 0);
    assertTrue(running(rng));
    ahb.write(0x178, 7);
    assertEquals(7, ahb.read(0x178), "the divider of sdioclk");
    assertFalse(running(sdio));
    sdio.write(ENABLE, 2);
    sdio.write(RESET, 0);
    assertTrue(running(sdio));
    assertEquals(List.of(), ahb.reportedFaults());
  }

  @Test
  void anOffsetBehindTheWindowIsRefused() {
    FakeContext context = new FakeContext(clock("/clk").window(0x1000, 0x1000).cells("enable-offset", 0x1000).build());
    ModelException refused = assertThrows(ModelException.class, () -> context.create(new XgeneClockComponent()));
    assertTrue(refused.getMessage().contains("enable-offset 0x1000"), refused.getMessage());
  }
}
