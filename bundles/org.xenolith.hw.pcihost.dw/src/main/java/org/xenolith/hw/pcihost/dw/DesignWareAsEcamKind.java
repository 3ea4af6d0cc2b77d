// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.dw;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.platform.api.HostBridgeKind;

/** The same bridge in a tree that calls it generic: what its driver keeps from a guest then shows. */
@Component(service = HostBridgeKind.class, property = HostBridgeKind.NAME + "=dw-as-ecam")
public final class DesignWareAsEcamKind implements HostBridgeKind {
  @Override
  public List<String> compatible() {
    return List.of("xenolith,dw-pcie-ecam", "pci-host-ecam-generic");
  }

  @Override
  public long configurationBytes() {
    return 256 << 20;
  }
}
