// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.trace;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the record of what happens to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=trace")
public final class TraceComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("Trace", "Traps, hypercalls, events, grants and interrupts on one time line", "");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new TraceRecorder(context);
  }
}
