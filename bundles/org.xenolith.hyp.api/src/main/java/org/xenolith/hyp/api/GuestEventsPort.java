// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;

/**
 * Port of who tells virtual CPUs that there is something for them. Without a provider nobody is told; a virtual CPU doesn't miss what the
 * guest finds in memory when it looks.
 */
public final class GuestEventsPort extends RolePort<GuestEvents> implements GuestEvents {
  @Override
  public void raise(Vcpu vcpu) {
    GuestEvents events = provider();
    DeviceContext itsOwner = owner();
    if (events != null) {
      try {
        events.raise(vcpu);
      } catch (Throwable bug) {
        threw(events, itsOwner, bug);
      }
    }
  }

  @Override
  public boolean deliverable(Vcpu vcpu) {
    GuestEvents events = provider();
    DeviceContext itsOwner = owner();
    if (events == null) {
      return false;
    }
    try {
      return events.deliverable(vcpu);
    } catch (Throwable bug) {
      threw(events, itsOwner, bug);
      return false;
    }
  }
}
