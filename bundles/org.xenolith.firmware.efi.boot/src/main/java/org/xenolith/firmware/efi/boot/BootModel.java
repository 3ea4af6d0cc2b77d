// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.xenolith.efi.api.BootPhase;
import org.xenolith.efi.api.BootPhasePort;
import org.xenolith.efi.api.DirectServicesPort;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.SmcccHandler;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/** Answers the program of the machine's firmware: SMC calls at EL1 or EL2. */
final class BootModel implements DeviceModel, SmcccHandler, BootPhase, BootFirmware.Environment {
  private static final long NOT_SUPPORTED = -1;

  private final DeviceContext context;
  private final EfiRam memory;
  /** Null in a machine without runtime services. */
  private final DirectServicesPort services;
  private final BootPhasePort phase;
  private final BootFirmware firmware;
  private final InspectionPort inspection;
  private final Inspecting inspecting;

  BootModel(DeviceContext context) {
    this.context = context;
    memory = new MachineRam(context.memory().dma());
    boolean runtime = context.platform().nodes().stream().map(PlatformNode::path).anyMatch(FirmwareNode.PATH::equals);
    phase = runtime ? context.port(FirmwareNode.PATH, BootPhasePort.class) : null;
    services = runtime ? context.port(FirmwareNode.PATH, DirectServicesPort.class) : null;
    LayersPort layers = context.port(LayersPort.class);
    firmware = new BootFirmware(this, layers);
    layers.listen(layer -> firmware.arrived());
    context.processors().firmware(this);
    inspection = context.port(InspectionPort.class);
    inspecting = new Inspecting(firmware);
    inspection.attach(inspecting, context);
    if (phase != null) {
      phase.attach(this, context);
    }
  }

  @Override
  public boolean answers(int function) {
    return function >= FirmwareProgram.ENTER && function < FirmwareProgram.ENTER + FirmwareProgram.CALLS;
  }

  @Override
  public void call(SmcccCall call) {
    if (call.hvc()) {
      call.result(0, NOT_SUPPORTED); // that of a hypervisor
      return;
    }
    int function = (int) call.argument(0);
    if (function == FirmwareProgram.ENTER) {
      enter(call);
      return;
    }
    Verdict verdict;
    try {
      verdict = answer(function, call.argument(1), call.argument(2), call.argument(3));
    } catch (EfiError e) {
      // What the program itself needs, such as the stack, isn't memory.
      report("efi-stack", e.getMessage());
      verdict = Verdict.STAND;
    }
    call.result(0, verdict.code());
    call.result(1, verdict.frame());
    call.result(2, verdict.x2());
    call.result(3, verdict.x3());
    call.result(4, verdict.x4());
    call.result(5, verdict.timer());
    call.result(6, verdict.due());
  }

  private Verdict answer(int function, long frame, long value, long counter) {
    return switch (function) {
      case FirmwareProgram.SERVICE -> firmware.service(frame, (int) value, counter);
      case FirmwareProgram.RETURNED -> firmware.goOn(frame, true, value, counter);
      case FirmwareProgram.WOKEN -> firmware.goOn(frame, false, 0, counter);
      default -> value == FirmwareProgram.IRQ ? firmware.interrupt(frame, counter) : exception(frame, (int) value);
    };
  }

  private Verdict exception(long frame, int vector) {
    long at = frame + FirmwareProgram.EXCEPTION_ELR;
    report("efi-exception", "vector " + vector + ", ESR 0x" + Long.toHexString(memory.get64(at + 16)) + ", FAR 0x" + Long.toHexString(memory
        .get64(at + 24)) + ", PC 0x" + Long.toHexString(memory.get64(at)) + ", LR 0x" + Long.toHexString(memory.get64(frame + 240))
        + ": nothing goes on in this firmware");
    return Verdict.STAND;
  }

  private void enter(SmcccCall call) {
    try {
      long[] given = firmware.enter(call.argument(1), call.argument(2), call.argument(3), call.argument(4), call.argument(5));
      call.result(0, 0);
      for (int i = 0; i < given.length; i++) {
        call.result(i + 1, given[i]);
      }
    } catch (EfiError e) {
      report("efi-entry", e.getMessage());
      call.result(0, NOT_SUPPORTED);
    }
  }

  @Override
  public boolean hasBootServices() {
    return firmware.isRunning();
  }

  @Override
  public void removed() {
    inspection.detach(inspecting);
    if (phase != null) {
      phase.detach(this);
    }
  }

  /** The machine's firmware. */
  BootFirmware firmware() {
    return firmware;
  }

  @Override
  public EfiRam memory() {
    return memory;
  }

  @Override
  public Conduit conduit() {
    return Conduit.SMC;
  }

  @Override
  public void placed(RuntimeMemory placed) {
    if (services != null) {
      services.placed(placed);
    }
  }

  @Override
  public void report(String kind, String text) {
    context.events().report(kind, context.instance(), text);
  }

  @Override
  public DeviceState state() {
    return firmware.state();
  }

  @Override
  public void reset() {
    firmware.state().reset();
  }
}
