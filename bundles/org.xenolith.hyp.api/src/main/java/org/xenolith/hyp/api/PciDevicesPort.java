// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.XenErrno;

/** Port of the functions that the hypervisor knows. Without a provider none is known and none can be added (-ENOSYS). */
public final class PciDevicesPort extends RolePort<PciDevices> implements PciDevices {
  @Override
  public int add(int sbdf, int flags, int physical) {
    return ask(-XenErrno.XEN_ENOSYS, pci -> pci.add(sbdf, flags, physical));
  }

  @Override
  public int remove(int sbdf) {
    return ask(-XenErrno.XEN_ENOSYS, pci -> pci.remove(sbdf));
  }

  @Override
  public int reset(int sbdf, int kind) {
    return ask(-XenErrno.XEN_ENOSYS, pci -> pci.reset(sbdf, kind));
  }

  @Override
  public void ready(HostBridgePort bridge) {
    tell(pci -> pci.ready(bridge));
  }

  @Override
  public List<PciFunction> functions() {
    return ask(List.of(), PciDevices::functions);
  }

  @Override
  public PciFunction at(int sbdf) {
    return ask((PciFunction) null, pci -> pci.at(sbdf));
  }

  @Override
  public List<Integer> group(int sbdf) {
    return ask(List.of(sbdf), pci -> pci.group(sbdf));
  }

  @Override
  public void assignable(int sbdf, boolean on) {
    order(pci -> pci.assignable(sbdf, on));
  }

  @Override
  public void testAssign(int sbdf) {
    order(pci -> pci.testAssign(sbdf));
  }

  @Override
  public int assign(int sbdf, Domain domain, int slot) {
    int[] at = new int[1];
    order(pci -> at[0] = pci.assign(sbdf, domain, slot));
    return at[0];
  }

  @Override
  public void deassign(int sbdf, Domain domain) {
    order(pci -> pci.deassign(sbdf, domain));
  }

  /** What may be refused with a reason. */
  private void order(java.util.function.Consumer<PciDevices> order) {
    PciDevices pci = provider();
    DeviceContext itsOwner = owner();
    if (pci == null) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "nobody knows PCI functions: install a bundle with the subsystem pci");
    }
    try {
      order.accept(pci);
    } catch (HypervisorException e) {
      throw e;
    } catch (Throwable bug) {
      threw(pci, itsOwner, bug);
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "the subsystem pci failed: " + bug);
    }
  }
}
