// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** What the core says of Arm; the golden run of Xen 4.17 on Debian 12 has the texts. */
class ArmFactsTest {
  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final DeviceModel model = hypervisor.install("core", new ArmHypervisorComponent());
  private final ArchitectureFactsPort facts = hypervisor.port(ArchitectureFactsPort.class);

  @Test
  void guestsAreOfTheStatesThatTheCpuHas() {
    assertEquals("xen-3.0-aarch64 ", ArmFacts.capabilities(0x11));
    assertEquals("xen-3.0-aarch64 xen-3.0-armv7l ", ArmFacts.capabilities(0x22));
  }

  @Test
  void theyAreThereAsLongAsTheCore() {
    Domain service = hypervisor.port(DomainsPort.class).domains().byId(ServiceEventsPort.DOMID);
    assertEquals(1 << 14, facts.features(service));
    assertEquals(0x20_0000, facts.virtualStart());
    assertEquals(0, facts.hertz(), "no timer here");
    model.removed();
    assertFalse(facts.present());
    assertEquals(0, facts.features(service));
    assertEquals("0x16, 0xea1", facts.trap(0x16, 0xEA1));
  }

  @Test
  void trapsAreReadable() {
    assertEquals("HVC 0xea1", facts.trap(0x16, 0xEA1));
    assertEquals("SMC 0x0", facts.trap(0x17, 0));
    assertEquals("WFE", facts.trap(1, 1));
    assertEquals("MRS S3_0_C12_C11_5", facts.trap(0x18, 0x300001 | 5 << 17 | 12 << 10 | 11 << 1));
    assertEquals("data abort, write, status 0x7", facts.trap(0x24, 1 << 6 | 7));
    assertEquals("instruction abort, status 0x4", facts.trap(0x20, 4));
    assertEquals("exception class 0x3, syndrome 0x1", facts.trap(3, 1));
  }
}
