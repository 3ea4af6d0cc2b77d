// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.net.api.FrameReceiver;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.net.api.OutsideLink;
import org.xenolith.net.api.OutsideNetwork;
import org.xenolith.platform.api.PlatformNode;

class NicShaperTest {
  private static FdtNode node(String name, String compatible, FdtNode... children) {
    return new FdtNode(name, List.of(), List.of(children)).withProperty(FdtProperty.ofStrings("compatible", compatible, "second"));
  }

  private static FdtNode card(String name, String model, String slot) {
    return node(name, "xenolith,pci-" + model).withProperty(FdtProperty.ofStrings(PlatformNode.PLUGGED, slot));
  }

  private static final Fdt BOARD = Fdt.of(new FdtNode("", List.of(), List.of(node("virtio_mmio@a000200", "virtio,mmio"),
      node("virtio_mmio@a000000", "virtio,mmio"), node("pcie@1000", "pci-host", card("virtio@1,0", "virtio", "1.0"),
          card("e1000@2,0", "e1000", "2.0")))));

  private static RequestBuilder request(String nics) {
    return RequestBuilder.of("virt").option("nic", nics);
  }

  private static Fdt shaped(String nics) {
    return new NicShaper().shape(BOARD, request(nics).build());
  }

  private static String text(Fdt tree, String path, String property) {
    return tree.node(path).orElseThrow().property(property).map(FdtProperty::string).orElse("");
  }

  @Test
  void aTransportGetsTheFunctionAndTheMachineASwitch() {
    Fdt tree = shaped("pci=1.0,mac=52:54:00:0a:0B:0c,bridge=lan");
    assertEquals("virtio:1", text(tree, "/pcie@1000/virtio@1,0", PlatformNode.FUNCTION));
    assertEquals("lan", text(tree, "/pcie@1000/virtio@1,0", NetworkNodes.SEGMENT));
    assertArrayEquals(new byte[] {0x52, 0x54, 0, 10, 11, 12},
        tree.node("/pcie@1000/virtio@1,0").orElseThrow().property(NetworkNodes.ADDRESS).orElseThrow().value());
    assertEquals(NetworkNodes.COMPATIBLE, text(tree, "/ethernet", "compatible"));
  }

  @Test
  void aCardThatIsNoTransportIsOnlyTold() {
    Fdt tree = shaped("pci=2.0");
    assertEquals("", text(tree, "/pcie@1000/e1000@2,0", PlatformNode.FUNCTION));
    assertEquals("xenbr0", text(tree, "/pcie@1000/e1000@2,0", NetworkNodes.SEGMENT));
  }

  @Test
  void withoutASlotTheLowestFreeTransportIsTaken() {
    Fdt tree = shaped(", bridge=b");
    assertEquals("xenbr0", text(tree, "/virtio_mmio@a000000", NetworkNodes.SEGMENT));
    assertEquals("b", text(tree, "/virtio_mmio@a000200", NetworkNodes.SEGMENT));
    assertEquals(0x57, tree.node("/virtio_mmio@a000200").orElseThrow().property(NetworkNodes.ADDRESS).orElseThrow().value()[5]);
    refused(", , ,", "no free virtio transport");
  }

  @Test
  void underTheHypervisorTheSwitchIsIts() {
    assertTrue(new NicShaper().shape(BOARD, request("pci=1.0").hypervisor(true).build()).node("/ethernet").isEmpty());
  }

  @Test
  void guestsSeeNothingOfIt() {
    Fdt seen = TreeEdits.withoutCards(shaped(","));
    assertTrue(seen.node("/ethernet").isEmpty());
    assertFalse(seen.node("/virtio_mmio@a000000").orElseThrow().properties().stream().anyMatch(p -> p.name().startsWith("xenolith,")));
    assertTrue(seen.node("/virtio_mmio@a000000").orElseThrow().has(NetworkNodes.ADDRESS), "a binding that all know");
  }

  private static void refused(String nics, String why) {
    String said = assertThrows(BadInput.class, () -> shaped(nics)).getMessage();
    assertTrue(said.contains(why), said);
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    refused("pci=3.0", "no PCI device in slot 3.0");
    refused("pci=1.0 pci=1.0", "another use already");
    refused("mac=01:00:00:00:00:00", "not of a group");
    refused("mac=1:2:3", "six bytes");
    refused("pci=1.0,vlan=3", "'vlan=3' is unknown");
    refused("user,hostfwd=tcp::2222-:22", "'user' is no kind of network that is installed; expected pci=SLOT, mac=ADDRESS or bridge=NAME;"
        + " no network outside is installed");
  }

