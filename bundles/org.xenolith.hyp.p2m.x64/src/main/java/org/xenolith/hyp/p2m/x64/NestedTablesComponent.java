// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.x64;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.memory.kit.DomainMaps;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers nested page tables to machines with x86-64 CPUs. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=p2m", "xenolith.instructions=x64"})
public final class NestedTablesComponent implements DeviceModelFactory {
  private static final ModelDescription DESCRIPTION = new ModelDescription("p2m",
      "Nested page tables of domains in machine memory, and hypercall memory_op",
      "AMD64 Architecture Programmer's Manual volume 2, 15.25; Xen public header memory.h",
      List.of(DomainMaps.STRICT));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new NestedTables(context);
  }
}
