// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.x64.api.Cpu;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.TimeFlag;
import org.xenolith.xen.abi.VcpuTimeInfo;
import org.xenolith.xen.abi.X64VcpuInfo;

/**
 * The time in the vcpu_info of virtual CPUs, and in the copy that a guest may have elsewhere, for its programs: which system time it was at a value of the time-stamp counter, and how to go on from there.
 */
final class TimeInfo {
  private final MachineMemory memory;
  private final VcpuTimeInfo info = new VcpuTimeInfo();
  private final byte[] bytes = new byte[VcpuTimeInfo.SIZE];
  private final VcpuTimeInfo copy = new VcpuTimeInfo();
  private long hertz;
  private TimeScale scale;

  TimeInfo(MachineMemory memory) {
    this.memory = memory;
    copy.at(new AbiBytes(bytes), 0);
  }

  /**
   * Writes the present time; a virtual CPU that has no vcpu_info gets none.
   *
   * @param cpu the physical CPU whose counter the virtual one reads
   * @param now virtual nanoseconds
   */
  void show(Vcpu vcpu, Cpu cpu, long now) {
    if (vcpu.info() == 0) {
      return;
    }
    info.at(memory, vcpu.info() + X64VcpuInfo.TIME);
    fill(info, cpu, now);
  }

  /**
   * Writes the present time to where the guest has a copy of it.
   *
   * @param va      its guest virtual address
   * @param version of what was written there last, 0 if nothing was
   * @return the version that it has now
   */
  int show(Vcpu vcpu, long va, int version, Cpu cpu, long now) {
    copy.version(version);
    fill(copy, cpu, now);
    vcpu.store(va, bytes);
    return copy.version();
  }

  /**
   * The version is odd while the rest is being written, and another even one afterwards. All counters run with virtual time, so that the guest may compare times of
   * several virtual CPUs.
   */
  private void fill(VcpuTimeInfo time, Cpu cpu, long now) {
    if (scale == null || hertz != cpu.timeStampHertz()) {
      hertz = cpu.timeStampHertz();
      scale = TimeScale.of(hertz);
    }
    int version = time.version() + 1 | 1;
    time.version(version);
    time.tscTimestamp(cpu.timeStamp());
    time.systemTime(TimeScale.lastTick(now, hertz));
    time.tscToSystemMul(scale.multiplier());
    time.tscShift(scale.shift());
    time.flags(TimeFlag.XEN_PVCLOCK_TSC_STABLE_BIT);
    time.version(version + 1);
  }
}
