// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.machine.api.ClockGatePort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** The hypervisor's driver of each host bridge works the model of that bridge: neither knows the other. */
@FullLane
class HostBridgeHalvesTest {
  private static final int IDS = 0xC0DE_1DED;
  private static final long ECAM = 0x3F00_0000L;
  private static final long REGISTERS = 0x1F2B_0000L;
  private static final long WINDOW = 0xE0_D000_0000L;
  private static final long TYPE_1 = 0x1_0000;
  private static final int RTDID = 0x160;
  private static final int CFGBAR = 0x154;
  private static final String CLOCK = "/soc/clocks/pcie0clk@1f2bc000";

  private final FakeHypervisor hyp = new FakeHypervisor();
  private FakeContext board;

  private static DeviceModelFactory factory(String name) {
    return InstalledProduct.get().services(DeviceModelFactory.class).stream().filter(f -> f.description().name().equals(name)).findFirst()
        .orElseThrow(() -> new AssertionError("no model is called " + name));
  }

  /** A window of the model's as the hypervisor's CPU reaches it. */
  private MmioHandler window(AddressWindow window, int index) {
    return new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return board.claimed(index) ? board.read(index, offset, size) : board.readAt(window.base() + offset, size);
      }

      @Override
      public void write(long offset, int size, long value) {
        if (board.claimed(index)) {
          board.write(index, offset, size, value);
        } else {
          board.writeAt(window.base() + offset, size, value);
        }
      }
    };
  }

  private HostBridgePort bridge(PlatformNode node, String role, String driver) {
    hyp.beside(node);
    for (int i = 0; i < node.windows().size(); i++) {
      hyp.machine().window(node.windows().get(i), window(node.windows().get(i), i));
    }
    hyp.install(role, factory(driver));
    HostBridgePort bridge = hyp.port(HostBridgesPort.class).all().getFirst();
    assertTrue(bridge.present(), () -> hyp.context(role).reportedEvents().toString());
    return bridge;
  }

  private void card(String at, int address) {
    new PciEndpoint(board.at(FakeNode.at(at).cells("reg", address, 0, 0, 0, 0).build()), new DeviceState(),
        ConfigTable.endpoint(IDS & 0xFFFF, IDS >>> 16, 0x01_0802, 0x21).build(), new PciDevice() {
          @Override
          public long readBar(int bar, long offset, int size) {
            return 0;
          }

          @Override
          public void writeBar(int bar, long offset, int size, long value) {}

          @Override
          public void functionReset() {}
        });
  }

  private static void everySize(HostBridgePort bridge, int rid) {
    assertEquals(IDS, bridge.read(rid, 0, 4));
    for (int at = 0; at < 4; at++) {
      assertEquals(IDS >>> 8 * at & 0xFF, bridge.read(rid, at, 1), "byte " + at);
    }
    assertEquals(IDS >>> 16 & 0xFFFF, bridge.read(rid, 2, 2));
    bridge.write(rid, 0x3C, 1, 0x5A);
    assertEquals(0x5A, bridge.read(rid, 0x3C, 1));
    bridge.write(rid, 0x04, 2, 4);
    assertEquals(4, bridge.read(rid, 0x04, 2));
    assertEquals(-1, bridge.read(rid + 8, 0, 4), "nothing is there");
  }

  @Test
  void ecam() {
    generic("pci-host-ecam-generic", 12);
  }

  @Test
  void cam() {
    generic("pci-host-cam-generic", 8);
  }

  private void generic(String compatible, int shift) {
    PlatformNode node = FakeNode.at("/pcie").compatible(compatible).property(FdtProperty.ofStrings("device_type", "pci"))
        .window(ECAM, 2L << shift + 8).cells("bus-range", 0, 1).cells("#address-cells", 3).cells("#size-cells", 2)
        .cells("ranges", 2 << 24, 0, 0x1000_0000, 0, 0x1000_0000, 0, 0x100_0000).build();
    board = new FakeContext(node);
    board.create(factory("pci-host-generic"));
    card("/pcie/card@1,0", 1 << 11);
    HostBridgePort bridge = bridge(node, "pcihost.ecam", "Generic host bridges");
    everySize(bridge, 1 << 3);
    assertEquals(IDS, (int) bridge.trappedRead(bridge, ECAM + (1L << 3 + shift), 4), "the hardware domain's way");
  }

  @Test
  void xgene() {
    PlatformNode node = FakeNode.at("/soc/pcie@1f2b0000").compatible("apm,xgene-storm-pcie", "apm,xgene-pcie")
        .property(FdtProperty.ofStrings("device_type", "pci")).window(REGISTERS, 0x1_0000).window(WINDOW, 0x4_0000)
        .property(FdtProperty.ofStrings("reg-names", "csr", "cfg")).cells("#address-cells", 3).cells("#size-cells", 2)
        .cells("#interrupt-cells", 1).cells("bus-range", 0, 0xFF)
        .cells("ranges", 0x0200_0000, 0, 0x8000_0000, 0xE1, 0x8000_0000, 0, 0x8000_0000)
        .cells("interrupt-map-mask", 0, 0, 0, 7).cells("interrupt-map", 0, 0, 0, 1, 1, 0, 0xC2, 4).cells("clocks", 0x10, 0).build();
    board = new FakeContext(node).beside(FakeNode.at("/soc").cells("#address-cells", 2).cells("#size-cells", 2).flag("ranges").build(),
        FakeNode.at(CLOCK).compatible("apm,xgene-device-clock").window(REGISTERS + 0xC000, 0x1000).cells("phandle", 0x10).build(),
        FakeNode.at("/gic").compatible("arm,cortex-a15-gic").cells("#interrupt-cells", 3).cells("phandle", 1).build());
    board.port(CLOCK, ClockGatePort.class).drive(false);
    board.create(factory("xgene-pcie"));
    card("/soc/pcie@1f2b0000/card@0,0", 0);
    HostBridgePort bridge = bridge(node, "pcihost.xgene", "X-Gene PCIe ports");
    assertEquals(-1, bridge.read(0x100, 0, 4), "no clock");
    assertEquals(1, hyp.context("pcihost.xgene").reportedEvents().size());
    // The hardware domain brings the port up.
    board.port(CLOCK, ClockGatePort.class).drive(true);
    bridge.trappedWrite(bridge, REGISTERS + CFGBAR, 4, WINDOW & 0xFFFF_FFFFL);
    bridge.trappedWrite(bridge, REGISTERS + CFGBAR + 4, 4, WINDOW >>> 32);
    bridge.trappedWrite(bridge, REGISTERS + CFGBAR + 8, 4, 1);
    bridge.trappedWrite(bridge, WINDOW + 0x18, 4, 0x00FF_0100);
    assertEquals(0xE004_10E8, bridge.read(0, 0, 4));
    assertEquals(-1, bridge.read(8, 0, 4), "the root port is alone");
    everySize(bridge, 0x100);
    bridge.trappedWrite(bridge, REGISTERS + RTDID, 4, 0x100);
    assertEquals(-1, bridge.read(0x108, 0, 4));
    assertEquals(IDS, (int) bridge.trappedRead(bridge, WINDOW + TYPE_1, 4), "the hypervisor's cycle came between");
    bridge.write(0, 0x5C, 2, 0x10);
    assertEquals(-1, bridge.read(0x108, 0, 4), "CRS software visibility doesn't come on");
    int bar = bridge.read(0, 0x10, 4);
    bridge.write(0, 0x10, 4, -1);
    assertEquals(bar, bridge.read(0, 0x10, 4));
  }
}
