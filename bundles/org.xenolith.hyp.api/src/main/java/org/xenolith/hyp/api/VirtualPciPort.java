// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.xenolith.machine.api.RolePort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.xen.abi.XenErrno;

/** Port of virtual PCI. Without a provider guests see no function, and the hardware domain has the bridges as they are. */
public final class VirtualPciPort extends RolePort<VirtualPci> implements VirtualPci {
  @Override
  public int plug(PciFunction function, Domain owner) {
    return ask(owner.directMapped() ? 0 : -XenErrno.XEN_ENOSYS, vpci -> vpci.plug(function, owner));
  }

  @Override
  public void unplug(PciFunction function) {
    tell(vpci -> vpci.unplug(function));
  }

  @Override
  public void reset(PciFunction function) {
    tell(vpci -> vpci.reset(function));
  }

  @Override
  public Bridge bridge(Domain domain) {
    Bridge bridge = ask((Bridge) null, vpci -> vpci.bridge(domain));
    if (bridge == null) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "no virtual host bridge for domains: install a bundle with the subsystem vpci");
    }
    return bridge;
  }

  @Override
  public Bridge facts(Domain domain) {
    return ask((Bridge) null, vpci -> vpci.facts(domain));
  }

  @Override
  public List<AddressWindow> withheld() {
    return ask(List.of(), VirtualPci::withheld);
  }

  @Override
  public int request(Domain domain, long mfn, long gfn) {
    return ask(-XenErrno.XEN_ENODEV, vpci -> vpci.request(domain, mfn, gfn));
  }

  @Override
  public boolean requested(Domain domain, long gfn) {
    return ask(false, vpci -> vpci.requested(domain, gfn));
  }
}
