// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/** A layer's place at the firmware's node. It has no state, as layers have none. */
public final class LayerModel implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final LayersPort port;
  private final EfiLayer layer;

  /** Puts a layer into its place. */
  public LayerModel(DeviceContext context, EfiLayer layer) {
    this.layer = layer;
    port = context.port(LayersPort.class);
    port.attach(layer, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    port.detach(layer);
  }
}
