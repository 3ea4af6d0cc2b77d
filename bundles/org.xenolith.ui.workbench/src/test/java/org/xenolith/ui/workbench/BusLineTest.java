// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.pci.api.PciAddress;
import org.xenolith.pci.api.PciBar;
import org.xenolith.pci.api.PciFunctionFacts;
import org.xenolith.pci.api.PciHostFacts;
import org.xenolith.pci.api.PciIds;
import org.xenolith.pci.api.PciInterrupt;
import org.xenolith.pci.api.PciState;

class BusLineTest {
  private static PciFunctionFacts function(int bus, List<PciBar> bars, PciFunctionFacts... below) {
    return new PciFunctionFacts(new PciAddress(0, bus, 0, 0), Optional.empty(), Optional.empty(), new PciIds(0x1B36, 0x10, 0, 0, 0x010802,
        0),
        new PciState(false, true, true, 0), bars, List.of(), new PciInterrupt(PciInterrupt.Mode.NONE, 0, 0, 0), Optional.empty(), Optional
            .empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(below));
  }

  private static BusLine line(String text, BusLine... below) {
    return new BusLine(text, List.of(below));
  }

  @Test
  void barsComeBeforeWhatIsBehind() {
    PciBar bar = new PciBar(0, PciBar.Kind.MEMORY32, 0x1000, 0x1000);
    assertEquals(line("/pcie  ecam", line("00:00.0 1b36:0010 class 010802", line("BAR 0 memory32 0x1000..0x1fff"),
        line("01:00.0 1b36:0010 class 010802"))), BusLine.of(new PciHostFacts("/pcie", "ecam", 0, 0, List.of(), List.of(function(0, List.of(
            bar), function(1, List.of()))))));
  }
}
