// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ClockGatePort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** Port 0 of Mustang, as its tree has it (Debian's kernel 6.1.192, apm-mustang.dtb), and a card in its slot. */
final class Mustang {
  static final String PORT = "/soc/pcie@1f2b0000";
  static final String CLOCK = "/soc/clocks/pcie0clk@1f2bc000";
  static final String GIC = "/interrupt-controller@78010000";
  static final long IO = 0xE0_1000_0000L;
  static final long MEMORY = 0xE1_8000_0000L;
  static final long PREFETCHABLE = 0xF0_0000_0000L;
  static final long REGISTERS = 0x1F2B_0000L;
  static final long CONFIG = 0xE0_D000_0000L;
  static final int CARD_IDS = 0xC0DE_1DED;
  private static final int FIRST_SPI = 0xC2;

  final FakeContext port;
  FakeContext card;
  DeviceModel model;
  PciEndpoint endpoint;

  /** Without a card. @param options pairs of name and value */
  Mustang(String... options) {
    this(port(options));
  }

  /** A configuration window for software that takes it for an ECAM: of all buses. */
  static Mustang withWideWindow(String... options) {
    return new Mustang(port(256 << 20, options));
  }

  private Mustang(FakeNode node) {
    port = new FakeContext(node.build()).beside(around());
  }

  static FakeNode port(String... options) {
    return port(0x4_0000, options);
  }

  private static FakeNode port(int window, String... options) {
    FakeNode node = FakeNode.at(PORT).compatible("apm,xgene-storm-pcie", "apm,xgene-pcie").window(REGISTERS, 0x1_0000)
        .window(CONFIG, window).property(FdtProperty.ofStrings("reg-names", "csr", "cfg")).cells("#address-cells", 3)
        .cells("#size-cells", 2).cells("#interrupt-cells", 1).cells("bus-range", 0, 0xFF)
        .cells("ranges", 0x0100_0000, 0, 0, 0xE0, 0x1000_0000, 0, 0x1_0000,
            0x0200_0000, 0, 0x8000_0000, 0xE1, 0x8000_0000, 0, 0x8000_0000,
            0x4300_0000, 0xF0, 0, 0xF0, 0, 0x10, 0)
        .cells("interrupt-map-mask", 0, 0, 0, 7).cells("interrupt-map", 0, 0, 0, 1, 1, 0, 0xC2, 4, 0, 0, 0, 2, 1, 0, 0xC3, 4,
            0, 0, 0, 3, 1, 0, 0xC4, 4, 0, 0, 0, 4, 1, 0, 0xC5, 4)
        .cells("clocks", 0x10, 0);
    for (int i = 0; i < options.length; i += 2) {
      node.option(options[i], options[i + 1]);
    }
    return node;
  }

  /** What the port's node names. */
  static PlatformNode[] around() {
    return new PlatformNode[] {soc(), clock(), gic()};
  }

  private static PlatformNode soc() {
    return FakeNode.at("/soc").cells("#address-cells", 2).cells("#size-cells", 2).flag("ranges").build();
  }

  private static PlatformNode clock() {
    return FakeNode.at(CLOCK).compatible("apm,xgene-device-clock").window(REGISTERS + 0xC000, 0x1000)
        .cells("phandle", 0x10).build();
  }

  private static PlatformNode gic() {
    return FakeNode.at(GIC).compatible("arm,cortex-a15-gic").cells("#interrupt-cells", 3).cells("phandle", 1).build();
  }

  /** Switches on, with the port's clock off, as it is after a reset. */
  Mustang on() {
    gate(false);
    model = port.create(new XgeneHostComponent());
    return this;
  }

  void gate(boolean on) {
    port.port(CLOCK, ClockGatePort.class).drive(on);
  }

  /** Plugs a card in. */
  Mustang withCard() {
    return withCard(PORT);
  }

  Mustang withCard(String bus) {
    card = port.at(FakeNode.at(bus + "/card@0,0").cells("reg", 0, 0, 0, 0, 0).build());
    endpoint = new PciEndpoint(card, new DeviceState(), ConfigTable.endpoint(0x1DED, 0xC0DE, 0x01_0802, 0x21)
        .bar(0, BarKind.MEMORY64, 0x4000).bar(2, BarKind.IO, 0x20).pin(1).capability(Capability.msi(0)).build(), new Registers());
    return this;
  }

  /** The line of INTA to INTD. @param pin from 1 */
  InterruptLine line(int pin) {
    return port.line(spi(pin));
  }

  /** What INTA to INTD lead to. @param pin from 1 */
  static InterruptSpecifier spi(int pin) {
    return new InterruptSpecifier(GIC, new int[] {0, FIRST_SPI + pin - 1, 4});
  }

  long events(String kind) {
    return port.reportedEvents().stream().filter(e -> e.kind().equals(kind)).count();
  }

  /** What the card has behind its BARs: memory that tells BARs apart. */
  private static final class Registers implements PciDevice {
    private final long[][] values = new long[6][0x800];

    @Override
    public long readBar(int bar, long offset, int size) {
      return values[bar][(int) offset >>> 3] >>> 8 * (offset & 7);
    }

    @Override
    public void writeBar(int bar, long offset, int size, long value) {
      values[bar][(int) offset >>> 3] = value << 8 * (offset & 7);
    }

    @Override
    public void functionReset() {}
  }
}
