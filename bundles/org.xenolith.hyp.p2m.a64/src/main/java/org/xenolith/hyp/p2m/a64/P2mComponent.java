// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.memory.kit.DomainMaps;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.machine.api.ModelException;

/** Offers stage 2. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=p2m", "xenolith.instructions=a64"})
public final class P2mComponent implements DeviceModelFactory {
  private static final String BITS = "ipa-bits";
  private static final ModelDescription DESCRIPTION = new ModelDescription("p2m",
      "Stage-2 tables of domains in machine memory, and hypercall memory_op", "Arm ARM DDI 0487, D8; Xen public header memory.h",
      List.of(new Option(BITS, Type.INTEGER, "40",
          "Bits of intermediate physical addresses: 40, or 44 or 48 for a board that has something above 1 TiB or 16 TiB", false),
          DomainMaps.STRICT));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    long bits = context.options().number(BITS);
    if (bits != 40 && bits != 44 && bits != 48) {
      throw new ModelException(context.instance() + ": " + BITS + "=" + bits + ": expected 40, 44 or 48");
    }
    return new P2mModel(context, (int) bits);
  }
}
