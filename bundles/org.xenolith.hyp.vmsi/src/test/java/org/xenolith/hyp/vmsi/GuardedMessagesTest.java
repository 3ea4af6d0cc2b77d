// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vmsi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Iommu;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.MessageTranslationPort;
import org.xenolith.hyp.x64.api.GuestInterruptsPort;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeX64Cpu;
import org.xenolith.testkit.hyp.MessageLog;

/** IOMMUs are told which messages each function may send. */
class GuardedMessagesTest {
  private static final String ROLE = "vmsi";
  private static final int NVME = 0x08;
  private static final int CARD = 0x10;
  private static final long WANTED = 0xFEE0_2000L;

  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  private final MessageTranslationPort translation = hypervisor.port(MessageTranslationPort.class);
  private final Set<String> passing = new TreeSet<>();
  private final FakeDomain dom0;

  GuardedMessagesTest() {
    hypervisor.cpu(0).platformObject(new FakeX64Cpu());
    hypervisor.port(GuestInterruptsPort.class).attach(new MessageLog(), hypervisor.context("vlapic"));
    dom0 = hypervisor.dom0(1);
    hypervisor.install(ROLE, new VmsiComponent());
    hypervisor.port(IommusPort.class).at(FakeNode.at("/iommu").build(), hypervisor.context(ROLE)).attach(new Guard(), hypervisor.context(
        ROLE));
  }

  private String give(int sbdf, int number) {
    return sbdf + ":" + translation.give(sbdf, number, dom0, WANTED, 0x31).data();
  }

  @Test
  void aMessagePassesFromWhenItIsGivenUntilItIsTaken() {
    String first = give(NVME, 0);
    String second = give(NVME, 1);
    String others = give(CARD, 0);
    assertEquals(Set.of(first, second, others), passing);
    give(NVME, 0);
    assertEquals(Set.of(first, second, others), passing);
    translation.take(NVME);
    assertEquals(Set.of(others), passing);
    hypervisor.destroy(dom0);
    assertEquals(Set.of(), passing);
  }

  /** A vector that it had may be anybody's then. */
  @Test
  void noneOfAProviderThatIsAwayPass() {
    String first = give(NVME, 0);
    var kept = hypervisor.remove(ROLE);
    assertEquals(Set.of(), passing);
    hypervisor.bringBack(ROLE, new VmsiComponent(), kept);
    assertEquals(Set.of(first), passing);
  }

  private final class Guard implements Iommu {
    @Override
    public boolean driven() {
      return true;
    }

    @Override
    public boolean covers(long stream) {
      return true;
    }

    @Override
    public int attach(int sbdf, long stream, Domain domain) {
      return 0;
    }

    @Override
    public void detach(int sbdf) {}

    @Override
    public void message(int sbdf, int data, boolean passes) {
      if (passes) {
        passing.add(sbdf + ":" + data);
      } else {
        passing.remove(sbdf + ":" + data);
      }
    }
  }
}
