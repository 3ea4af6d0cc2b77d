// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.DomainParts;
import org.xenolith.regs.DeviceState;

/** The local APICs of all domains. */
final class AllLapics {
  private final LapicMachine machine;
  private final DomainParts<DomainLapics> all;

  AllLapics(DeviceState state, LapicMachine machine, DomainsPort port) {
    this.machine = machine;
    all = new DomainParts<>(state, port, (serial, vcpus) -> new DomainLapics(serial, vcpus, machine));
  }

  /** All, each with its domain if that is known. Not to be changed. */
  List<DomainLapics> all() {
    return all.found();
  }

  /** Those of a domain, or null if it has none. */
  DomainLapics of(Domain domain) {
    return all.of(domain);
  }

  /** That of a virtual CPU, or null if it has none. */
  VcpuLapic of(Vcpu vcpu) {
    DomainLapics lapics = of(vcpu.domain());
    return lapics == null ? null : lapics.of(vcpu);
  }

  void add(Domain domain) {
    all.add(new DomainLapics(domain, machine), domain);
  }

  void remove(DomainLapics lapics) {
    all.remove(lapics);
  }

  /** Lets the timers ring that are due, and has the alarm ring for the next one. */
  void ring() {
    long now = machine.now();
    List<DomainLapics> each = all();
    for (int i = 0; i < each.size(); i++) {
      each.get(i).ring(now);
    }
    standForNext();
  }

  /** Has the alarm ring for the next timer. */
  void standForNext() {
    long next = Long.MAX_VALUE;
    List<DomainLapics> each = all.all();
    for (int i = 0; i < each.size(); i++) {
      next = Math.min(next, each.get(i).next());
    }
    machine.next(next);
  }
}
