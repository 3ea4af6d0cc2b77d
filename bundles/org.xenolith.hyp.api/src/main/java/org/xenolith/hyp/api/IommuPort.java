// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.xenolith.machine.api.RolePort;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.xen.abi.XenErrno;

/** One SMMU of the machine, with the hypervisor's driver behind it or without. Without one it isolates nothing and is the hardware domain's. */
public final class IommuPort extends RolePort<Iommu> implements Iommu {
  private final PlatformNode node;

  IommuPort(PlatformNode node) {
    this.node = node;
  }

  /** Its node. */
  public PlatformNode node() {
    return node;
  }

  @Override
  public boolean driven() {
    return ask(false, Iommu::driven);
  }

  @Override
  public boolean covers(long stream) {
    return ask(false, iommu -> iommu.covers(stream));
  }

  @Override
  public int attach(int sbdf, long stream, Domain domain) {
    return ask(-XenErrno.XEN_ENODEV, iommu -> iommu.attach(sbdf, stream, domain));
  }

  @Override
  public void detach(int sbdf) {
    tell(iommu -> iommu.detach(sbdf));
  }

  @Override
  public int function() {
    return ask(-1, Iommu::function);
  }

  @Override
  public boolean guardsMessages() {
    return ask(false, Iommu::guardsMessages);
  }

  @Override
  public void message(int sbdf, int data, boolean passes) {
    tell(iommu -> iommu.message(sbdf, data, passes));
  }
}
