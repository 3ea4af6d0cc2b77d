// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.loader;

import java.util.List;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SmcccHandler;
import org.xenolith.hyp.api.LoaderNode;
import org.xenolith.hyp.api.LoaderPort;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * Answers the calls of {@link LoaderNode}. The CPU that hands over is off from then on, as one that calls CPU_OFF; the hypervisor is loaded
 * behind that instruction, and starts CPUs itself.
 */
final class LoaderModel implements DeviceModel, SmcccHandler {
  private static final long NOT_SUPPORTED = -1;
  private static final long INVALID_PARAMETER = -3;
  private static final long DENIED = -4;

  private final DeviceState state = new DeviceState();
  private final LongCell block = state.cell("block", 0);
  private final LoaderPort port;
  private final List<ArmCpu> cpus;
  private final Alarm handOver;
  private final DeviceContext context;

  LoaderModel(DeviceContext context) {
    this.context = context;
    port = context.port(LoaderPort.class);
    cpus = ArmCpu.of(context.processors());
    handOver = context.time().alarm("hand-over", () -> port.handOver(block.value));
    cpus.forEach(cpu -> cpu.firmware(this));
  }

  @Override
  public boolean answers(int function) {
    return function == LoaderNode.VERSION || function == LoaderNode.HAND_OVER;
  }

  @Override
  public void call(SmcccCall call) {
    if (call.hvc() || !port.isServed()) {
      call.result(0, NOT_SUPPORTED);
    } else if ((int) call.argument(0) == LoaderNode.VERSION) {
      call.result(0, LoaderNode.VERSION_1);
    } else {
      handOver(call);
    }
  }

  private void handOver(SmcccCall call) {
    if (call.argument(2) != LoaderNode.BLOCK) {
      call.result(0, INVALID_PARAMETER);
      return;
    }
    if (cpus.stream().anyMatch(cpu -> cpu.powered() && cpu.index() != call.cpu().index())) {
      call.result(0, DENIED);
      return;
    }
    block.value = call.argument(1);
    call.cpu().powerOff();
    handOver.at(context.time().clock().now());
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    handOver.cancel();
  }
}
