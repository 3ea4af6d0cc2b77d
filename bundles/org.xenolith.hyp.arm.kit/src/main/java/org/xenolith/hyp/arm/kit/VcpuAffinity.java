// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.util.ArrayList;
import java.util.List;

/** Which affinity each virtual CPU has. */
public final class VcpuAffinity {
  /** CPUs of one affinity level 0, the most that the target list of a GICv3's SGI covers. */
  private static final int CPUS_OF_A_CLUSTER = 16;

  private VcpuAffinity() {}

  /** MPIDR_EL1 bits 23:0 of that many virtual CPUs, in order. */
  public static List<Integer> of(int vcpus) {
    List<Integer> affinities = new ArrayList<>();
    for (int i = 0; i < vcpus; i++) {
      affinities.add(i / CPUS_OF_A_CLUSTER << 8 | i % CPUS_OF_A_CLUSTER);
    }
    return affinities;
  }
}
