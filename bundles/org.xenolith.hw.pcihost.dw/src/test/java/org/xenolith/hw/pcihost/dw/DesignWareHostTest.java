// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.dw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.pci.kit.PciBridge;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** A host bridge with one endpoint, as a driver that filters and one that doesn't find it. */
class DesignWareHostTest {
  private static final long WINDOW = 0x1000_0000L;
  private static final long ALL_ONES = 0xFFFF_FFFFL;
  private static final long IDS = 0x5678_1234L;
  private DeviceModel model;

  private FakeContext bridge(String... options) {
    FakeNode node = FakeNode.at("/pcie").compatible("snps,dw-pcie-ecam").window(0x40_1000_0000L, 256 << 20)
        .cells("ranges", 0x0200_0000, 0, 0x1000_0000, 0, 0x1000_0000, 0, 0x1000_0000);
    for (int i = 0; i < options.length; i += 2) {
      node.option(options[i], options[i + 1]);
    }
    FakeContext context = new FakeContext(node.build());
    model = context.create(new DesignWareHostComponent());
    return context;
  }

  private static PlatformNode at(String path, int device) {
    return FakeNode.at(path).cells("reg", device << 11, 0, 0, 0, 0).build();
  }

  /** An endpoint that keeps a word. */
  private static PciEndpoint plug(FakeContext context, PlatformNode node) {
    PciDevice device = new PciDevice() {
      private long kept;

      @Override
      public long readBar(int bar, long offset, int size) {
        return kept;
      }

      @Override
      public void writeBar(int bar, long offset, int size, long value) {
        kept = value;
      }

      @Override
      public void functionReset() {}
    };
    return new PciEndpoint(context.at(node), new DeviceState(), ConfigTable.endpoint(0x1234, 0x5678, 0x01_0802, 1)
        .bar(0, BarKind.MEMORY32, 0x1000).build(), device);
  }

  private FakeContext withEndpoint(String... options) {
    FakeContext context = bridge(options);
    plug(context, at("/pcie/disk@0,0", 0));
    return context;
  }

  private static long ids(FakeContext context, int bus, int device) {
    return context.read(0, (long) bus << 20 | (long) device << 15, 4);
  }

  private static List<Integer> found(FakeContext context) {
    List<Integer> found = new ArrayList<>();
    IntStream.range(0, 32).filter(device -> ids(context, 0, device) == IDS).forEach(found::add);
    return found;
  }

  @Test
  void theDefectIsASwitchAndOn() {
    assertEquals(List.of("ghost-devices=true"), DesignWareHostComponent.DESCRIPTION.options().stream().filter(Option::quirk)
        .map(o -> o.name() + "=" + o.initial()).toList());
  }

  @Test
  void theOneDeviceAppears32Times() {
    FakeContext context = withEndpoint();
    assertEquals(IntStream.range(0, 32).boxed().toList(), found(context));
    assertEquals(ALL_ONES, context.read(0, 31 << 15 | 7 << 12, 4), "only its functions");
    assertEquals(ALL_ONES, ids(context, 1, 0), "only on the root bus");
  }

  /** All are the same registers: who gives a ghost a BAR moves the device's. */
  @Test
  void whoSetsUpAGhostMovesTheDevice() {
    FakeContext context = withEndpoint();
    context.write(0, 0x10, 4, WINDOW);
    context.write(0, 0x04, 2, 2);
    context.writeAt(WINDOW, 4, 5);
    context.write(0, 31 << 15 | 0x10, 4, WINDOW + 0x10_0000);
    assertEquals(ALL_ONES, context.readAt(WINDOW, 4));
    assertEquals(5, context.readAt(WINDOW + 0x10_0000, 4));
  }

  @Test
  void withoutTheDefectItAppearsOnce() {
    FakeContext context = withEndpoint("ghost-devices", "false");
    assertEquals(List.of(0), found(context));
    context.write(0, 0x10, 4, WINDOW);
    context.write(0, 31 << 15 | 0x10, 4, WINDOW + 0x10_0000);
    assertEquals(WINDOW, context.read(0, 0x10, 4));
    assertEquals(0xFFFF, context.read(0, 1 << 15 | 2, 2), "as wide as the read");
  }

  /** Behind a bridge the bridge filters. */
  @Test
  void busesBelowHaveNoGhosts() {
    FakeContext context = bridge();
    new PciBridge(context.at(at("/pcie/port@0,0", 0)), new DeviceState(), ConfigTable.bridge(0x1B36, 0xC, 0x06_0400, 0)
        .capability(Capability.express(Capability.Express.ROOT_PORT)).build());
    plug(context, at("/pcie/port@0,0/disk@0,0", 0));
    context.write(0, 0x18, 4, 0x01_0100);
    assertEquals(0x000C_1B36L, ids(context, 0, 17));
    assertEquals(IDS, ids(context, 1, 0));
    assertEquals(ALL_ONES, ids(context, 1, 1));
  }

  @Test
  void aCardWithoutAPlaceIsRefused() {
    FakeContext context = new FakeContext(FakeNode.at("/pcie").compatible("snps,dw-pcie-ecam").window(0x40_1000_0000L, 256 << 20).build())
        .beside(at("/pcie/disk@1,0", 1));
    ModelException e = assertThrows(ModelException.class, () -> context.create(new DesignWareHostComponent()));
    assertTrue(e.getMessage().contains("/pcie/disk@1,0") && e.getMessage().contains("0.0"), e.getMessage());
  }

  @Test
  void nothingPassesABridgeThatIsGone() {
    FakeContext context = bridge();
    PciEndpoint endpoint = plug(context, at("/pcie/disk@0,0", 0));
    context.write(0, 0x04, 2, 6);
    endpoint.dma().write(0x4000_0000L, 4, 1);
    model.removed();
    assertThrows(ExternalAbort.class, () -> endpoint.dma().write(0x4000_0000L, 4, 2));
  }
}
