// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
  /** The one that is answered: none is made for each, as none comes from within another. */
  private final Call call = new Call();
  private Entry[] entries = {};

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
    entries = Stream.concat(Arrays.stream(entries), Stream.of(new Entry(order, device, handler, failure)))
        .sorted(Comparator.comparingInt(Entry::order)).toArray(Entry[]::new);
  }

  void remove(SmcccHandler handler) {
    entries = Arrays.stream(entries).filter(e -> e.handler != handler).toArray(Entry[]::new);
  }

  /** Answers a call; false if the machine has no firmware at all. */
  boolean call(Cpu cpu, boolean hvc) {
    if (entries.length == 0) {
      return false;
    }
    initiator.cpu = cpu.index();
    cpu.results = 0;
    int function = (int) cpu.x[0];
    for (Entry entry : entries) {
      try {
        if (entry.handler.answers(function)) {
          call.caller = cpu;
          call.hvc = hvc;
          serve(entry);
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

  private void serve(Entry entry) {
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

  private static final class Call implements SmcccHandler.SmcccCall {
    private Cpu caller;
    private boolean hvc;

    @Override
    public CpuPort cpu() {
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
