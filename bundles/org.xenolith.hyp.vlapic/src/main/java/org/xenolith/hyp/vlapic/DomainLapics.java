// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import java.util.Arrays;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.DomainPart;
import org.xenolith.hyp.x64.kit.EmulationFlags;
import org.xenolith.lapic.kit.LapicFabric;
import org.xenolith.lapic.kit.LapicFeatures;
import org.xenolith.lapic.kit.LocalApic;

/** The local APICs of one domain's virtual CPUs, which reach one another and no others. */
final class DomainLapics extends DomainPart {
  /** Guest-physical address of the page where a virtual CPU finds the registers of its own (SDM volume 3, 12.4.1). */
  static final long BASE = 0xFEE0_0000L;
  static final LapicFeatures FEATURES = new LapicFeatures(true, true, true);

  /** When each timer is due, {@link Long#MAX_VALUE} for never. */
  final long[] deadlines;
  /** What each virtual CPU has been told of interrupts that wait: {@link VcpuLapic}'s. */
  final int[] notified;
  private final VcpuLapic[] all;
  private final LapicFabric fabric;

  /** Local APICs as they are made, for a record. */
  DomainLapics(int serial, int vcpus, LapicMachine machine) {
    super(serial, vcpus);
    deadlines = state.longs("deadlines", vcpus);
    notified = state.ints("told", vcpus);
    Arrays.fill(deadlines, Long.MAX_VALUE);
    all = new VcpuLapic[vcpus];
    LocalApic[] apics = new LocalApic[vcpus];
    fabric = new LapicFabric(FEATURES, machine.faults, apics);
    for (int i = 0; i < vcpus; i++) {
      all[i] = new VcpuLapic(machine, this, i, fabric);
      apics[i] = all[i].apic;
    }
  }

  /** A new domain's, as after power-on. */
  DomainLapics(Domain domain, LapicMachine machine) {
    this(domain.serial(), domain.vcpus().size(), machine);
    for (VcpuLapic each : all) {
      each.apic.reset();
    }
  }

  /** Whether the virtual CPUs of a domain have local APICs: its container says so. */
  static boolean belongTo(Domain domain) {
    return (EmulationFlags.of(domain) & EmulationFlags.LAPIC) != 0;
  }

  /** Its domid, -1 while that isn't known. */
  int id() {
    return domain() == null ? -1 : domain().id();
  }

  /** A virtual CPU's, or null for one that there wasn't when it was created. */
  VcpuLapic of(Vcpu vcpu) {
    int id = vcpu.id();
    return id >= 0 && id < vcpus ? all[id] : null;
  }

  /** A message. @param offset of its address from {@link #BASE} on. @return why it is lost; null if it isn't */
  String message(long offset, int data) {
    return fabric.message(offset, data);
  }

  /** Lets the timers ring that are due. */
  void ring(long now) {
    for (int i = 0; i < vcpus; i++) {
      if (deadlines[i] <= now) {
        deadlines[i] = Long.MAX_VALUE;
        all[i].apic.due();
      }
    }
  }

  /** When the next timer is due. */
  long next() {
    long next = Long.MAX_VALUE;
    for (long deadline : deadlines) {
      next = Math.min(next, deadline);
    }
    return next;
  }

  /** Says anew whether interrupts wait. */
  void tell() {
    for (VcpuLapic each : all) {
      each.tell();
    }
  }

  /** The core is back: its virtual CPUs are told what they missed. */
  void tellWhatWasMissed() {
    for (VcpuLapic each : all) {
      each.tellWhatWasMissed();
    }
  }

  /** They are gone: nothing waits any more. */
  void silence() {
    for (VcpuLapic each : all) {
      each.apic.silence();
    }
  }
}
