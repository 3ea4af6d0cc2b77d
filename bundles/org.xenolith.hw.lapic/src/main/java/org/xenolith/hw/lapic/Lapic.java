// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import java.util.List;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.x64.api.EndOfInterruptPort;
import org.xenolith.x64.api.X64Cpu;

/**
 * The local APICs of all CPUs. The node's {@code reg} is the area of 1 MiB to which bus masters write interrupt messages; in its first page a CPU finds the
 * registers of its own local APIC.
 */
final class Lapic implements DeviceModel, MmioHandler {
  private static final int PAGE = 0x1000;
  private static final long AREA = 0x10_0000;
  private static final long NOTHING = 0xFFFF_FFFFL;

  private final DeviceState state = new DeviceState();
  private final DeviceContext context;
  private final RegisterFaults faults;
  private final LocalApic[] apics;

  Lapic(DeviceContext context) {
    this.context = context;
    faults = context.faults();
    if (context.bus().windows() == 0 || context.node().windows().getFirst().size() != AREA) {
      throw new ModelException(context.instance() + ": reg: expected one entry of 0x100000 bytes, the area of interrupt messages");
    }
    long base = context.node().windows().getFirst().base();
    LapicFeatures features = LapicFeatures.of(context.options());
    LapicClock clock = new LapicClock(context.node().cell("clock-frequency", context.options().number("frequency")), context.instance());
    EndOfInterruptPort ends = context.port(EndOfInterruptPort.class);
    List<X64Cpu> cpus = X64Cpu.of(context.processors());
    apics = new LocalApic[cpus.size()];
    LapicFabric fabric = new LapicFabric(context, features, apics);
    for (int i = 0; i < apics.length; i++) {
      X64Cpu cpu = cpus.get(i);
      apics[i] = new LocalApic(context, state, cpu, features, clock, fabric, ends);
      LapicMsrs msrs = new LapicMsrs(apics[i], features, base, faults);
      cpu.claim(apics[i]);
      cpu.claim(msrs, msrs.numbers());
    }
    context.bus().window(0, AccessRule.WORD, this);
    context.bus().messages(0, fabric);
  }

  /** The accessing CPU's registers; null where there are none: beyond the page, or while they aren't in memory. */
  private LocalApic at(long offset) {
    LocalApic apic = apics[context.bus().initiator()];
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
    for (LocalApic apic : apics) {
      apic.reset();
    }
  }

  @Override
  public void restored() {
    for (LocalApic apic : apics) {
      apic.update();
    }
  }

  @Override
  public void removed() {
    for (LocalApic apic : apics) {
      apic.silence();
    }
  }
}
