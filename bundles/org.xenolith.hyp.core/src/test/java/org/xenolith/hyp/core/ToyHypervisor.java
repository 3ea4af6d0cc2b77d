// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import org.xenolith.hyp.api.SharedLayout;
import org.xenolith.hyp.arm.kit.ArmLayouts;
import org.xenolith.hyp.x64.kit.SharedLayouts;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.testkit.FakeCpu;

/** A core for CPUs that execute nothing. */
final class ToyHypervisor extends HypervisorCore {
  /** Offers it. */
  static final class Factory implements DeviceModelFactory {
    private final SharedLayout layout;

    Factory() {
      this(ArmLayouts.ARM);
    }

    Factory(SharedLayout layout) {
      this.layout = layout;
    }

    @Override
    public ModelDescription description() {
      return new ModelDescription("toy", "A toy.", "none");
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new ToyHypervisor(context, layout);
    }
  }

  private final SharedLayout layout;

  private ToyHypervisor(DeviceContext context, SharedLayout layout) {
    super(context, FakeCpu.class, ToyPhysicalCpu::new);
    this.layout = layout;
  }

  @Override
  protected GuestVcpu vcpu(GuestDomain domain, int id) {
    return new ToyVcpu(domain, id);
  }

  @Override
  protected SharedLayout sharedLayout(int wordSize) {
    return wordSize == 4 && layout == SharedLayouts.X64 ? SharedLayouts.IA32 : layout;
  }

  @Override
  public CpuEntry entry() {
    return new CpuEntry() {
    };
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
