// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.spintable;

import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;

/**
 * Holds one CPU until something else than zero is at its {@code cpu-release-addr}, then starts it there (devicetree binding
 * arm/cpus; the address is 64 bits in the memory's byte order).
 *
 * <p>A board's firmware keeps the CPU in a loop of its own somewhere in memory. Here the CPU stays off and the address is
 * looked at in virtual time instead: nothing has to be hidden in the guest's memory, and waiting CPUs execute nothing. The
 * guest can see the difference only as a delay between its write and the first instruction: at most 1/16 of the time since
 * power-on, between 0.1 and 100 ms.
 */
final class SpinTable implements DeviceModel {
  // No state of its own: whether it still looks is the alarm's.
  private static final long SHORTEST = 100_000;
  private static final long LONGEST = 100_000_000;

  private final DeviceState state = new DeviceState();
  private final ArmCpu cpu;
  private final long address;
  private final DmaPort dma;
  private final Clock clock;
  private final Alarm look;
  private final EventLog events;
  private final String instance;

  SpinTable(DeviceContext context) {
    instance = context.instance();
    cpu = cpu(context);
    FdtProperty release = context.node().property("cpu-release-addr").filter(p -> p.length() == 8 || p.length() == 4)
        .orElseThrow(() -> new ModelException(instance + ".cpu-release-addr: expected the 64-bit address that enable-method "
            + "spin-table needs; add it"));
    address = release.length() == 8 ? (long) release.cell(0) << 32 | release.cell(1) & 0xFFFF_FFFFL
        : release.cell(0) & 0xFFFF_FFFFL;
    dma = context.memory().dma();
    clock = context.time().clock();
    events = context.events();
    look = context.time().alarm("look", this::look);
  }

  private static ArmCpu cpu(DeviceContext context) {
    FdtProperty reg = context.node().property("reg").filter(p -> p.length() == 8 || p.length() == 4)
        .orElseThrow(() -> new ModelException(context.instance() + ".reg: expected the CPU's affinity"));
    long affinity = reg.length() == 8 ? (long) reg.cell(0) << 32 | reg.cell(1) & 0xFFFF_FFFFL : reg.cell(0) & 0xFFFF_FFFFL;
    for (ArmCpu each : ArmCpu.of(context.processors())) {
      if (each.affinity() == affinity) {
        return each;
      }
    }
    throw new ModelException(context.instance() + ".reg: no CPU has the affinity 0x" + Long.toHexString(affinity));
  }

  private void look() {
    if (cpu.powered()) {
      // The boot CPU, which has the same property, or one that somebody else started: nothing to look for any more.
      return;
    }
    try {
      long entry = dma.read(address, 8);
      if (entry != 0) {
        cpu.powerOn(entry, 0);
        return;
      }
    } catch (ExternalAbort abort) {
      events.report("spin-table-bad-address", instance, "cpu-release-addr 0x" + Long.toHexString(address)
          + " is outside of memory; this CPU can't be started");
      return;
    }
    lookAgain();
  }

  private void lookAgain() {
    look.at(clock.now() + Math.clamp(clock.now() / 16, SHORTEST, LONGEST));
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    // A fixed time, so that every reset leaves the same; when it is past, the alarm comes at once.
    look.at(SHORTEST);
  }
}
