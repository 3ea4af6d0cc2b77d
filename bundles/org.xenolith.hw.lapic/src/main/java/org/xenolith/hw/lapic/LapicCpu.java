// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.xenolith.lapic.kit.LapicClock;
import org.xenolith.lapic.kit.LapicFabric;
import org.xenolith.lapic.kit.LapicFeatures;
import org.xenolith.lapic.kit.LapicMsrs;
import org.xenolith.lapic.kit.LapicPlace;
import org.xenolith.lapic.kit.LapicSurroundings;
import org.xenolith.lapic.kit.LocalApic;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.EventLog;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.LongCell;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.EndOfInterruptPort;
import org.xenolith.x64.api.MsrHandler;

/** One CPU with its local APIC: what the APIC has of the machine, and the CPU of the APIC. */
final class LapicCpu implements LapicSurroundings, LapicPlace, MsrHandler {
  private final Cpu cpu;
  private final Clock clock;
  private final Alarm alarm;
  private final EndOfInterruptPort ends;
  private final EventLog events;
  private final String instance;
  private final LocalApic apic;
  private final LapicMsrs msrs;
  private final long window;
  private final LongCell base;

  /** @param window where the machine has the registers in memory: CPUs find them there, until they move them */
  LapicCpu(DeviceContext context, DeviceState state, Cpu cpu, LapicFeatures features, LapicClock scale, LapicFabric fabric,
      long window) {
    this.cpu = cpu;
    this.window = window;
    clock = context.time().clock();
    ends = context.port(EndOfInterruptPort.class);
    events = context.events();
    instance = context.instance();
    String name = "cpu" + cpu.index();
    alarm = context.time().alarm(name, this::rings);
    apic = new LocalApic(name, state, context.faults(), cpu.apicId(), features, scale, fabric, this);
    base = state.cell(name + ".base", window);
    state.added(name + ".base");
    msrs = new LapicMsrs(apic, features, this, context.faults());
    List<ListedRegister> registers = new ArrayList<>(List.of(msr("IA32_APIC_BASE", LapicMsrs.IA32_APIC_BASE)));
    if (features.deadline()) {
      registers.add(msr("IA32_TSC_DEADLINE", LapicMsrs.IA32_TSC_DEADLINE));
    }
    state.shows(name + ".MSRs", registers, register -> OptionalLong.of(msrs.read(register.spec().offset())));
    if (features.deadline()) {
      cpu.atTimeStampWritten(apic::timeStampWritten);
    }
    cpu.claim(apic);
    cpu.claim(this, LapicMsrs.numbers(features));
  }

  private static ListedRegister msr(String name, int number) {
    return ListedRegister.of(name, number, Long.BYTES, "SDM volume 4, table 2-2").saidBy(LapicCpu.class);
  }

  LocalApic apic() {
    return apic;
  }

  private void rings() {
    apic.due();
  }

  // ---- For the CPU

  @Override
  public long read(Cpu asking, int msr) {
    return msrs.read(msr);
  }

  @Override
  public void write(Cpu asking, int msr, long value) {
    msrs.write(msr, value);
  }

  // ---- Where the registers are

  @Override
  public long base() {
    return base.value;
  }

  @Override
  public boolean move(long newBase) {
    base.value = newBase;
    place();
    return true;
  }

  /** Only in xAPIC mode are there any in memory. */
  void place() {
    cpu.registersAt(window, apic.mode() == LocalApic.XAPIC ? base.value : window);
  }

  @Override
  public int physicalBits() {
    return cpu.physicalAddressBits();
  }

  // ---- For the APIC

  @Override
  public long now() {
    return clock.now();
  }

  @Override
  public long timeOf(long timeStamp) {
    return cpu.timeOf(timeStamp);
  }

  @Override
  public long alarm() {
    return alarm.deadline();
  }

  @Override
  public void alarm(long nanoseconds) {
    if (nanoseconds == Long.MAX_VALUE) {
      alarm.cancel();
    } else {
      alarm.at(nanoseconds);
    }
  }

  @Override
  public boolean bootstrap() {
    return cpu.bootstrap();
  }

  @Override
  public void interrupt(boolean level) {
    cpu.interrupt(level);
  }

  @Override
  public void nmi() {
    cpu.nmi();
  }

  @Override
  public void init() {
    cpu.init();
  }

  @Override
  public void startUp(int vector) {
    cpu.startUp(vector);
  }

  @Override
  public void notDelivered(int delivery) {
    String what = delivery == LapicFabric.SMI ? "a system management interrupt: there is no system management mode"
        : "an interrupt whose vector an 8259A would give: there is none";
    events.report(delivery == LapicFabric.SMI ? "smi" : "extint", instance, "CPU " + cpu.index() + " is sent " + what);
  }

  @Override
  public void ended(int vector) {
    ends.ended(vector);
  }
}
