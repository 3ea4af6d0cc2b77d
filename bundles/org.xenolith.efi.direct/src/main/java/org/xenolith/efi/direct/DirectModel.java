// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.direct;

import java.util.function.Function;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.efi.api.BootPhase;
import org.xenolith.efi.api.BootPhasePort;
import org.xenolith.efi.api.DirectServices;
import org.xenolith.efi.api.DirectServicesPort;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.kit.CallerMemory;
import org.xenolith.efi.kit.RuntimeCalls;
import org.xenolith.efi.kit.RuntimeFunction;
import org.xenolith.efi.kit.RuntimeMemoryRecord;
import org.xenolith.efi.kit.RuntimeServicesCode;
import org.xenolith.efi.kit.VirtualAddressing;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.arm.api.SmcccHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/**
 * Answers the code of the runtime services: SMC calls with their callers' arguments, whose pointers are what the caller's own
 * translation makes of them.
 */
final class DirectModel implements DeviceModel, SmcccHandler, DirectServices {
  private static final long NOT_SUPPORTED = -1;

  private final DeviceState state = new DeviceState();
  private final DirectServicesPort port;
  private final BootPhase phase;
  private final RuntimeCalls calls;
  private final Function<CpuPort, CallerMemory> pointers;
  private final CallerMemory physical;
  /** Null while there is no code in memory. */
  private RuntimeMemory memory;

  /** @param pointers gives the memory of who executes on a CPU */
  DirectModel(DeviceContext context, Function<CpuPort, CallerMemory> pointers) {
    this.pointers = pointers;
    port = context.port(DirectServicesPort.class);
    phase = context.port(BootPhasePort.class);
    calls = new RuntimeCalls(context.port(RuntimeServicesPort.class));
    physical = new PhysicalPointers(context.memory().dma());
    state.varying("memory", () -> memory = null, () -> RuntimeMemoryRecord.encode(memory), this::restore);
    ArmCpu.of(context.processors()).forEach(cpu -> cpu.firmware(this));
    port.attach(this, context);
  }

  @Override
  public void placed(RuntimeMemory placed) {
    memory = placed;
  }

  @Override
  public boolean answers(int function) {
    return RuntimeServicesCode.function(function) != null;
  }

  @Override
  public void call(SmcccCall call) {
    if (call.hvc()) {
      call.result(0, NOT_SUPPORTED); // that of a hypervisor
      return;
    }
    long[] arguments = new long[RuntimeServicesCode.ARGUMENTS];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = call.argument(i == 0 ? RuntimeServicesCode.FIRST_ARGUMENT : i);
    }
    CallerMemory caller = pointers.apply(call.cpu());
    RuntimeFunction function = RuntimeServicesCode.function((int) call.argument(0));
    EfiStatus status = switch (function) {
      case SET_VIRTUAL_ADDRESS_MAP -> map(caller, arguments);
      case CONVERT_POINTER -> VirtualAddressing.convert(memory, arguments[0], arguments[1], caller);
      default -> calls.call(function, arguments, caller);
    };
    call.result(0, status.code());
  }

  /** While there are boot services, which know physical addresses only, there is no map to be set (UEFI 2.10, 8.4.1). */
  private EfiStatus map(CallerMemory caller, long[] arguments) {
    if (phase.hasBootServices()) {
      return EfiStatus.UNSUPPORTED;
    }
    VirtualAddressing.Mapping mapping = VirtualAddressing.set(memory, arguments, caller, physical);
    memory = mapping.memory() == null ? memory : mapping.memory();
    return mapping.status();
  }

  private void restore(byte[] record) {
    try {
      memory = RuntimeMemoryRecord.decode(record);
    } catch (IllegalArgumentException e) {
      throw new StateMismatch("memory: " + e.getMessage());
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    port.detach(this);
  }
}
