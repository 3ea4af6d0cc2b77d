// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.boot;

import org.xenolith.efi.api.GuestServicesPort;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.GuestBoot;
import org.xenolith.efi.boot.api.GuestBootPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestFirmware;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/**
 * Passes on the calls of the firmware's program in domains, as everything that a domain calls. It has no state: what there is of a
 * domain's firmware is at the firmware's node.
 */
final class GuestBootModel implements DeviceModel, GuestFirmware, DomainListener {
  private final DeviceState state = new DeviceState();
  private final DeviceContext context;
  private final GuestTrapsPort traps;
  private final DomainsPort domains;
  private final GuestServicesPort services;
  /** Null on a board without the firmware's node. */
  private final GuestBootPort boot;

  GuestBootModel(DeviceContext context) {
    this.context = context;
    traps = context.port(GuestTrapsPort.class);
    domains = context.port(DomainsPort.class);
    services = context.port(GuestServicesPort.class);
    boot = context.platform().node(BootNode.PATH).filter(PlatformNode::enabled).isPresent() ? context.port(BootNode.PATH,
        GuestBootPort.class) : null;
    traps.claim(this, context);
    domains.listen(this, context);
  }

  @Override
  public boolean answers(int function) {
    return boot != null && boot.answers(function);
  }

  @Override
  public void call(Vcpu vcpu, long[] arguments) {
    boot.call(new BootingDomain(vcpu.domain(), services, context), arguments);
  }

  @Override
  public int results() {
    return GuestBoot.RESULTS;
  }

  @Override
  public void destroyed(Domain domain) {
    if (boot != null) {
      boot.gone(domain.serial());
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    traps.release(this);
    domains.forget(this);
  }
}
