// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.kit;

import java.util.List;
import org.xenolith.hyp.api.DomainBuilder;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/** A subsystem that offers builders of domains. A domain that was built is none of its business, so it has no state. */
public final class BuildersModel implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final DomainBuildersPort port;
  private final List<DomainBuilder> builders;

  /** Offers them until it is removed. */
  public BuildersModel(DeviceContext context, DomainBuilder... builders) {
    port = context.port(DomainBuildersPort.class);
    this.builders = List.of(builders);
    this.builders.forEach(builder -> port.claim(builder, context));
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    builders.forEach(port::release);
  }
}
