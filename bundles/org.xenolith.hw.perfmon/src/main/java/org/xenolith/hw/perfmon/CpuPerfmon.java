// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

import static org.xenolith.hw.perfmon.PerfmonControls.FIXED;
import static org.xenolith.hw.perfmon.PerfmonControls.GENERAL;
import static org.xenolith.hw.perfmon.PerfmonControls.WIDTH;
import static org.xenolith.hw.perfmon.PerfmonMsr.A_PMC0;
import static org.xenolith.hw.perfmon.PerfmonMsr.FIXED_CTR0;
import static org.xenolith.hw.perfmon.PerfmonMsr.FIXED_CTR_CTRL;
import static org.xenolith.hw.perfmon.PerfmonMsr.PERFEVTSEL0;
import static org.xenolith.hw.perfmon.PerfmonMsr.PERF_CAPABILITIES;
import static org.xenolith.hw.perfmon.PerfmonMsr.PERF_GLOBAL_CTRL;
import static org.xenolith.hw.perfmon.PerfmonMsr.PERF_GLOBAL_OVF_CTRL;
import static org.xenolith.hw.perfmon.PerfmonMsr.PERF_GLOBAL_STATUS;
import static org.xenolith.hw.perfmon.PerfmonMsr.PMC0;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.api.MsrHandler;
import org.xenolith.x64.api.PerformanceMonitor;

/** The performance monitor of one CPU, as its registers. */
final class CpuPerfmon implements MsrHandler, PerformanceMonitor {
  private static final int VERSION = 2;
  /** IA32_PERF_CAPABILITIES: counters can be written in their full width. */
  private static final long FULL_WIDTH_WRITE = 1 << 13;
  /** OvfBuffer and CondChgd, which never are set, may be cleared. */
  private static final long CLEARABLE = PerfmonControls.GLOBAL_BITS | 1L << 62 | 1L << 63;
  /** In ECX of RDPMC: a counter of fixed function. */
  private static final int FIXED_SELECT = 1 << 30;

  private final Cpu cpu;
  private final PerfmonControls controls;
  private final PerfmonCounters counters;
  private final Alarm alarm;

  CpuPerfmon(Cpu cpu, DeviceContext context, DeviceState state) {
    this.cpu = cpu;
    String name = "cpu" + cpu.index() + '.';
    controls = new PerfmonControls(state, name);
    counters = new PerfmonCounters(cpu, context.time().clock(), controls, state, name);
    alarm = context.time().alarm(name + "cycles", this::contextChanged);
    List<ListedRegister> registers = PerfmonMsr.all(GENERAL, FIXED);
    cpu.claim(this, ListedRegister.encodings(registers));
    state.shows(name + "MSRs", registers, register -> shown(register.spec().offset()));
    cpu.monitor(this);
  }

  // ---- What there is

  @Override
  public int cpuidEax() {
    return VERSION | GENERAL << 8 | WIDTH << 16 | PerfmonEvent.NUMBER << 24;
  }

  @Override
  public int cpuidEbx() {
    return PerfmonEvent.absent();
  }

  @Override
  public int cpuidEdx() {
    return FIXED | WIDTH << 5;
  }

  @Override
  public boolean capabilities() {
    return true;
  }

  // ---- Registers

  /** What a register has now; empty for counters and their overflows, which are counted on when somebody reads. */
  private OptionalLong shown(int msr) {
    boolean stored = isGeneral(msr, PERFEVTSEL0) || msr == PERF_CAPABILITIES || msr == FIXED_CTR_CTRL || msr == PERF_GLOBAL_CTRL;
    return stored ? OptionalLong.of(read(cpu, msr)) : OptionalLong.empty();
  }

  private static boolean isGeneral(int msr, int first) { return msr >= first && msr < first + GENERAL; }

