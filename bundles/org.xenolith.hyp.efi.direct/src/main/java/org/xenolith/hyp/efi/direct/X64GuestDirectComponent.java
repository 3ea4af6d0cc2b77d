// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import java.util.Arrays;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers domains of x86-64 CPUs EFI's runtime services. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=efi.direct", "xenolith.instructions=x64"})
public final class X64GuestDirectComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return GuestDirectComponent.DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new GuestDirect(context, X64GuestPointers::new, X64GuestDirectComponent::arguments);
  }

  /** They are where a hypercall's are, behind the number. */
  private static long[] arguments(Vcpu vcpu, long[] registers) {
    return Arrays.copyOf(Arrays.copyOfRange(registers, 1, registers.length), registers.length);
  }
}
