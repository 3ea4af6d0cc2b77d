// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.launch.kit.RequestBuilder;

class CardShaperTest {
  private static Fdt shape(String cards) {
    FdtBuilder root = FdtBuilder.root();
    root.child("pcie@0").strings("device_type", "pci").strings("status", "disabled");
    root.child("pcie@1").strings("device_type", "pci");
    return new CardShaper().shape(Fdt.of(root.build()), RequestBuilder.of("virt").option("pci", cards).build());
  }

  @Test
  void allPlacesOfABusCanBeTaken() {
    String all = IntStream.range(0, 256).mapToObj(devfn -> Integer.toHexString(devfn >> 3) + "." + (devfn & 7) + "=rogue")
        .collect(Collectors.joining(" "));
    Fdt tree = shape(all);
    assertEquals(256, tree.node("/pcie@1").orElseThrow().children().size());
    assertEquals(0, tree.node("/pcie@0").orElseThrow().children().size(), "it is disabled");
    assertEquals(31 << 11 | 7 << 8, tree.node("/pcie@1/rogue@1f,7").orElseThrow().property("reg").orElseThrow().cell(0));
  }

  @Test
  void bridgesComeBeforeWhatIsBehindThem() {
    Fdt tree = shape("3.0/0.0/1.0=rogue 3.0/0.0=switch 3.0=root-port");
    assertTrue(tree.node("/pcie@1/root-port@3,0/switch@0,0/rogue@1,0").isPresent());
  }

  private static Fdt twoBridges(String cards) {
    FdtBuilder root = FdtBuilder.root();
    root.child("pcie@1").strings("device_type", "pci").child("port@0,0").strings("device_type", "pci");
    root.child("soc").child("pcie@2").strings("device_type", "pci");
    root.child("soc2").child("pcie@2").strings("device_type", "pci");
    root.child("off").strings("status", "disabled").child("pcie@3").strings("device_type", "pci");
    return new CardShaper().shape(Fdt.of(root.build()), RequestBuilder.of("virt").option("pci", cards).build());
  }

  private static String slot(Fdt tree, String path) {
    return tree.node(path).orElseThrow().property("xenolith,card").orElseThrow().string();
  }

  @Test
  void hostBridgesAreToldApartByNameOrPath() {
    Fdt tree = twoBridges("1.0=root-port pcie@1/2.0=rogue /soc/pcie@2/1.0/0.0=nvme /soc/pcie@2/1.0=root-port /soc2/pcie@2/1.0=virtio");
    assertEquals("1.0", slot(tree, "/pcie@1/root-port@1,0"), "the first one is meant by nothing");
    assertEquals("pcie@1/2.0", slot(tree, "/pcie@1/rogue@2,0"), "as it was asked for, so that disks find it");
    assertEquals("/soc/pcie@2/1.0/0.0", slot(tree, "/soc/pcie@2/root-port@1,0/nvme@0,0"));
    assertEquals("/soc2/pcie@2/1.0", slot(tree, "/soc2/pcie@2/virtio@1,0"));
    assertTrue(shape("pcie/3.0=rogue").node("/pcie@1/rogue@3,0").isPresent(), "without the address, where that is enough");
  }

  @Test
  void aHostBridgeThatIsntThereIsRefusedWithThoseThatAre() {
    BadInput none = assertThrows(BadInput.class, () -> twoBridges("pcie@3/1.0=rogue"));
    assertTrue(none.getMessage().endsWith("the board has no PCI host bridge 'pcie@3'; there is /pcie@1, /soc/pcie@2, /soc2/pcie@2"), none
        .getMessage());
    refused("the board has no PCI host bridge 'pcie@0'; there is pcie@1", "pcie@0/1.0=rogue");
    refused("the board has no PCI host bridge 'port@0,0'", "port@0,0/1.0=rogue");
    BadInput several = assertThrows(BadInput.class, () -> twoBridges("pcie@2/1.0=rogue"));
    assertTrue(several.getMessage().endsWith("several PCI host bridges are called 'pcie@2'; name one of /soc/pcie@2, /soc2/pcie@2"), several
        .getMessage());
    BadInput behind = assertThrows(BadInput.class, () -> twoBridges("3.0=root-port /soc/pcie@2/3.0/0.0=rogue"));
    assertTrue(behind.getMessage().contains("plug a bridge in with ⟦pci⟧ /soc/pcie@2/3.0=root-port"), behind.getMessage());
    refused("taken already", "3.0=rogue pcie@1/3.0=nvme");
    refused("BRIDGE/SLOT=MODEL", "pcie@1=rogue");
    refused("BRIDGE/SLOT=MODEL", "/3.0=rogue");
    refused("0.0 to 1f.7", "pcie@1/20.0=rogue");
  }

  @Test
  void whatHasNoPlaceIsRefused() {
    refused("plug a bridge in with ⟦pci⟧ 3.0=root-port", "3.0/0.0=rogue");
    refused("taken already", "3.0=rogue 3.0=nvme");
    refused("0.0 to 1f.7", "20.0=rogue");
    refused("expected SLOT=MODEL", "3.0");
  }

  private static void refused(String remedy, String cards) {
    BadInput e = assertThrows(BadInput.class, () -> shape(cards));
    assertTrue(e.getMessage().contains(remedy), e.getMessage());
  }
}
