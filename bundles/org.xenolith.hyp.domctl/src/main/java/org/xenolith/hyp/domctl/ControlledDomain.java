// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.BitSet;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** What domctl itself keeps of one domain. */
final class ControlledDomain {
  /** vCPUs that a domain has at most. */
  private static final int VCPUS = 128;
  /** CPUs that an affinity can name. */
  static final int CPUS = 64;

  private final DeviceState state = new DeviceState();
  private final long[] hard = state.longs("hard-affinity", VCPUS);
  private final long[] soft = state.longs("soft-affinity", VCPUS);
  /** Bytes that its tables may take, as the tools asked. */
  final LongCell pagingPool = state.cell("paging-pool", 0);
  /** Seconds added to its wall clock. */
  final LongCell timeOffset = state.cell("time-offset", 0);
  /** Port that hears of its suspension; 0 for none. */
  final LongCell suspendPort = state.cell("suspend-port", 0);

  ControlledDomain() {
    java.util.Arrays.fill(hard, -1);
    java.util.Arrays.fill(soft, -1);
  }

  DeviceState state() {
    return state;
  }

  /** CPUs on which a vCPU may run, below {@link #CPUS}. */
  BitSet hard(int vcpu) {
    return BitSet.valueOf(new long[] {hard[vcpu]});
  }

  void hard(int vcpu, BitSet cpus) {
    hard[vcpu] = mask(cpus);
  }

  /** CPUs on which a vCPU runs best. */
  BitSet soft(int vcpu) {
    return BitSet.valueOf(new long[] {soft[vcpu]});
  }

  void soft(int vcpu, BitSet cpus) {
    soft[vcpu] = mask(cpus);
  }

  private static long mask(BitSet cpus) {
    long[] words = cpus.toLongArray();
    return words.length == 0 ? 0 : words[0];
  }
}
