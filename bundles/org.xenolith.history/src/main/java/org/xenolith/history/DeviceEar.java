// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.history.DeviceWrites.Write;
import org.xenolith.history.api.Moment;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.AddressWatcher;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.machine.watch.WatchedAddress;

/** Writes down when devices' windows are written. One instruction may make several accesses, of which a watch tells the first only: all bytes between them count as written by it then. */
final class DeviceEar implements MachineWatcher, AddressWatcher {
  /** Accesses of one instruction that are told apart. */
  private static final int MOST = 64;

  private record Access(long first, int size) {}

  private final Machine machine;
  private final List<Write> writes = new ArrayList<>();
  /** Of the instruction that is executed, and perhaps of others before it, which were no such writes. */
  private final List<Access> accesses = new ArrayList<>();
  private boolean over;

  DeviceEar(Machine machine) {
    this.machine = machine;
  }

  /** In their order. */
  List<Write> writes() {
    return writes;
  }

  @Override
  public void met(Optional<CpuPort> cpu, WatchedAddress watched, long address, int size, boolean write) {
    long first = address;
    long last = address + size - 1;
    for (Access each : accesses) {
      if (watched.overlaps(each.first, each.size)) {
        first = Math.min(first, each.first);
        last = Math.max(last, each.first + each.size - 1);
      }
    }
    writes.add(new Write(new Moment(machine.instructions(), machine.now()), first, last - first + 1));
    over = true;
  }

  @Override
  public void accessed(String place, long address, int size, boolean write, long value) {
    if (over || accesses.size() == MOST) {
      accesses.clear();
      over = false;
    }
    if (write) {
      accesses.add(new Access(address, size));
    }
  }

  @Override
  public long period() {
    return Long.MAX_VALUE;
  }

  @Override
  public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {}

  @Override
  public void exitBegins(ExitKind kind, String place, long now) {}

  @Override
  public void exitEnds(long now) {}

  @Override
  public void exception(CpuPort cpu, String what) {}

  @Override
  public boolean wantsTranslated() { return false; }

  @Override
  public void translated(long instructions, String wayOut) {}
}
