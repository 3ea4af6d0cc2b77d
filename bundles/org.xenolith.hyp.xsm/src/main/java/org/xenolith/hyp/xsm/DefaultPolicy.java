// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xsm;

import org.xenolith.hyp.api.AccessControl;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/**
 * Xen's default policy: a privileged domain may do everything to everybody, any other what concerns itself alone. It has no
 * state: privilege is what a domain was created with.
 */
final class DefaultPolicy implements DeviceModel, AccessControl {
  private final DeviceState state = new DeviceState();
  private final AccessControlPort port;

  DefaultPolicy(DeviceContext context) {
    port = context.port(AccessControlPort.class);
    port.attach(this, context);
  }

  @Override
  public boolean allowed(Domain caller, Privilege privilege, Domain target) {
    return switch (privilege) {
      case ANY -> true;
      case SELF -> caller == target || caller.privileged();
      case CONTROL -> caller.privileged();
      case HARDWARE -> caller.kind() == DomainSpec.Kind.DOM0;
    };
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {}

  @Override
  public void removed() {
    port.detach(this);
  }
}
