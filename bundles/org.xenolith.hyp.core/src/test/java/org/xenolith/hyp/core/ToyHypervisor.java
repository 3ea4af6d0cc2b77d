// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.testkit.FakeCpu;

/** A core for CPUs that execute nothing. */
final class ToyHypervisor extends HypervisorCore {
  /** Offers it. */
  static final class Factory implements DeviceModelFactory {
    @Override
    public ModelDescription description() {
      return new ModelDescription("toy", "A toy.", "none");
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new ToyHypervisor(context);
    }
  }

  private ToyHypervisor(DeviceContext context) {
    super(context, FakeCpu.class, ToyPhysicalCpu::new);
  }

  @Override
  protected GuestVcpu vcpu(GuestDomain domain, int id) {
    return new ToyVcpu(domain, id);
  }

  ToyPhysicalCpu cpu(int index) {
    return (ToyPhysicalCpu) processor(index);
  }

  /** Each CPU that was made to enter the hypervisor does so. */
  void takeInterrupts() {
    for (int i = 0; i < processors().size(); i++) {
      cpu(i).takeInterrupt();
    }
  }
}
