package @PACKAGE@;

import org.xenolith.hyp.api.HostBridges;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/** Claims bridges of this kind while it is there. */
final class @CLASS@Subsystem implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final @CLASS@Driver driver = new @CLASS@Driver();
  private final HostBridges bridges;

  @CLASS@Subsystem(DeviceContext context) {
    bridges = context.port(HostBridges.class);
    bridges.claim(driver, context);
  }

  @Override public DeviceState state() {
    return state;
  }

  @Override public void reset() { }

  @Override public void removed() {
    bridges.release(driver);
  }
}
