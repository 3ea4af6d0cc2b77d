// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.api.SmcccHandler;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.watch.ExitKind;

/** Where SMC and HVC firmware calls arrive: asks the handlers in the order of their nodes. */
final class FirmwarePort {
  /** NOT_SUPPORTED (Arm DEN 0028, section 5). */
  private static final long NOT_SUPPORTED = -1;

  private final Initiator initiator;
  private final Exits exits;
  private final List<Entry> entries = new ArrayList<>();

  private record Entry(int order, String device, SmcccHandler handler, Consumer<Throwable> failure) {}

  FirmwarePort(Initiator initiator, Exits exits) {
    this.initiator = initiator;
    this.exits = exits;
  }

  /**
   * @param order  position of the handler's node
   * @param device instance of the device
   */
  void add(int order, String device, SmcccHandler handler, Consumer<Throwable> failure) {
    entries.add(new Entry(order, device, handler, failure));
    entries.sort(Comparator.comparingInt(Entry::order));
  }

  void remove(SmcccHandler handler) {
    entries.removeIf(e -> e.handler == handler);
  }

  /** Answers a call; false if the machine has no firmware at all. */
  boolean call(Cpu cpu, boolean hvc) {
    if (entries.isEmpty()) {
      return false;
    }
    initiator.cpu = cpu.index();
    cpu.results = 0;
    int function = (int) cpu.x[0];
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      try {
        if (entry.handler.answers(function)) {
          serve(entry, new Call(cpu, hvc));
          return true;
        }
      } catch (RamExhausted notTheDevices) {
        throw notTheDevices;
      } catch (Throwable bug) {
        entry.failure.accept(bug);
        break;
      }
    }
    cpu.x[0] = NOT_SUPPORTED;
    cpu.results = Math.max(cpu.results, 1);
    return true;
  }

  private void serve(Entry entry, Call call) {
    if (!exits.wanted()) {
      entry.handler.call(call);
      return;
    }
    exits.begin(ExitKind.FIRMWARE, entry.device);
    try {
      entry.handler.call(call);
    } finally {
      exits.end();
    }
  }

  private record Call(Cpu caller, boolean hvc) implements SmcccHandler.SmcccCall {
    @Override
    public CpuPort cpu() {
      return caller;
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
