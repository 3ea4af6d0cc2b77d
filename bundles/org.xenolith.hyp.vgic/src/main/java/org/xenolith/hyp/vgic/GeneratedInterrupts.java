// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.RegisterTrap;

/**
 * What guests of a GICv3 send each other: ICC_SGI1R_EL1 and its sisters, which always trap. Only group 1 has interrupts here,
 * so that the registers for group 0 do nothing.
 */
final class GeneratedInterrupts implements RegisterTrap {
  private final DomainGics domains;
  private final Delivery delivery;

  GeneratedInterrupts(DomainGics domains, Delivery delivery) {
    this.domains = domains;
    this.delivery = delivery;
  }

  @Override
  public long read(Vcpu vcpu, int id) {
    return 0;
  }

  /** Aff3 55:48, RS 47:44, IRM 40, Aff2 39:32, INTID 27:24, Aff1 23:16, targets 15:0. */
  @Override
  public void write(Vcpu vcpu, int id, long value) {
    DomainGic d = domains.of(vcpu.domain());
    if (d == null || id != IccRegister.ICC_SGI1R_EL1) {
      return;
    }
    int intid = (int) (value >> 24) & 15;
    if ((value >> 40 & 1) != 0) {
      for (int to = 0; to < d.vcpus; to++) {
        if (to != vcpu.id()) {
          delivery.generate(d, to, intid, vcpu.id());
        }
      }
      return;
    }
    long cluster = (value >> 48 & 0xFF) << 32 | (value >> 32 & 0xFF) << 16 | value >> 8 & 0xFF00;
    for (int targets = (int) value & 0xFFFF; targets != 0; targets &= targets - 1) {
      long affinity = cluster | (value >> 44 & 15) << 4 | Integer.numberOfTrailingZeros(targets);
      int to = d.vcpu(affinity);
      if (to >= 0) {
        delivery.generate(d, to, intid, vcpu.id());
      }
    }
  }
}
