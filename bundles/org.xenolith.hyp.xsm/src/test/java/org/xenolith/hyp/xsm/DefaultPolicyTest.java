// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xsm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;

class DefaultPolicyTest {
  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final FakeDomain dom0 = hypervisor.dom0(1);
  private final FakeDomain service = hypervisor.service();
  private final FakeDomain guest = hypervisor.domU(5, 1);
  private final FakeDomain other = hypervisor.domU(6, 1);
  private final AccessControlPort port = hypervisor.port(AccessControlPort.class);

  @BeforeEach
  void install() {
    hypervisor.install("xsm", new XsmComponent());
  }

  /** For ANY, SELF, CONTROL, HARDWARE. */
  private List<Boolean> allowed(Domain caller, Domain target) {
    return List.of(Privilege.values()).stream().map(privilege -> port.allowed(caller, privilege, target)).toList();
  }

  @Test
  void hardwareDomainMayEverything() {
    for (Domain target : new Domain[] {dom0, service, guest, null}) {
      assertEquals(List.of(true, true, true, true), allowed(dom0, target));
    }
  }

  @Test
  void serviceDomainControlsButDoesNotTouchHardware() {
    for (Domain target : new Domain[] {dom0, service, guest, null}) {
      assertEquals(List.of(true, true, true, false), allowed(service, target));
    }
  }

  @Test
  void guestMayDoToItselfWhatNeedsNoControl() {
    assertEquals(List.of(true, true, false, false), allowed(guest, guest));
  }

  @Test
  void guestMayDoNothingToAnother() {
    for (Domain target : new Domain[] {dom0, service, other, null}) {
      assertEquals(List.of(true, false, false, false), allowed(guest, target));
    }
  }

  @Test
  void withoutThePolicyNobodyMayMoreThanItself() {
    hypervisor.remove("xsm");
    assertEquals(List.of(true, true, false, false), allowed(dom0, dom0));
    assertEquals(List.of(false, false, false, false), allowed(dom0, guest));
    hypervisor.install("xsm", new XsmComponent());
    assertEquals(List.of(true, true, true, true), allowed(dom0, guest));
  }

  @Test
  void replacementDecidesAlike() {
    hypervisor.replace("xsm", new XsmComponent());
    hardwareDomainMayEverything();
    guestMayDoNothingToAnother();
  }
}
