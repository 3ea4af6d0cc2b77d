// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.x64.api.X64Cpu;
import org.xenolith.xen.abi.TimeFlag;
import org.xenolith.xen.abi.VcpuTimeInfo;
import org.xenolith.xen.abi.X64VcpuInfo;

/** The time in the vcpu_info of virtual CPUs: which system time it was at a value of the time-stamp counter, and how to go on from there. */
final class TimeInfo {
  private final MachineMemory memory;
  private final VcpuTimeInfo info = new VcpuTimeInfo();
  private long hertz;
  private TimeScale scale;

  TimeInfo(MachineMemory memory) {
    this.memory = memory;
  }

  /**
   * Writes the present time; a virtual CPU that has no vcpu_info gets none. The version is odd while the rest is being written, and another even one
   * afterwards. All counters run with virtual time, so that the guest may compare times of several virtual CPUs.
   *
   * @param cpu the physical CPU whose counter the virtual one reads
   * @param now virtual nanoseconds
   */
  void show(Vcpu vcpu, X64Cpu cpu, long now) {
    if (vcpu.info() == 0) {
      return;
    }
    if (scale == null || hertz != cpu.timeStampHertz()) {
      hertz = cpu.timeStampHertz();
      scale = TimeScale.of(hertz);
    }
    info.at(memory, vcpu.info() + X64VcpuInfo.TIME);
    int version = info.version() + 1 | 1;
    info.version(version);
    info.tscTimestamp(cpu.timeStamp());
    info.systemTime(TimeScale.lastTick(now, hertz));
    info.tscToSystemMul(scale.multiplier());
    info.tscShift(scale.shift());
    info.flags(TimeFlag.XEN_PVCLOCK_TSC_STABLE_BIT);
    info.version(version + 1);
  }
}
