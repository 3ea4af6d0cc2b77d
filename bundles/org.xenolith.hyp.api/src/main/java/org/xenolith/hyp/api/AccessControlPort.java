// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;

/** Port of access control. Without a provider a domain may do to itself what anybody may, and nothing else. */
public final class AccessControlPort extends RolePort<AccessControl> implements AccessControl {
  @Override
  public boolean allowed(Domain caller, Privilege privilege, Domain target) {
    AccessControl control = provider();
    DeviceContext itsOwner = owner();
    if (control != null) {
      try {
        return control.allowed(caller, privilege, target);
      } catch (Throwable bug) {
        threw(control, itsOwner, bug);
      }
    }
    return caller == target && (privilege == Privilege.ANY || privilege == Privilege.SELF);
  }
}
