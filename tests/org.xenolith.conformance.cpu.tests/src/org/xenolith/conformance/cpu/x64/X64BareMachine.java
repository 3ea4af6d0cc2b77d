// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.x64.api.X64Entry;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Environment;
import org.xenolith.x64.arch.X64Model;

/** One x86-64 processor with RAM, its local APIC, and a port that lines come out of, and nothing else. */
final class X64BareMachine implements X64Environment, RamBus {
  private static final long SERIAL = PhysicalBus.PORTS | 0x3F8;
  private static final int SLICE = 1_000_000;
  /** More instructions than any scenario needs. */
  private static final long MOST = 2_000_000;

  private final Ram ram;
  private final Exits exits = new Exits();
  private final X64Core cpu = new X64Core(0, 0, X64Model.BASELINE, this);
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
    ram.listen((chunk, offset, length) -> cpu.codeWritten(chunk, offset, length));
    for (X64ScenarioImage.Part part : image.parts) {
      ram.write(part.address(), part.data(), 0, part.data().length);
    }
    cpu.reset();
    cpu.start(new X64Entry(X64ScenarioImage.ENTRY, 0));
    int before = 0;
    SplittableRandom random = new SplittableRandom(image.parts.size());
    for (long left = MOST; left > 0 && (lines.isEmpty() || !lines.getLast().equals("."));) {
      int slice = !sliced ? SLICE : random.nextInt(4) == 0 ? 1 + random.nextInt(64) : 1 + random.nextInt(8192);
      engine.run(slice);
      left -= slice;
      if (lines.size() > before) {
        before = lines.size();
        left = MOST;
      }
    }
    engine.close();
    return lines;
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