  @Override
  public long read(Cpu asking, int msr) {
    if (isGeneral(msr, PMC0)) {
      return counters.count(msr - PMC0);
    }
    if (isGeneral(msr, A_PMC0)) {
      return counters.count(msr - A_PMC0);
    }
    if (isGeneral(msr, PERFEVTSEL0)) {
      return controls.select(msr - PERFEVTSEL0);
    }
    return switch (msr) {
      case PERF_CAPABILITIES -> FULL_WIDTH_WRITE;
      case FIXED_CTR_CTRL -> controls.fixed();
      case PERF_GLOBAL_STATUS -> counters.overflows();
      case PERF_GLOBAL_CTRL -> controls.global();
      case PERF_GLOBAL_OVF_CTRL -> 0;
      default -> counters.count(GENERAL + msr - FIXED_CTR0);
    };
  }

  @Override
  public void write(Cpu asking, int msr, long value) {
    counters.look();
    if (isGeneral(msr, PMC0)) {
      // The lower half, extended by its sign.
      counters.count(msr - PMC0, (int) value);
    } else if (isGeneral(msr, A_PMC0)) {
      counters.count(msr - A_PMC0, whole(value));
    } else if (isGeneral(msr, PERFEVTSEL0)) {
      controls.select(msr - PERFEVTSEL0, value);
    } else {
      writeSingle(msr, value);
    }
    update();
  }

  private void writeSingle(int msr, long value) {
    switch (msr) {
      case PERF_CAPABILITIES, PERF_GLOBAL_STATUS -> throw MsrFault.INSTANCE;
      case FIXED_CTR_CTRL -> controls.fixed(value);
      case PERF_GLOBAL_CTRL -> controls.global(value);
      case PERF_GLOBAL_OVF_CTRL -> {
        if ((value & ~CLEARABLE) != 0) {
          throw MsrFault.INSTANCE;
        }
        counters.forget(value);
      }
      default -> counters.count(GENERAL + msr - FIXED_CTR0, whole(value));
    }
  }

  private static long whole(long value) {
    if (value >>> WIDTH != 0) {
      throw MsrFault.INSTANCE;
    }
    return value;
  }

  @Override
  public long counter(int select) {
    int number = select & ~FIXED_SELECT;
    boolean isFixed = (select & FIXED_SELECT) != 0;
    if (number < 0 || number >= (isFixed ? FIXED : GENERAL)) {
      throw MsrFault.INSTANCE;
    }
    long count = counters.count(isFixed ? GENERAL + number : number);
    interrupt();
    return count;
  }

  // ---- What the CPU tells

  @Override
  public void contextChanged() {
    counters.look();
    update();
  }

  @Override
  public void branched(int level) {
    counters.branched(level == cpu.privilegeLevel() ? counters.active() : controls.active(level, true));
    interrupt();
  }

  @Override
  public void retiredReached() {
    contextChanged();
  }

  // ---- Life

  /** Lets count what is to count now, and waits for the next overflow. */
  private void update() {
    follow();
    long deadline = counters.timeOfOverflow();
    if (deadline != alarm.deadline()) {
      if (deadline == Long.MAX_VALUE) {
        alarm.cancel();
      } else {
        alarm.at(deadline);
      }
    }
    interrupt();
  }

  private void follow() {
    counters.active(controls.active(cpu.privilegeLevel(), cpu.executing()));
    int what = (controls.isOfLevels() ? LEVELS : 0) | (controls.isOfActivity() ? ACTIVITY : 0) | (counters.branches() ? BRANCHES : 0);
    cpu.watch(what, counters.retiredAtOverflow());
  }

  private void interrupt() {
    if (counters.takeInterrupt()) {
      cpu.performanceInterrupt();
    }
  }

  /** After the state was reset. */
  void reset() {
    counters.reset();
    cpu.watch(0, Long.MAX_VALUE);
    alarm.cancel();
  }

  /** After the state was restored. */
  void restored() {
    counters.rebase();
    follow();
  }

  /** Nothing counts any more. */
  void removed() {
    counters.look();
    counters.active(0);
  }
}
