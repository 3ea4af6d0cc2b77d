// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.dw;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.platform.api.HostBridgeKind;

/** Boards with DesignWare's bridge in ECAM mode. */
@Component(service = HostBridgeKind.class, property = HostBridgeKind.NAME + "=dw")
public final class DesignWareKind implements HostBridgeKind {
  @Override
  public List<String> compatible() {
    return List.of("snps,dw-pcie-ecam");
  }

  @Override
  public long configurationBytes() {
    return 256 << 20;
  }
}
