// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.fdt.Fdt;
import org.xenolith.platform.api.HostBridgeKind;
import org.xenolith.platform.api.HostBridgeSite;

/** The same port in a tree that calls it generic, with the size of window that such a one needs. */
@Component(service = HostBridgeKind.class, property = HostBridgeKind.NAME + "=xgene-as-ecam")
public final class XgeneAsEcamKind implements HostBridgeKind {
  @Override
  public List<String> compatible() {
    return List.of("xenolith,xgene-pcie", "pci-host-ecam-generic");
  }

  @Override
  public long configurationBytes() {
    return 256 << 20;
  }

  @Override
  public Fdt place(HostBridgeSite site) {
    return new XgenePlacement(site, compatible(), configurationBytes(), true).tree();
  }
}
