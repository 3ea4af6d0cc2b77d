// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;

/** Where local interrupt controllers of virtual CPUs are provided; without a provider there are none, and their interrupts are lost. */
public final class GuestInterruptsPort extends RolePort<GuestInterrupts> implements GuestInterrupts {
  @Override
  public boolean has(Domain domain) {
    return ask(false, interrupts -> interrupts.has(domain));
  }

  @Override
  public boolean pending(Vcpu vcpu) {
    GuestInterrupts asked = provider();
    DeviceContext itsOwner = owner();
    if (asked == null) {
      return false;
    }
    try {
      return asked.pending(vcpu);
    } catch (Throwable bug) {
      threw(asked, itsOwner, bug);
      return false;
    }
  }

  @Override
  public int acknowledge(Vcpu vcpu) {
    GuestInterrupts asked = provider();
    DeviceContext itsOwner = owner();
    if (asked == null) {
      return -1;
    }
    try {
      return asked.acknowledge(vcpu);
    } catch (Throwable bug) {
      threw(asked, itsOwner, bug);
      return -1;
    }
  }

  @Override
  public int taskPriority(Vcpu vcpu) {
    return ask(0, interrupts -> interrupts.taskPriority(vcpu));
  }

  @Override
  public void taskPriority(Vcpu vcpu, int priority) {
    tell(interrupts -> interrupts.taskPriority(vcpu, priority));
  }

  @Override
  public void raise(Vcpu vcpu, int vector) {
    GuestInterrupts asked = provider();
    DeviceContext itsOwner = owner();
    if (asked != null) {
      try {
        asked.raise(vcpu, vector);
      } catch (Throwable bug) {
        threw(asked, itsOwner, bug);
      }
    }
  }
}
