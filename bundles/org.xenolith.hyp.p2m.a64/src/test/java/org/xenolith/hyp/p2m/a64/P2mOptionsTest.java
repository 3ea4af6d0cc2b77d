// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.p2m.a64.Board.RAM_FRAME;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.Granule;
import org.xenolith.hyp.api.PageType;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** How large stage 2 is, and CPUs that can't walk it. */
class P2mOptionsTest {
  private static final String BITS = "ipa-bits";

  @Test
  void aBoardMayHaveMoreBits() {
    Board board = new Board(Map.of(BITS, "44"));
    FakeDomain guest = board.guest(2);
    long limit = 1L << 32;
    assertEquals(0, board.p2m.map(guest, limit - 1, RAM_FRAME, 1, PageType.RAM));
    assertEquals(RAM_FRAME << 12, board.machine(guest, limit - 1 << 12, true));
    assertEquals(-XEN_EINVAL, board.p2m.map(guest, limit, RAM_FRAME, 1, PageType.RAM));
    assertEquals(-1, board.machine(guest, 1L << 43, false));
  }

  /** VTCR_EL2 for CPUs of 44 bits. */
  @Test
  void asManyBitsComeOutAsTheCpusHave() {
    assertEquals(1L << 31 | 4 << 16 | 3 << 12 | 1 << 10 | 1 << 8 | 1 << 6 | 24, new Board().p2m.control());
  }

  @Test
  void onlyThreeSizesAreTaken() {
    for (String bits : new String[] {"39", "41", "43", "45", "47", "49", "0"}) {
      String said = assertThrows(ModelException.class, () -> new Board(Map.of(BITS, bits))).getMessage();
      assertTrue(said.endsWith(BITS + "=" + bits + ": expected 40, 44 or 48"), said);
    }
  }

  private static FakeHypervisor with(CpuConfig config, String bits) {
    FakeHypervisor hypervisor = new FakeHypervisor(1, Map.of(BITS, bits));
    Cpu cpu = hypervisor.machine().add(config.withLevels(true, false));
    hypervisor.cpu(0).platformObject(cpu);
    return hypervisor;
  }

  @Test
  void itHasNoMoreBitsThanTheCpus() {
    CpuConfig small = CpuConfig.cortexA57(0).withPhysicalBits(40);
    with(small, "40").install("p2m", new P2mComponent());
    FakeHypervisor large = with(small, "44");
    String said = assertThrows(ModelException.class, () -> large.install("p2m", new P2mComponent())).getMessage();
    assertEquals("stage 2 with addresses of 44 bits: the CPUs have physical addresses of 40 bits (their option physical-bits)", said);
    with(CpuConfig.cortexA57(0).withPhysicalBits(48), "48").install("p2m", new P2mComponent());
  }

  @Test
  void cpusWithoutPagesOfFourKilobytesAreRefusedByName() {
    FakeHypervisor hypervisor = with(CpuConfig.cortexA57(0).withGranules(Set.of(Granule.K64)), "40");
    String said = assertThrows(ModelException.class, () -> hypervisor.install("p2m", new P2mComponent())).getMessage();
    assertTrue(said.contains("add 4k to ") && said.contains("64k"), said);
  }
}
