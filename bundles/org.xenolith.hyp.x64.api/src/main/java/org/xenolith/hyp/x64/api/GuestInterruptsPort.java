// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;

/** Where local interrupt controllers of virtual CPUs are provided; without a provider there are none, and their interrupts are lost. */
public final class GuestInterruptsPort extends RolePort<GuestInterrupts> implements GuestInterrupts {
  private final List<End> ends = new ArrayList<>();

  private record End(InterruptEnd listener, DeviceContext owner) {}

  @Override
  public boolean has(Domain domain) {
    GuestInterrupts asked = provider();
    DeviceContext itsOwner = owner();
    if (asked == null) {
      return false;
    }
    try {
      return asked.has(domain);
    } catch (Throwable bug) {
      threw(asked, itsOwner, bug);
      return false;
    }
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

  @Override
  public boolean message(Domain domain, long address, int data) {
    GuestInterrupts asked = provider();
    DeviceContext itsOwner = owner();
    if (asked == null) {
      return false;
    }
    try {
      return asked.message(domain, address, data);
    } catch (Throwable bug) {
      threw(asked, itsOwner, bug);
      return false;
    }
  }

  // ---- Ends of level-triggered interrupts

  /** Hears of them from now on, in the place of what the same subsystem had heard by before. */
  public void listen(InterruptEnd listener, DeviceContext owner) {
    ends.removeIf(end -> end.owner.instance().equals(owner.instance()));
    ends.add(new End(listener, owner));
    ends.sort((a, b) -> a.owner.instance().compareTo(b.owner.instance()));
  }

  /** Hears no longer. */
  public void forget(InterruptEnd listener) {
    ends.removeIf(end -> end.listener == listener);
  }

  /** For the provider: one has been handled. */
  public void ended(Domain domain, int vector) {
    for (int i = 0; i < ends.size(); i++) {
      End end = ends.get(i);
      try {
        end.listener.ended(domain, vector);
      } catch (Throwable bug) {
        rethrowMemory(bug);
        forget(end.listener);
        end.owner.failed(bug);
        // What was behind it has its place now.
        i--;
      }
    }
  }
}
