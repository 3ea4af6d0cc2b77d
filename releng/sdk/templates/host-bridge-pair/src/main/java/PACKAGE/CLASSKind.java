// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.platform.api.HostBridgeKind;

/** Boards with this host bridge: {@code boot --pcie @NAME@}. A kernel needs a driver that knows the two registers. */
@Component(service = HostBridgeKind.class, property = HostBridgeKind.NAME + "=@NAME@")
public final class @CLASS@Kind implements HostBridgeKind {
  private static final long REGISTERS = 0x1000;

  @Override public List<String> compatible() {
    return List.of("@VENDOR@,@NAME@");
  }

  @Override public long configurationBytes() {
    return REGISTERS;
  }
}
