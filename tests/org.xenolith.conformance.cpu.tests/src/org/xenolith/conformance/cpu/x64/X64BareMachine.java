// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.x64.api.PvhEntry;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuEnvironment;
import org.xenolith.x64.arch.CpuFault;
import org.xenolith.x64.arch.CpuModel;

/** One x86-64 processor with RAM, its local APIC, and a port that lines come out of, and nothing else. */
final class X64BareMachine implements CpuEnvironment, RamBus {
  private static final long SERIAL = PhysicalBus.PORTS | 0x3F8;
  private static final int SLICE = 1_000_000;
  /** More instructions than any scenario needs. */
  private static final long MOST = 2_000_000;

  private final Ram ram;
  private final Exits exits = new Exits();
  private final Core cpu = new Core(0, 0, CpuModel.BASELINE, this);
  private final X64LocalApic apic = new X64LocalApic(cpu);
  private final CpuEngine engine;
  private final boolean sliced;
  private final List<String> lines = new ArrayList<>();
  private final StringBuilder line = new StringBuilder();

  /** @param folder where its engine keeps code, if it does */
  X64BareMachine(X64Engine engine, Path folder) {
    ram = new Ram(0, X64ScenarioImage.MEMORY);
    this.engine = engine.of(cpu, folder);
    sliced = engine.sliced;
  }

  /** Executes an image to its end, and is used up then. Gives the lines that it printed, and what happened otherwise. */
  List<String> run(X64ScenarioImage image) {
    load(image);
    int before = 0;
    SplittableRandom random = new SplittableRandom(image.parts.size());
    for (long left = MOST; left > 0 && !ended();) {
      int slice = !sliced ? SLICE : random.nextInt(4) == 0 ? 1 + random.nextInt(64) : 1 + random.nextInt(8192);
      long executed = engine.run(slice);
      left -= cpu.exitRequested() ? executed + 1 : slice;
      if (lines.size() > before) {
        before = lines.size();
        left = MOST;
      }
    }
    engine.close();
    return lines;
  }

  /**
   * The same one instruction after the other.
   *
   * @param next told before each which one it is, when nothing comes before it any more: its linear address, and how many were executed
   */
  List<String> step(X64ScenarioImage image, Step next) {
    load(image);
    while (!ended() && cpu.runnable()) {
      engine.run(0);
      next.at(cpu.linear(cpu.pc), cpu.retired());
      engine.run(1);
    }
    engine.close();
    return lines;
  }

  /** Is told of instructions. */
  interface Step {
    void at(long address, long executed);
  }

  /** Has addresses watched; each that is met is told in a line that says after how many instructions. */
  void watch(List<WatchedAddress> addresses, Consumer<String> told) {
    List<WatchedAddress> writes = addresses.stream().filter(each -> each.space() == WatchedAddress.Space.PHYSICAL && each.tells(true))
        .toList();
    for (int page = 0; page < ram.size; page += 4096) {
      int first = page;
      ram.watchWrites(page, writes.stream().anyMatch(each -> each.overlaps(first, 4096)));
    }
    ram.listenToWrites((chunk, offset, length) -> writes.stream().filter(each -> each.overlaps(offset, length) && !ended()).forEach(
        each -> {
          cpu.requestExit();
          told.accept("%d %s RAM 0x%x %d".formatted(cpu.retired(), each.kind(), offset, length));
        }));
    cpu.points.set(addresses, (which, watched, address, size, write) -> {
      // What comes behind the last line is nobody's.
      if (!ended()) {
        told.accept("%d %s %s 0x%x %d %s".formatted(cpu.retired(), watched.kind(), watched.space(), address, size, write));
      }
    });
    cpu.debugPointsChanged();
  }

  /** Whether an instruction can be fetched from a linear address now. */
  boolean fetches(long address) {
    try {
      return ram(cpu.mmu.code(address).frame) != null;
    } catch (CpuFault unmapped) {
      return false;
    }
  }

  private boolean ended() {
    return !lines.isEmpty() && lines.getLast().equals(".");
  }

  private void load(X64ScenarioImage image) {
    ram.listen((chunk, offset, length) -> cpu.codeWritten(chunk, offset, length));
    for (X64ScenarioImage.Part part : image.parts) {
      ram.write(part.address(), part.data(), 0, part.data().length);
    }
    cpu.reset();
    cpu.start(new PvhEntry(X64ScenarioImage.ENTRY, 0));
  }

  @Override
  public RamBus bus() {
    return this;
  }

  @Override
  public long now() {
    return 0;
  }

  @Override
  public void wake() {}

  @Override
  public int cpus() {
    return 1;
  }

  @Override
  public void codeMarked(long frame) {
    cpu.mmu.codeMarked(frame);
  }

  @Override
  public Exits exits() {
    return exits;
  }

  @Override
  public EventLog events() {
    return (kind, place, text) -> lines.add(kind + " " + text);
  }

  @Override
  public Ram ram(long address) {
    return address >= 0 && address < ram.size ? ram : null;
  }

  @Override
  public long read(long address, int size) {
    if (apic.has(address)) {
      return apic.read(address, size);
    }
    if (ram(address) == null) {
      throw ExternalAbort.INSTANCE;
    }
    return ram.read((int) address, size);
  }

  @Override
  public void write(long address, int size, long value) {
    if (address == SERIAL) {
      if (value == '\n') {
        lines.add(line.toString());
        line.setLength(0);
      } else {
        line.append((char) value);
      }
    } else if (apic.has(address)) {
      apic.write(address, size, value);
    } else if (ram(address) != null) {
      ram.write((int) address, size, value);
    } else {
      throw ExternalAbort.INSTANCE;
    }
  }
}
