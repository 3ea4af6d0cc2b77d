// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.XenErrno;

/** Port of event channels. Without a provider there are none: -ENOSYS, and what is raised is lost. */
public final class EventChannelsPort extends RolePort<EventChannels> implements EventChannels {
  @Override
  public int send(Domain domain, int port) {
    EventChannels channels = provider();
    DeviceContext itsOwner = owner();
    if (channels == null) {
      return -XenErrno.XEN_ENOSYS;
    }
    try {
      return channels.send(domain, port);
    } catch (Throwable bug) {
      threw(channels, itsOwner, bug);
      return -XenErrno.XEN_ENOSYS;
    }
  }

  @Override
  public void raise(Vcpu vcpu, int virq) {
    tell(channels -> channels.raise(vcpu, virq));
  }

  @Override
  public int allocateUnbound(Domain domain, int remote) {
    return ask(-XenErrno.XEN_ENOSYS, channels -> channels.allocateUnbound(domain, remote));
  }

  @Override
  public int bindInterdomain(Domain domain, Domain remote, int remotePort) {
    return ask(-XenErrno.XEN_ENOSYS, channels -> channels.bindInterdomain(domain, remote, remotePort));
  }

  @Override
  public int close(Domain domain, int port) {
    return ask(-XenErrno.XEN_ENOSYS, channels -> channels.close(domain, port));
  }

  @Override
  public boolean pending(Vcpu vcpu) {
    return ask(false, channels -> channels.pending(vcpu));
  }

  @Override
  public boolean pending(Domain domain, int port) {
    return ask(false, channels -> channels.pending(domain, port));
  }

  @Override
  public int open(Domain domain) {
    return ask(0, channels -> channels.open(domain));
  }

  @Override
  public long bit(Domain domain, int port, boolean mask) {
    return askLong(-1, channels -> channels.bit(domain, port, mask));
  }
}
