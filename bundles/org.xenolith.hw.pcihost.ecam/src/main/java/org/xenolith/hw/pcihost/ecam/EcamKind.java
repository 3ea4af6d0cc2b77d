// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.platform.api.HostBridgeKind;

/** Boards with a generic host bridge with ECAM: 4 KiB a function, 256 buses. */
@Component(service = HostBridgeKind.class, property = HostBridgeKind.NAME + "=ecam")
public final class EcamKind implements HostBridgeKind {
  @Override
  public List<String> compatible() {
    return List.of("pci-host-ecam-generic");
  }

  @Override
  public long configurationBytes() {
    return 256 << 20;
  }
}
