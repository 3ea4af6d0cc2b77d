// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.DeviceRegister;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.DeviceNames;
import org.xenolith.platform.api.AddressWindow;

/** The last accesses to registers of some devices of one machine. Used while it stands between two instructions, and by what is told of an access. */
final class DeviceLogs {
  /** Accesses that are kept of a device. */
  static final int KEPT = 256;

  /**
   * An access by a CPU.
   *
   * @param time        virtual nanoseconds
   * @param cpu         that made it, -1 if none did
   * @param at          behind the instruction
   * @param register    its name, or window and offset
   * @param write       whether it was written
   * @param value       what is stored there behind the instruction, if anything is
   */
  record Access(long time, int cpu, long at, String register, boolean write, OptionalLong value) {}

  /** The log of a device. */
  private static final class Log {
    private final List<StopPoint> points = new ArrayList<>();
    private final Deque<Access> last = new ArrayDeque<>();
    private long all;
  }

  private final InspectedRun run;
  private final Map<String, Log> logs = new TreeMap<>();

  DeviceLogs(InspectedRun run) {
    this.run = run;
  }

  /** Begins to keep a device's accesses; false if that is done already. */
  boolean begin(InspectedDevice device) {
    if (logs.containsKey(device.name())) {
      return false;
    }
    List<AddressWindow> windows = DeviceNames.windows(run.on, device);
    if (windows.isEmpty()) {
      throw new BadInput(device.name() + " has no window of its own: there is nothing to log");
    }
    Log log = new Log();
    for (int i = 0; i < windows.size(); i++) {
      int length = (int) Math.min(windows.get(i).size(), Integer.MAX_VALUE);
      int window = i;
      log.points.add(run.view.stops().add(new StopPlace.Register(device.name(), i, 0, length, true, true), report -> keep(log, device,
          window, windows
              .get(window), report)));
    }
    logs.put(device.name(), log);
    return true;
  }

  /** Never stops the machine. */
  private boolean keep(Log log, InspectedDevice device, int window, AddressWindow place, StopReport report) {
    long offset = report.address() - place.base();
    Optional<DeviceRegister> register = device.registers().stream().filter(each -> single(device, window) && offset >= each.offset()
        && offset < each
            .offset() + each.bytes()).findFirst();
    int cpu = report.processor().orElse(-1);
    long at = run.view.processor(cpu).map(each -> each.place().address()).orElse(0L);
    log.all++;
    if (log.last.size() == KEPT) {
      log.last.removeFirst();
    }
    log.last.add(new Access(run.machine.now(), cpu, at, register.map(DeviceRegister::name).orElse("window %d+0x%x".formatted(window,
        offset)),
        report.write(), register.map(device::value).orElse(OptionalLong.empty())));
    return false;
  }

  /** Whether a register's name is known of an offset: of a device with one window. */
  private boolean single(InspectedDevice device, int window) {
    return window == 0 && DeviceNames.windows(run.on, device).size() == 1;
  }

  List<Access> last(String device) {
    return List.copyOf(logs.get(device).last);
  }

  long all(String device) {
    return logs.get(device).all;
  }

  /** Ends it; false if it hasn't begun. */
  boolean end(String device) {
    Log log = logs.remove(device);
    if (log != null) {
      log.points.forEach(StopPoint::close);
    }
    return log != null;
  }

  List<String> devices() {
    return List.copyOf(logs.keySet());
  }

  void clear() {
    devices().forEach(this::end);
  }
}
