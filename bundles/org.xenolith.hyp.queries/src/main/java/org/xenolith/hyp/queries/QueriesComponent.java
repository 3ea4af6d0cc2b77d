// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.queries;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers what a domain may ask of itself. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=queries")
public final class QueriesComponent implements DeviceModelFactory {
  static final String STRICT_XEN = "strict-xen";
  static final ModelDescription DESCRIPTION = new ModelDescription("Queries",
      "Hypercalls 20 and 32: a domain's room for grant frames, and its event interrupt",
      "the design of Xen's ACPI boot on Arm, August 2015",
      List.of(new Option(STRICT_XEN, Type.BOOLEAN, "false", "Serves neither, as Xen", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new QueriesSubsystem(context);
  }
}
