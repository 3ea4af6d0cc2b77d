package @PACKAGE@;

import java.util.List;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;

/** Opens bridges of this kind. */
final class @CLASS@Driver implements HostBridgeDriver {
  private static final int EINVAL = 22;

  @Override public List<String> compatible() {
    return List.of("@VENDOR@,@NAME@");
  }

  @Override public HostBridge open(PlatformNode node, PhysicalBus bus) {
    if (node.windows().isEmpty()) {
      throw new HypervisorException(EINVAL, node.path() + ": reg: expected the ECAM as its first entry");
    }
    return new @CLASS@Bridge(node, bus);
  }
}
