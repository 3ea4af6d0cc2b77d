// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.xenolith.arm.api.SemihostingHandler;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.ViewContext;

/** Where a CPU's semihosting calls arrive: HLT #0xF000, which is UNDEFINED, as any HLT, while no device answers. */
public final class SemihostingCalls {
  /** The immediate value of HLT by which A64 software calls (Arm IHI 0072, "The semihosting interface"). */
  public static final int IMMEDIATE = 0xF000;
  private static final long FAILED = -1;

  private final Cpu cpu;
  private @Nullable SemihostingHandler handler;
  /** Told what the handler throws. */
  private ViewContext device;

  SemihostingCalls(Cpu cpu) {
    this.cpu = cpu;
  }

  /** Who answers from now on: the last one that said so. */
  void add(SemihostingHandler newHandler, ViewContext newDevice) {
    handler = newHandler;
    device = newDevice;
  }

  void remove(SemihostingHandler gone) {
    if (gone != null && handler == gone) {
      handler = null;
    }
  }

  /** Whether a device answers. */
  boolean answered() {
    return handler != null;
  }

  /** Answers the call in x0 and x1, and puts the answer into x0. */
  void answer() {
    long result = FAILED;
    device.entered(cpu.index());
    try {
      result = handler.call(new Call(cpu));
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      device.failed(bug);
    }
    cpu.x[0] = result;
  }

  private record Call(Cpu caller) implements SemihostingHandler.SemihostingCall {
    @Override
    public int operation() {
      return (int) caller.x[0];
    }

    @Override
    public long parameter() {
      return caller.x[1];
    }

    @Override
    public long @Nullable [] fields(int count) {
      byte[] bytes = new GuestView(caller).bytes(caller.x[1], caller.el, count * Long.BYTES);
      if (bytes == null) {
        return null;
      }
      long[] fields = new long[count];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(fields);
      return fields;
    }
  }
}