  /** A network of which only is asked what it understands. */
  private static final class Understands implements OutsideNetwork {
    @Override
    public Map<String, String> settings() {
      return Map.of("to", "PLACE", "", "PATH");
    }

    @Override
    public OutsideLink open(Map<String, List<String>> settings, FrameReceiver machine) {
      throw new AssertionError("nobody opens it before the machine is built");
    }
  }

  private static NicShaper withNetwork() {
    NicShaper shaper = new NicShaper();
    shaper.addNetwork(new Understands(), Map.of(OutsideNetwork.WORD, "wire"));
    return shaper;
  }

  @Test
  void segmentsWithANetworkOutsideHaveAStationEachAndTheFirstIsTheUsualOne() {
    Fdt tree = withNetwork().shape(BOARD, request("wire=/tmp/a,pci=1.0,to=b wire,to=c,to=d wire,bridge=lan,pci=2.0").build());
    assertEquals("xenbr0", text(tree, "/pcie@1000/virtio@1,0", NetworkNodes.SEGMENT));
    assertEquals("xenbr1", text(tree, "/virtio_mmio@a000000", NetworkNodes.SEGMENT));
    assertEquals("lan", text(tree, "/pcie@1000/e1000@2,0", NetworkNodes.SEGMENT));
    assertEquals(List.of("xenbr0", "xenbr1", "lan"), List.of(0, 1, 2).stream().map(i -> text(tree, "/outside-network-" + i,
        NetworkNodes.SEGMENT)).toList());
    assertEquals(NetworkNodes.OUTSIDE, text(tree, "/outside-network-2", "compatible"));
    assertTrue(TreeEdits.withoutCards(tree).node("/outside-network-0").isEmpty(), "it is none of the guest's business");
  }

  @Test
  void settingsGoToTheNetworkInTheirOrder() {
    Nic nic = Nic.of("wire=/tmp/a,to=c,pci=1.0,to=d", 0, Map.of("wire", new Understands()));
    assertEquals(Map.of("", List.of("/tmp/a"), "to", List.of("c", "d")), nic.settings());
    assertEquals("wire", nic.network());
  }

  @Test
  void whatANetworkDoesNotUnderstandIsRefusedWithWhatItDoes() {
    for (String wrong : List.of("wire,from=b", "wire,wire=x", "wire,=x")) {
      String said = assertThrows(BadInput.class, () -> withNetwork().shape(BOARD, request(wrong).build())).getMessage();
      assertTrue(said.contains("is unknown; expected pci=SLOT, mac=ADDRESS, bridge=NAME or pcap=FILE; or of wire: to=, PLACE"), said);
    }
  }

  private static void refusedEarly(NicShaper shaper, String nics, String why) {
    String said = assertThrows(BadInput.class, () -> shaper.use(List.of(nics), RequestBuilder.of("virt"))).getMessage();
    assertTrue(said.contains(why), said);
  }

  @Test
  void cardsThatCannotBeMeantBesideEachOtherAreRefused() {
    NicShaper shaper = withNetwork();
    refusedEarly(shaper, "mac=52:54:00:00:00:01 mac=52:54:00:00:00:01",
        "has the same address on the same bridge xenbr0; give each its own by mac=");
    shaper.use(List.of("mac=52:54:00:00:00:01 mac=52:54:00:00:00:01,bridge=lan"), RequestBuilder.of("virt"));
    refusedEarly(shaper, "wire,pcap=/tmp/a wire,pcap=/tmp/a", "'wire,pcap=/tmp/a' is written to /tmp/a, too");
    refusedEarly(shaper, "pci=1.0,pcap=/tmp/a", "is of a card that has a network outside; " + OptionName.option("trace") + " FILE.pcapng");
  }

  @Test
  void aCaptureWithoutAFolderIsRefusedBeforeAnythingIsBuilt() {
    String said = assertThrows(BadInput.class, () -> withNetwork().check(List.of("wire,pcap=/nowhere/to/f"), java.util.Set.of()))
        .getMessage();
    assertTrue(said.contains("there is no folder /nowhere/to"), said);
  }
}
