// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.platform.api.HostBridgeKind;

/** Boards with a generic host bridge with CAM: 256 bytes a function, 256 buses. */
@Component(service = HostBridgeKind.class, property = HostBridgeKind.NAME + "=cam")
public final class CamKind implements HostBridgeKind {
  @Override
  public List<String> compatible() {
    return List.of("pci-host-cam-generic");
  }

  @Override
  public long configurationBytes() {
    return 16 << 20;
  }
}
