// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypervisorTracePort.GrantSide;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.HypervisorPorts;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.OwnedCopy;
import org.xenolith.origin.api.StepNotes;
import org.xenolith.origin.api.WordOwner;

/** Tells of copies by grants, so that the way of bytes goes on behind them. */
@Component
public final class GrantCopies implements WordOwner {
  @Override
  public Runnable watch(Machine machine, StepNotes notes) {
    return HypervisorPorts.listen(machine, new HypervisorTracePort.Listener() {
      @Override
      public void happened(HypervisorTracePort.Kind kind, Vcpu vcpu, long a, long b, long c) {}

      @Override
      public void copied(Vcpu vcpu, long from, long to, int length, GrantSide source, GrantSide target) {
        notes.copied(new OwnedCopy(to, from, length, "a grant copy of d%d's, %d bytes from %s to %s".formatted(vcpu.domain().id(), length,
            text(
                source), text(target))));
      }
    });
  }

  private static String text(GrantSide side) {
    return side.ref() < 0 ? "a page of d" + side.domid() : "reference %d of d%d".formatted(side.ref(), side.domid());
  }
}
