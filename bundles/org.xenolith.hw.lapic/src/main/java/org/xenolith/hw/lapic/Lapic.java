// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import java.util.List;
import org.xenolith.lapic.kit.LapicClock;
import org.xenolith.lapic.kit.LapicFabric;
import org.xenolith.lapic.kit.LapicFeatures;
import org.xenolith.lapic.kit.LocalApic;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.BusAccess;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.x64.api.Cpu;

/**
 * The local APICs of all CPUs. The node's {@code reg} is the area of 1 MiB to which bus masters write interrupt messages; in its first page a CPU finds the
 * registers of its own local APIC.
 */
final class Lapic implements DeviceModel, MmioHandler {
  private static final int PAGE = 0x1000;
  private static final long AREA = 0x10_0000;
  private static final long NOTHING = 0xFFFF_FFFFL;

  private final DeviceState state = new DeviceState();
  private final BusAccess access;
  private final RegisterFaults faults;
  private final LocalApic[] apics;
  private final LapicCpu[] places;

  Lapic(DeviceContext context) {
    access = context.bus().access();
    faults = context.faults();
    if (context.bus().windows() == 0 || context.node().windows().getFirst().size() != AREA) {
      throw new ModelException(context.instance() + ": reg: expected one entry of 0x100000 bytes, the area of interrupt messages");
    }
    long base = context.node().windows().getFirst().base();
    DeviceOptions options = context.options();
    LapicFeatures features = new LapicFeatures(options.flag("x2apic"), options.flag("tsc-deadline"), options.flag("lowest-priority-ipis"));
    LapicClock clock = clock(context);
    List<Cpu> cpus = Cpu.of(context.processors());
    apics = new LocalApic[cpus.size()];
    places = new LapicCpu[apics.length];
    LapicFabric fabric = new LapicFabric(features, faults, apics);
    for (int i = 0; i < apics.length; i++) {
      places[i] = new LapicCpu(context, state, cpus.get(i), features, clock, fabric, base);
      apics[i] = places[i].apic();
    }
    context.bus().window(0, AccessRule.WORD, this);
    context.bus().messages(0, new LapicMessages(context, fabric));
  }

  /** What the timers count before their divider. */
  private static LapicClock clock(DeviceContext context) {
    long hertz = context.node().cell("clock-frequency", context.options().number("frequency"));
    if (hertz < 1 || hertz > LapicClock.HIGHEST) {
      throw new ModelException(context.instance() + ": frequency of the timers: expected 1 to " + LapicClock.HIGHEST + " Hz, got " + hertz
          + "; correct clock-frequency or the option frequency");
    }
    return new LapicClock(hertz);
  }

  /** The accessing CPU's registers; null where there are none: beyond the page, or while they aren't in memory. */
  private LocalApic at(long offset) {
    LocalApic apic = apics[access.cpu()];
    return offset < PAGE && apic.mode() == LocalApic.XAPIC ? apic : null;
  }

  @Override
  public long read(long offset, int size) {
    LocalApic apic = at(offset);
    if (apic == null) {
      faults.report(Kind.UNKNOWN_READ, offset, 0);
      return NOTHING;
    }
    return apic.readMemory(offset);
  }

  @Override
  public void write(long offset, int size, long value) {
    LocalApic apic = at(offset);
    if (apic == null) {
      faults.report(Kind.UNKNOWN_WRITE, offset, value);
    } else {
      apic.writeMemory(offset, value);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    for (int i = 0; i < apics.length; i++) {
      apics[i].reset();
      places[i].place();
    }
  }

  @Override
  public void restored() {
    for (int i = 0; i < apics.length; i++) {
      apics[i].update();
      places[i].place();
    }
  }

  @Override
  public void removed() {
    for (LocalApic apic : apics) {
      apic.silence();
    }
  }
}
