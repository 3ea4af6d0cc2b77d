// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.xenolith.xen.abi.XenErrno;

/** Port of the SMMUs' driver. Without a provider nothing isolates functions, and SMMUs belong to the hardware domain. */
public final class IommuPort extends RolePort<Iommu> implements Iommu {
  @Override
  public boolean covers(HostBridgePort bridge, int rid) {
    return ask(false, iommu -> iommu.covers(bridge, rid));
  }

  @Override
  public int attach(HostBridgePort bridge, int rid, Domain domain) {
    return ask(-XenErrno.XEN_ENODEV, iommu -> iommu.attach(bridge, rid, domain));
  }

  @Override
  public void detach(HostBridgePort bridge, int rid) {
    tell(iommu -> iommu.detach(bridge, rid));
  }

  @Override
  public List<Long> streams(HostBridgePort bridge, int rid) {
    return ask(List.of(), iommu -> iommu.streams(bridge, rid));
  }

  @Override
  public List<String> nodes() {
    return ask(List.of(), Iommu::nodes);
  }
}
