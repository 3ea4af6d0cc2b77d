// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/** Port of access control. Without a provider a domain may do to itself what anybody may, and nothing else. */
public final class AccessControlPort extends RolePort<AccessControl> implements AccessControl {
  @Override
  public boolean allowed(Domain caller, Privilege privilege, Domain target) {
    AccessControl control = provider();
    if (control != null) {
      try {
        return control.allowed(caller, privilege, target);
      } catch (Throwable bug) {
        failed(rethrowMemory(bug));
      }
    }
    return caller == target && (privilege == Privilege.ANY || privilege == Privilege.SELF);
  }
}
