// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.FieldText;
import org.xenolith.regs.RegisterWords;

class DomainRegistersTest {
  private static Map<String, Long> shown(DomainGic gic) {
    Map<String, Long> shown = new HashMap<>();
    gic.state.visitRegisters((window, register, value, stored) -> {
      assertNotEquals(RegisterWords.UNSAID, register.words(), register::name);
      shown.put(window + "." + register.name(), value);
    });
    return shown;
  }

  @Test
  void aDomainsControllerIsShownAsItsGuestFindsIt() {
    DomainGic gic = new DomainGic(7, 3, 2, 96);
    gic.control.value = 2;
    gic.enabled[gic.bank(0, 70)] = 1 << 70 - 64;
    gic.priority(gic.bank(0, 70), 70, 0xA0);
    gic.edge[gic.bank(0, 70)] = 1 << 70 - 64;
    gic.route(70, 1);
    gic.level[gic.bank(1, 27)] = 1 << 27;
    gic.lists[PhysicalGic.MOST_LISTS + 3] = 1L << 62 | 27;
    Map<String, Long> shown = shown(gic);
    assertEquals(2, shown.get("distributor.GICD_CTLR"));
    assertEquals(1 << 6, shown.get("distributor.GICD_ISENABLER2"));
    assertEquals(0xA0 << 16, shown.get("distributor.GICD_IPRIORITYR17"));
    assertEquals(2 << 12, shown.get("distributor.GICD_ICFGR4"));
    assertEquals(1, shown.get("distributor.GICD_IROUTER70"));
    assertEquals(1 << 27, shown.get("vcpu1.GICR_ISPENDR0"));
    assertEquals(0, shown.get("vcpu0.GICR_ISPENDR0"));
    assertEquals(0xFFFF, shown.get("vcpu0.GICR_ISENABLER0"));
    assertEquals(1L << 62 | 27, shown.get("vcpu1.ICH_LR3_EL2"));
    assertEquals(Set.of(), FieldText.beside(DomainRegisters.class).unknown(shown.keySet().stream().map(each -> each.replaceFirst(".*\\.",
        ""))
        .toList()).stream().filter(each -> !each.contains("ITARGETSR")).collect(Collectors.toSet()));
  }

  @Test
  void oneOfTheSecondVersionHasTargets() {
    DomainGic gic = new DomainGic(7, 2, 1, 64);
    gic.route(33, 0x80);
    Map<String, Long> shown = shown(gic);
    assertEquals(0x0101_8001, shown.get("distributor.GICD_ITARGETSR8"));
    assertEquals(0xFFFF, shown.get("vcpu0.GICD_ISENABLER0"));
  }
}
