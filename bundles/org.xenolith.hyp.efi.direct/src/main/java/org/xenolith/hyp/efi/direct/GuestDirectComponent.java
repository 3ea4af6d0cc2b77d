// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.kit.RuntimeServicesCode;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers domains EFI's runtime services. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=efi.direct", "xenolith.instructions=a64"})
public final class GuestDirectComponent implements DeviceModelFactory {
  static final String STRICT_XEN = "strict-xen";
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI runtime services of domains",
      "Answers the code that a builder leaves in a domain's memory", "UEFI 2.10, 4.5 and chapter 8; Arm DEN 0028E",
      List.of(new Option(STRICT_XEN, Type.BOOLEAN, "false", "Domains have none, as under Xen without firmware of their own", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new GuestDirect(context, GuestPointers::new, GuestDirectComponent::arguments);
  }

  /** The first one's register names the service. */
  static long[] arguments(Vcpu vcpu, long[] registers) {
    long[] own = registers.clone();
    own[0] = vcpu.x(RuntimeServicesCode.FIRST_ARGUMENT);
    return own;
  }
}
