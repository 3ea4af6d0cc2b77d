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
