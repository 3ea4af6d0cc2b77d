// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.fdt.Fdt;
import org.xenolith.platform.api.HostBridgeKind;
import org.xenolith.platform.api.HostBridgeSite;

/** Boards with a port of APM X-Gene v1. */
@Component(service = HostBridgeKind.class, property = HostBridgeKind.NAME + "=xgene")
public final class XgeneKind implements HostBridgeKind {
  @Override
  public List<String> compatible() {
    return List.of("apm,xgene-pcie");
  }

  @Override
  public long configurationBytes() {
    return 256 << 10;
  }

  @Override
  public Fdt place(HostBridgeSite site) {
    return new XgenePlacement(site, compatible(), configurationBytes(), false).tree();
  }
}
