// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.platform.api.PlatformNode;

class ConsoleShaperTest {
  private final ConsoleShaper shaper = new ConsoleShaper();

  private static FdtNode node(String name, String compatible, FdtNode... children) {
    return new FdtNode(name, List.of(FdtProperty.ofStrings("compatible", compatible)), List.of(children));
  }

  private static final Fdt TREE = Fdt.of(new FdtNode("", List.of(), List.of(node("virtio_mmio@a000200", "virtio,mmio"),
      node("virtio_mmio@a000000", "virtio,mmio"), node("pcie@1000", "pci-host",
          node("virtio@1,0", "xenolith,pci-virtio").withProperty(FdtProperty.ofStrings(PlatformNode.PLUGGED, "1.0")),
          node("nvme@2,0", "xenolith,pci-nvme").withProperty(FdtProperty.ofStrings(PlatformNode.PLUGGED, "2.0")),
          node("virtio-legacy@4,0", "xenolith,pci-virtio-legacy").withProperty(FdtProperty.ofStrings(PlatformNode.PLUGGED, "4.0"))))));

  private static RequestBuilder request(String consoles) {
    return RequestBuilder.of("virt").option("virtio-console", consoles);
  }

  private static String function(Fdt tree, String path) {
    return tree.node(path).orElseThrow().property(PlatformNode.FUNCTION).map(FdtProperty::string).orElse("");
  }

  @Test
  void eachConsoleHasATransportOfItsOwn() {
    assertTrue(shaper.serves(request(",").build()));
    assertFalse(shaper.serves(RequestBuilder.of("virt").build()));
    Fdt tree = shaper.shape(TREE, request(", pci=1.0 ,").build());
    assertEquals("virtio:3", function(tree, "/virtio_mmio@a000000"));
    assertEquals("virtio:3", function(tree, "/virtio_mmio@a000200"));
    assertEquals("virtio:3", function(tree, "/pcie@1000/virtio@1,0"));
  }

  @Test
  void whatHasAFunctionIsNotTaken() {
    Fdt cards = new NicShaper().shape(TREE, RequestBuilder.of("virt").option("nic", ",").build());
    Fdt tree = shaper.shape(cards, request(",").build());
    assertEquals("virtio:1", function(tree, "/virtio_mmio@a000000"));
    assertEquals("virtio:3", function(tree, "/virtio_mmio@a000200"));
    assertEquals("", function(shaper.shape(TREE, request(",").functions(Map.of("/virtio_mmio@a000000", "virtio:2")).build()),
        "/virtio_mmio@a000000"));
  }

  /** An entropy device is put behind a transport in the same way, of either kind, behind what others have taken. */
  @Test
  void entropyDevicesGoWhereConsolesGo() {
    LaunchRequest request = request(",").option("rng", ", pci=4.0").build();
    Fdt tree = new RngShaper().shape(shaper.shape(TREE, request), request);
    assertEquals("virtio:3", function(tree, "/virtio_mmio@a000000"));
    assertEquals("virtio:4", function(tree, "/virtio_mmio@a000200"));
    assertEquals("virtio:4", function(tree, "/pcie@1000/virtio-legacy@4,0"));
    assertEquals(List.of("virtio_mmio", "virtio_pci", "virtio_rng"), new RngShaper().modules(request));
    assertEquals(List.of(), new RngShaper().modules(RequestBuilder.of("virt").build()));
  }

  @Test
  void whatCanNotBeIsSaid() {
    refused("no free virtio transport", ", , ,");
    refused("no virtio device in slot 2.0", "pci=2.0");
    refused("no virtio device in slot 3.0", "pci=3.0");
    refused("has another use already", "pci=1.0 pci=1.0");
    refused("expected pci=SLOT", "hvc0");
  }

  private void refused(String part, String consoles) {
    String says = assertThrows(BadInput.class, () -> shaper.shape(TREE, request(consoles).build())).getMessage();
    assertTrue(says.startsWith("⟦virtio-console⟧") && says.contains(part), says);
  }
}
