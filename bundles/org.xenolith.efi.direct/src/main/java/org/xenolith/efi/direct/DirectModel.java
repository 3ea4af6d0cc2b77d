// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.direct;

import java.util.function.Function;
import org.xenolith.efi.api.DirectServices;
import org.xenolith.efi.api.DirectServicesPort;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.kit.CallerMemory;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.RuntimeCalls;
import org.xenolith.efi.kit.RuntimeFunction;
import org.xenolith.efi.kit.RuntimeServicesCode;
import org.xenolith.efi.kit.VirtualAddressing;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.SmcccHandler;
import org.xenolith.regs.DeviceState;

/**
 * Answers the code of the runtime services: SMC calls with their callers' arguments, whose pointers are what the caller's own
 * translation makes of them.
 */
final class DirectModel implements DeviceModel, SmcccHandler, DirectServices {
  private static final long NOT_SUPPORTED = -1;
  /** More than any operating system needs for the few ranges of these services. */
  private static final int LARGEST_MAP = 1 << 20;

  private final DeviceState state = new DeviceState();
  private final DirectServicesPort port;
  private final RuntimeCalls calls;
  private final Function<CpuPort, CallerMemory> pointers;
  private final CallerMemory physical;
  /** Null while there is no code in memory. */
  private RuntimeMemory memory;

  /** @param pointers gives the memory of who executes on a CPU */
  DirectModel(DeviceContext context, Function<CpuPort, CallerMemory> pointers) {
    this.pointers = pointers;
    port = context.port(DirectServicesPort.class);
    calls = new RuntimeCalls(context.port(RuntimeServicesPort.class));
    physical = new PhysicalPointers(context.memory().dma());
    state.varying("memory", () -> memory = null, () -> PlacedMemory.encode(memory), bytes -> memory = PlacedMemory.decode(bytes));
    context.processors().firmware(this);
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
      case SET_VIRTUAL_ADDRESS_MAP -> map(caller, arguments[0], arguments[1], arguments[2], arguments[3]);
      case CONVERT_POINTER -> VirtualAddressing.convert(memory, arguments[0], arguments[1], caller);
      default -> calls.call(function, arguments, caller);
    };
    call.result(0, status.code());
  }

  private EfiStatus map(CallerMemory caller, long size, long descriptorSize, long version, long map) {
    if (memory == null || memory.mapped()) {
      return EfiStatus.UNSUPPORTED;
    }
    if ((int) version != EfiMemoryMap.DESCRIPTOR_VERSION || Long.compareUnsigned(descriptorSize, EfiMemoryMap.DESCRIPTOR_SIZE) < 0
        || Long.compareUnsigned(size, LARGEST_MAP) > 0 || Long.compareUnsigned(size, descriptorSize) < 0 || map == 0
        || map % Long.BYTES != 0) {
      return EfiStatus.INVALID_PARAMETER;
    }
    byte[] descriptors = caller.read(map, (int) size);
    if (descriptors == null) {
      return EfiStatus.INVALID_PARAMETER;
    }
    VirtualAddressing.Mapping mapping = VirtualAddressing.map(memory, descriptors, (int) descriptorSize);
    if (mapping.status() == EfiStatus.SUCCESS) {
      VirtualAddressing.rebase(physical, memory, mapping.memory());
      memory = mapping.memory();
    }
    return mapping.status();
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
  }

  @Override
  public void removed() {
    port.detach(this);
  }
}
