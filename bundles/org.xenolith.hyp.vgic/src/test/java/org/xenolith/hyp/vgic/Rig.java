// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntPredicate;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;

/** The virtual GIC in a hypervisor on two CPUs of a small GIC, with what the core and a guest do: switch, serve, read and write. */
final class Rig {
  final FakeHypervisor hypervisor = new FakeHypervisor(2);
  final VirtualGicPort gic = hypervisor.port(VirtualGicPort.class);
  final DeviceModelFactory factory;
  private final List<Cpu> cpus;
  private final IntPredicate irq;

  /**
   * Nothing is installed yet.
   *
   * @param cpus     the CPUs of the small GIC
   * @param irq      whether the IRQ input of one of them is high
   * @param hardware where the small GIC is
   */
  Rig(List<Cpu> cpus, IntPredicate irq, GicHardware hardware) {
    this.cpus = cpus;
    this.irq = irq;
    factory = new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return VgicComponent.DESCRIPTION;
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        for (int i = 0; i < cpus.size(); i++) {
          ((FakeContext) context).cpus().get(i).platformObject(cpus.get(i));
        }
        ((FakeContext) context).physical(cpu -> cpus.get(cpu).env.bus());
        return new Vgic(context, hardware);
      }
    };
  }

  void install() {
    hypervisor.install("vgic", factory);
  }

  /** Another version takes over. */
  void replace() {
    hypervisor.replace("vgic", factory);
  }

  void load(FakeVcpu vcpu, int cpu) {
    vcpu.loaded(cpus.get(cpu));
    hypervisor.port(ContextSwitchPort.class).load(vcpu, cpus.get(cpu));
  }

  void save(FakeVcpu vcpu) {
    Cpu cpu = vcpu.loaded();
    hypervisor.port(ContextSwitchPort.class).save(vcpu, cpu);
    vcpu.loaded(null);
  }

  /** Serves physical interrupts as the core does, as long as some come. */
  void serve(int cpu) {
    for (int i = 0; irq.test(cpu); i++) {
      assertTrue(i < 100, "interrupts come without end");
      gic.interrupt(cpus.get(cpu));
    }
  }

  private GuestMmio window(Vcpu vcpu, long ipa) {
    return hypervisor.port(GuestTrapsPort.class).window(vcpu.domain(), ipa).handler();
  }

  /** A guest's write; bits of the value above the size are lost. */
  void write(Vcpu vcpu, long ipa, int size, long value) {
    window(vcpu, ipa).write(vcpu, ipa, size, value & -1L >>> 64 - 8 * size);
  }

  long read(Vcpu vcpu, long ipa, int size) {
    return window(vcpu, ipa).read(vcpu, ipa, size);
  }
}
