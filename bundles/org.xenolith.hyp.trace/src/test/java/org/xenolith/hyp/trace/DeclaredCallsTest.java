// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.EvtchnReset;
import org.xenolith.xen.abi.HypercallNumber;

class DeclaredCallsTest {
  private final FakeHypervisor hyp = new FakeHypervisor();
  private final HypercallsPort hypercalls = hyp.port(HypercallsPort.class);

  @Test
  void operationsAreListedAsTheyAreDeclared() {
    assertEquals("no hypercall is served\n", DeclaredCalls.text(hypercalls));
    hyp.install("trace", new TraceComponent());
    hypercalls.claim(HypercallNumber.__HYPERVISOR_event_channel_op, new SubOperations(hyp.context("trace")).add(
        SubOperation.of(0x8000_0001, "ours", call -> 0),
        SubOperation.of(10, "reset", new EvtchnReset(), (call, reset, domain) -> 0).target(EvtchnReset::dom).needs(Privilege.SELF)),
        hyp.context("trace"));
    hypercalls.claim(HypercallNumber.__HYPERVISOR_console_io, call -> 0, hyp.context("trace"));
    assertEquals("""
        18 console_io
        32 event_channel_op
           10 reset                        self     EvtchnReset, 2 bytes
          0x80000001 ours                         any      -
        """, DeclaredCalls.text(hypercalls));
  }
}
