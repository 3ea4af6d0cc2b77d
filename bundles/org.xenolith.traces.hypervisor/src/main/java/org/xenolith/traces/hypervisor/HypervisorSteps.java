// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.hypervisor;

import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.HypervisorPorts;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.StepNotes;
import org.xenolith.origin.api.WordOwner;

/** Tells of hypercalls, and of what the store was asked for, by name, to who asks who wrote something. */
@Component
public final class HypervisorSteps implements WordOwner {
  @Override
  public Runnable watch(Machine machine, StepNotes notes) {
    return HypervisorPorts.of(machine, HypercallsPort.class).map(AbiNames::new).map(names -> HypervisorPorts.listen(machine, listener(names,
        notes))).orElse(() -> {});
  }

  private static HypervisorTracePort.Listener listener(AbiNames names, StepNotes notes) {
    return new HypervisorTracePort.Listener() {
      @Override
      public void happened(Kind kind, Vcpu vcpu, long a, long b, long c) {
        if (kind == Kind.HYPERCALL && vcpu != null) {
          notes.note("hypercall %s of d%dv%d".formatted(names.hypercall(a, b), vcpu.domain().id(), vcpu.id()));
        }
      }

      @Override
      public void asked(int domid, int type, String path) {
        notes.note("XenStore's %s of %s, asked by d%d".formatted(names.store(type), path, domid));
      }
    };
  }
}
