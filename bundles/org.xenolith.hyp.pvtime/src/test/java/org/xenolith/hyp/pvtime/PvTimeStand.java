// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import java.util.List;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.HypercallOperation;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.x64.kit.SharedLayouts;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.VcpuOp;
import org.xenolith.xen.abi.XenErrno;

/** A hypervisor of a machine with x86-64 CPUs, for tests of time. */
final class PvTimeStand {
  private PvTimeStand() {}

  /** Makes it one whose counters run at a frequency. @return the CPUs */
  static CountingX64Cpu[] of(FakeHypervisor hypervisor, int cpus, long hertz) {
    hypervisor.sharedLayout(SharedLayouts.X64);
    CountingX64Cpu[] made = new CountingX64Cpu[cpus];
    for (int i = 0; i < cpus; i++) {
      made[i] = new CountingX64Cpu(i, hypervisor.clock(), hertz);
      hypervisor.cpu(i, made[i]);
    }
    return made;
  }

  /** Who serves vcpu_op, and knows one sub-operation; others are an error, as they are to whoever serves it in the hypervisor. */
  static DeviceModelFactory vcpuOp() {
    HypercallOperation declared = new HypercallOperation() {
      @Override
      public int number() {
        return VcpuOp.VCPUOP_register_vcpu_info;
      }

      @Override
      public String name() {
        return "register_vcpu_info";
      }

      @Override
      public AbiStruct argument() {
        return null;
      }

      @Override
      public Privilege privilege() {
        return Privilege.ANY;
      }
    };
    HypercallHandler handler = new HypercallHandler() {
      @Override
      public long call(Hypercall call) {
        return call.argument(0) == VcpuOp.VCPUOP_register_vcpu_info ? 0 : -XenErrno.XEN_EINVAL;
      }

      @Override
      public List<HypercallOperation> operations() {
        return List.of(declared);
      }
    };
    return model(handler);
  }

  /** Who serves vcpu_op, and knows none of its sub-operations. */
  static DeviceModelFactory nothing() {
    return model(call -> -XenErrno.XEN_ENOSYS);
  }

  private static DeviceModelFactory model(HypercallHandler handler) {
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return new ModelDescription("vcpu", "Serves vcpu_op", "none");
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        context.port(HypercallsPort.class).claim(HypercallNumber.__HYPERVISOR_vcpu_op, handler, context);
        return new DeviceModel() {
          private final DeviceState state = new DeviceState();

          @Override
          public DeviceState state() {
            return state;
          }

          @Override
          public void reset() {}
        };
      }
    };
  }
}
