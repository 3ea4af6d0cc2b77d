// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.CpuModel;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuFile;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** How many bits physical addresses have, by the board and by what the CPU's node is told. */
class PhysicalSizeTest {
  private final List<String> said = new ArrayList<>();

  private static PlatformNode node(String path, boolean enabled, AddressWindow window, FdtProperty... properties) {
    return new PlatformNode(path, path.substring(1), "/", List.of(properties), List.of(), enabled, window == null ? List.of() : List.of(
        window), List.of(), Map.of());
  }

  private static Platform board(PlatformNode... nodes) {
    List<PlatformNode> all = new ArrayList<>(List.of(new PlatformNode("/", "", "", List.of(FdtProperty.ofCells("#address-cells", 2)), List
        .of(), true, List.of(), List.of(), Map.of())));
    all.addAll(List.of(nodes));
    return new Platform("board", null, all, Platform.Timing.STANDARD);
  }

  private int bits(String option, PlatformNode... nodes) {
    return new PhysicalSize(CpuModel.standard(), false, said::add).bits(node("/cpu", true, null), board(nodes), option);
  }

  @Test
  void itIsCortexA57sWhereThatIsEnough() {
    assertEquals(44, bits("", node("/uart", true, new AddressWindow(0xFFF_FFFF_F000L, 0x1000))));
    assertEquals(44, bits("", node("/off", false, new AddressWindow(0x87E0_2400_0000L, 0x1000))), "nobody reaches what is off");
    assertEquals(List.of(), said);
  }

  @Test
  void aBoardWithMoreGetsMoreAndIsTold() {
    assertEquals(48, bits("", node("/uart", true, new AddressWindow(0x87E0_2400_0000L, 0x1000))));
    assertEquals(1, said.size());
    assertEquals("physical addresses of 48 bits, as the board has something at 0x87e024000fff; cortex-a57 has 44 (option physical-bits)",
        said.getFirst());
  }

  @Test
  void whatAPciHostBridgePassesCountsToo() {
    FdtProperty ranges = FdtProperty.ofCells("ranges", 0x0300_0000, 0x10, 0, 0x8010, 0, 0x70, 0);
    assertEquals(48, bits("", node("/pcie", true, new AddressWindow(0x1000, 0x1000), FdtProperty.ofStrings("device_type", "pci"), ranges)));
  }

  @Test
  void theOptionDecides() {
    PlatformNode low = node("/uart", true, new AddressWindow(0x900_0000, 0x1000));
    assertEquals(48, bits("48", low));
    assertEquals(List.of("physical addresses of 48 bits; cortex-a57 has 44"), said);
    said.clear();
    assertEquals(40, bits("40", low));
    assertEquals(List.of(), said);
    PlatformNode high = node("/uart", true, new AddressWindow(0x87E0_2400_0000L, 0x1000));
    assertEquals(44, bits("44", high));
    assertEquals(List.of("physical addresses of 44 bits, though the board has something at 0x87e024000fff that they don't reach"), said);
  }

  /** ID_AA64MMFR0_EL1.PARange 2. */
  private static final CpuModel OF_40_BITS = CpuModel.of(CpuFile.read("small", "small.cpu", """
      xenolith-cpu 1
      instructions a64
      summary a small one
      register MIDR_EL1 0x410FD034
      register ID_AA64PFR0_EL1 0x11
      register ID_AA64DFR0_EL1 0x10305006
      register ID_AA64MMFR0_EL1 0x22
      register CTR_EL0 0x84448004
      register DCZID_EL0 4
      """));

  @Test
  void aCpuThatIsNamedKeepsItsOwnAndWhatItDoesNotReachIsTold() {
    PlatformNode high = node("/uart", true, new AddressWindow(0x100_0000_0000L, 0x1000));
    PhysicalSize named = new PhysicalSize(OF_40_BITS, true, said::add);
    assertEquals(40, named.bits(node("/cpu", true, null), board(node("/uart", true, new AddressWindow(0x900_0000, 0x1000))), ""));
    assertEquals(List.of(), said);
    assertEquals(40, named.bits(node("/cpu", true, null), board(high), ""));
    assertEquals(List.of(
        "physical addresses of 40 bits, as small has, though the board has something at 0x10000000fff that they don't reach;"
            + " name another CPU, or say the option physical-bits"), said);
    said.clear();
    assertEquals(48, named.bits(node("/cpu", true, null), board(high), "48"));
    assertEquals(List.of("physical addresses of 48 bits; small has 40"), said);
  }

  @Test
  void otherSizesAreRefused() {
    for (String wrong : List.of("43", "52", "many")) {
      ModelException refused = assertThrows(ModelException.class, () -> bits(wrong));
      assertEquals("/cpu: option physical-bits: expected one of 32, 36, 40, 42, 44, 48, got '" + wrong + "'", refused.getMessage());
    }
  }
}
