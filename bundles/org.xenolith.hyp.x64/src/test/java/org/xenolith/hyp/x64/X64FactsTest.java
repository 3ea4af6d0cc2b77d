// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.XenErrno;

/** What the core says of x86-64; the golden run of Debian's Xen 4.17.7 with a PVH Dom0 has the texts. */
class X64FactsTest {
  private final X64Facts facts = new X64Facts(null);
  private final FakeDomain guest = new FakeHypervisor().domU(2, 2);

  @Test
  void anUnknownOperationIsNotImplementedAndOfAVirtualCpuThatThereIsNotNothingIs() {
    assertEquals(-XenErrno.XEN_ENOSYS, facts.unknownVcpuOperation(guest, 1));
    assertEquals(-XenErrno.XEN_ENOENT, facts.unknownVcpuOperation(guest, 2));
    assertEquals(-XenErrno.XEN_ENOENT, facts.unknownVcpuOperation(guest, -1));
  }

  @Test
  void guestsAreThoseWithPageTablesOfTheirOwn() {
    assertEquals("hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64 ", facts.capabilities());
    assertEquals(0xFFFF_8000_0000_0000L, facts.virtualStart());
  }
}
