// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpsci;

import org.xenolith.hyp.api.GuestFirmware;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/** Answers all fast SMCCC calls of guests, those that nobody knows with NOT_SUPPORTED. It has no state: vCPUs know theirs. */
final class Vpsci implements DeviceModel, GuestFirmware {
  private final DeviceState state = new DeviceState();
  private final GuestTrapsPort traps;
  private final HypervisorLogPort log;

  Vpsci(DeviceContext context) {
    traps = context.port(GuestTrapsPort.class);
    log = context.port(HypervisorLogPort.class);
    traps.claim(this, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    traps.release(this);
  }

  @Override
  public boolean answers(int function) {
    return function < 0 || function == Psci.OLD_CPU_OFF || function == Psci.OLD_CPU_ON;
  }

  @Override
  public void call(Vcpu vcpu, long[] arguments) {
    int function = (int) arguments[0];
    if (Psci.has(function)) {
      arguments[0] = Psci.call(vcpu, function, arguments);
    } else if (!Smccc.call(function, arguments)) {
      log.add("d%dv%d Unhandled SMC/HVC: 0x%08x".formatted(vcpu.domain().id(), vcpu.id(), function));
      arguments[0] = Psci.NOT_SUPPORTED;
    }
  }
}
