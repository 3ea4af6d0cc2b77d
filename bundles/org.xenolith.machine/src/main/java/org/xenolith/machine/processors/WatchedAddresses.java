// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.processors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.DebugPoints;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.watch.AddressWatcher;
import org.xenolith.machine.watch.WatchedAddress;

/** Puts the addresses that watchers want to be told of where CPUs and RAM come by, and tells them at safe points. */
public final class WatchedAddresses {
  private static final long PAGE = 1L << Ram.PAGE_SHIFT;

  private final Hardware hardware;
  /** Never changed, but exchanged: one may end while it is told. */
  private Map<AddressWatcher, List<WatchedAddress>> watchers = Map.of();
  /** All of them, and those that are writes to RAM. */
  private List<WatchedAddress> all = List.of();
  private List<WatchedAddress> writes = List.of();
  private List<Met> met = new ArrayList<>();

  /** One that was met since the last safe point, and when, so that it is told once for an instruction. */
  private record Met(Processor cpu, WatchedAddress watched, long address, int size, boolean write, long executed) {
    boolean again(Processor otherCpu, WatchedAddress other, long when) {
      return cpu == otherCpu && executed == when && watched.equals(other);
    }
  }

  public WatchedAddresses(Hardware hardware) {
    this.hardware = hardware;
  }

  /** See {@code Machine.watch}. */
  public void watch(AddressWatcher watcher, List<WatchedAddress> addresses) {
    if (!addresses.isEmpty()) {
      hardware.cpus.forEach(WatchedAddresses::requirePoints);
    }
    Map<AddressWatcher, List<WatchedAddress>> changed = new LinkedHashMap<>(watchers);
    changed.remove(watcher);
    if (!addresses.isEmpty()) {
      changed.put(watcher, List.copyOf(addresses));
    }
    watchers = changed;
    hardware.space.touched().forEach(chunk -> chunk.ram().clearBreakpoints());
    hardware.space.touched().forEach(chunk -> mark(chunk.ram(), false));
    all = watchers.values().stream().flatMap(List::stream).distinct().toList();
    writes = all.stream().filter(each -> each.space() == WatchedAddress.Space.PHYSICAL && each.tells(true)).toList();
    hardware.space.touched().forEach(chunk -> mark(chunk.ram()));
    for (Processor cpu : hardware.cpus) {
      DebugPoints points = cpu.debugPoints();
      if (points != null) {
        points.set(all, this::met);
        cpu.debugPointsChanged();
      }
    }
  }

  private static void requirePoints(Processor cpu) {
    if (cpu.debugPoints() == null) {
      throw new ModelException("cpu " + cpu.index() + ": its model can't come back at an address; watch a machine whose CPUs can");
    }
  }

  /** Marks the pages of a chunk whose writes are watched. */
  public void mark(Ram ram) {
    ram.listenToWrites(this::written);
    mark(ram, true);
  }

  private void mark(Ram ram, boolean watched) {
    for (WatchedAddress each : writes) {
      if (each.overlaps(ram.base, ram.size)) {
        long first = Long.compareUnsigned(each.first(), ram.base) < 0 ? 0 : each.first() - ram.base & -PAGE;
        for (long offset = first; offset < ram.size && each.overlaps(ram.base + offset, PAGE); offset += PAGE) {
          ram.watchWrites((int) offset, watched);
        }
      }
    }
  }

  // ---- What is met

  private void met(Processor cpu, WatchedAddress watched, long address, int size, boolean write) {
    long executed = cpu == null ? 0 : cpu.executed();
    if (met.stream().noneMatch(each -> each.again(cpu, watched, executed))) {
      met.add(new Met(cpu, watched, address, size, write, executed));
    }
  }

  private void written(Ram ram, int offset, int length) {
    long address = ram.base + offset;
    for (WatchedAddress each : writes) {
      if (each.overlaps(address, length)) {
        Turn running = hardware.clock.running();
        if (running != null) {
          running.requestExit();
        }
        met(running == null ? null : running.processor(), each, address, length, true);
      }
    }
  }

  /** Tells what was met, at a safe point. */
  public void tell() {
    if (met.isEmpty()) {
      return;
    }
    List<Met> told = met;
    met = new ArrayList<>();
    for (Met each : told) {
      watchers.forEach((watcher, addresses) -> {
        if (addresses.contains(each.watched())) {
          tell(watcher, each);
        }
      });
    }
  }

  private void tell(AddressWatcher watcher, Met what) {
    try {
      watcher.met(Optional.<CpuPort>ofNullable(what.cpu()), what.watched(), what.address(), what.size(), what.write());
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Throwable bug) {
      watch(watcher, List.of());
      hardware.events.announce("watcher-failed", "machine", bug.toString());
    }
  }

  /** What was met by who isn't the machine is nobody's business. */
  public void forget() {
    met.clear();
  }

  /** The machine was given another state: nothing has been met in it yet. */
  public void restored() {
    met.clear();
    for (Processor cpu : hardware.cpus) {
      DebugPoints points = cpu.debugPoints();
      if (points != null) {
        points.restored();
      }
    }
  }
}
