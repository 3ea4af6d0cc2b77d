// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.Arrays;
import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.regs.DeviceState;

/** Physical shared interrupts that domains were given. */
final class RoutedInterrupts {
  private final PhysicalGic gic;
  private final List<Cpu> cpus;
  /** By INTID: the serial of the domain that has it, 0 for none. */
  private final int[] owner;

  RoutedInterrupts(DeviceState state, PhysicalGic gic, List<Cpu> cpus) {
    this.gic = gic;
    this.cpus = cpus;
    owner = state.ints("routed-to", 1024);
  }

  private Cpu any() {
    return cpus.get(0);
  }

  /** The serial of the domain that has an interrupt, 0 for none. */
  int owner(int intid) {
    return intid < owner.length ? owner[intid] : 0;
  }

  /** A domain gets an interrupt; it stays off until the domain enables it. */
  void give(DomainGic d, int intid, boolean edge) {
    owner[intid] = d.serial;
    int bank = d.bank(0, intid);
    int bit = 1 << intid;
    d.routed[bank] |= bit;
    d.edge[bank] = edge ? d.edge[bank] | bit : d.edge[bank] & ~bit;
    gic.configure(any(), intid, edge);
    if ((d.enabled[bank] & bit) != 0) {
      enable(d, intid);
    }
  }

  /** Takes all interrupts of a domain back. */
  void takeAll(DomainGic d) {
    for (int intid = DomainGic.SPI; intid < owner.length; intid++) {
      if (owner[intid] == d.serial) {
        owner[intid] = 0;
        disable(intid);
        pend(intid, false);
        if ((d.taken[d.bank(0, intid)] & 1 << intid) != 0) {
          deactivate(intid);
        }
      }
    }
  }

  /** The domain lets it through: on the CPU where its target is, with the trigger that the domain configured. */
  void enable(DomainGic d, int intid) {
    gic.configure(any(), intid, (d.edge[d.bank(0, intid)] & 1 << intid) != 0);
    Vcpu target = d.domain() == null ? null : d.domain().vcpu(d.target(intid));
    int processor = target == null ? 0 : target.processor();
    gic.target(any(), intid, cpus.get(processor >= 0 && processor < cpus.size() ? processor : 0));
    gic.enable(any(), intid, true);
  }

  void disable(int intid) {
    gic.enable(any(), intid, false);
  }

  void pend(int intid, boolean on) {
    gic.pend(any(), intid, on);
  }

  void deactivate(int intid) {
    gic.deactivate(any(), intid);
  }

  /** Nobody has any. */
  void reset() {
    Arrays.fill(owner, 0);
  }
}
