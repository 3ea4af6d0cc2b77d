// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SmcccHandler;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.ViewContext;
import org.xenolith.machine.watch.ExitKind;

/** Where a CPU's SMC and HVC firmware calls arrive: asks the handlers in the order of their devices. */
public final class FirmwareCalls {
  /** NOT_SUPPORTED (Arm DEN 0028, section 5). */
  private static final long NOT_SUPPORTED = -1;

  /** For who is none: what its handler throws is thrown on. */
  static final ViewContext NO_DEVICE = new ViewContext() {
    @Override
    public String instance() {
      return "";
    }

    @Override
    public int order() {
      return 0;
    }

    @Override
    public void failed(Throwable bug) {
      throw new IllegalStateException(bug);
    }

    @Override
    public void entered(int cpu) {}
  };

  private final Cpu cpu;
  /** The one that is answered: none is made for each, as none comes from within another. */
  private final Call call;
  private Entry[] entries = {};

  private record Entry(ViewContext device, SmcccHandler handler) {}

  FirmwareCalls(Cpu cpu) {
    this.cpu = cpu;
    call = new Call(cpu);
  }

  /** @param device told what the handler throws */
  void add(SmcccHandler handler, ViewContext device) {
    entries = Stream.concat(Arrays.stream(entries), Stream.of(new Entry(device, handler)))
        .sorted(Comparator.comparingInt(entry -> entry.device.order())).toArray(Entry[]::new);
  }

  void remove(SmcccHandler handler) {
    entries = Arrays.stream(entries).filter(e -> e.handler != handler).toArray(Entry[]::new);
  }

  /** Answers a call: x0 to x17 of the CPU are its arguments and get its results; false if the machine has no firmware at all. */
  public boolean answer(boolean hvc) {
    if (entries.length == 0) {
      return false;
    }
    cpu.results = 0;
    int function = (int) cpu.x[0];
    for (Entry entry : entries) {
      entry.device.entered(cpu.index());
      try {
        if (entry.handler.answers(function)) {
          call.hvc = hvc;
          serve(entry);
          return true;
        }
      } catch (RamExhausted notTheDevices) {
        throw notTheDevices;
      } catch (Throwable bug) {
        entry.device.failed(bug);
        break;
      }
    }
    cpu.x[0] = NOT_SUPPORTED;
    cpu.results = Math.max(cpu.results, 1);
    return true;
  }

  private void serve(Entry entry) {
    if (!cpu.exits.wanted()) {
      entry.handler.call(call);
      return;
    }
    cpu.exits.begin(ExitKind.FIRMWARE, entry.device.instance());
    try {
      entry.handler.call(call);
    } finally {
      cpu.exits.end();
    }
  }

  private static final class Call implements SmcccHandler.SmcccCall {
    private final Cpu caller;
    private boolean hvc;

    private Call(Cpu caller) {
      this.caller = caller;
    }

    @Override
    public ArmCpu cpu() {
      return caller;
    }

    @Override
    public boolean hvc() {
      return hvc;
    }

    @Override
    public long argument(int index) {
      return caller.x[index];
    }

    @Override
    public void result(int index, long value) {
      caller.x[index] = value;
      caller.results = Math.max(caller.results, index + 1);
    }
  }
}
