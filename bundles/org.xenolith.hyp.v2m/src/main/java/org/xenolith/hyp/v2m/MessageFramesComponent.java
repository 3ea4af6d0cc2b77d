// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.v2m;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers hypervisors to give guests a share of a GICv2m frame. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=v2m", "xenolith.instructions=a64"})
public final class MessageFramesComponent implements DeviceModelFactory {
  /** The same policy as that of PCI functions: it allows them to be given, here is what their messages need. */
  static final String UNSAFE_MSI = "unsafe-msi";

  static final ModelDescription DESCRIPTION = new ModelDescription("v2m",
      "Shares of a GICv2's message frame for guests", "Arm SBSA (DEN0029), appendix on GICv2m", List.of(
          new Option(UNSAFE_MSI, Type.BOOLEAN, "false",
              "Keeps 16 interrupts of the message frame for a guest, which can then raise all of the frame's", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new MessageFrames(context, context.options().flag(UNSAFE_MSI));
  }
}
