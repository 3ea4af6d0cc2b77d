// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.platform.api.HostBridgeKind;

/**
 * Boards with this host bridge: {@code boot --pcie @NAME@}. The second compatible is one that Linux's generic driver serves, for
 * bridges with one root port: plug in with {@code --pci 0.0=root-port} and {@code --pci 0.0/0.0=MODEL}.
 */
@Component(service = HostBridgeKind.class, property = HostBridgeKind.NAME + "=@NAME@")
public final class @CLASS@Kind implements HostBridgeKind {
  /** 4 KiB a function, 256 buses. */
  private static final long ECAM = 256L << 20;

  @Override public List<String> compatible() {
    return List.of("@VENDOR@,@NAME@", "socionext,synquacer-pcie-ecam");
  }

  @Override public long configurationBytes() {
    return ECAM;
  }
}
