// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import org.xenolith.gic.kit.BankRegister;

/** Reads and writes the registers of {@link BankRegister} for a guest. */
final class BankAccess {
  private final Delivery delivery;
  private final RoutedInterrupts routed;
  private final GuestLog log;

  BankAccess(Delivery delivery, RoutedInterrupts routed, GuestLog log) {
    this.delivery = delivery;
    this.routed = routed;
    this.log = log;
  }

  /**
   * One word.
   *
   * @param at byte offset of the word
   */
  int read(DomainGic d, int vcpu, BankRegister register, int at) {
    int first = register.first(at);
    if (first >= d.lines) {
      return 0;
    }
    int bank = d.bank(vcpu, first);
    return switch (register) {
      case ISENABLER, ICENABLER -> d.enabled[bank];
      case ISPENDR, ICPENDR -> delivery.pending(d, vcpu, first);
      case ISACTIVER, ICACTIVER -> delivery.active(d, vcpu, first);
      case IPRIORITYR -> d.priority(bank, first) | d.priority(bank, first + 1) << 8 | d.priority(bank, first + 2) << 16
          | d.priority(bank, first + 3) << 24;
      case ITARGETSR -> target(d, vcpu, first) | target(d, vcpu, first + 1) << 8 | target(d, vcpu, first + 2) << 16
          | target(d, vcpu, first + 3) << 24;
      case ICFGR -> configuration(d.edge[bank] >>> (first & 31));
      case IGROUPR, IGRPMODR, NSACR -> 0;
    };
  }

  private static int target(DomainGic d, int vcpu, int intid) {
    if (d.version != 2) {
      return 0;
    }
    return intid < DomainGic.SPI ? 1 << vcpu & 0xFF : (int) d.route(intid) & 0xFF;
  }

  private static int configuration(int edges) {
    int word = 0;
    for (int i = 0; i < 16; i++) {
      word |= (edges >> i & 1) << i * 2 + 1;
    }
    return word;
  }

  /**
   * One word or part of it.
   *
   * @param at    byte offset of the word
   * @param value the written bits in their lanes, zero elsewhere
   * @param lanes ones where bits are written
   */
  void write(DomainGic d, int vcpu, BankRegister register, int at, int value, int lanes) {
    int first = register.first(at);
    if (first >= d.lines) {
      return;
    }
    int bank = d.bank(vcpu, first);
    switch (register) {
      case ISENABLER -> each(d, vcpu, first, value & ~d.enabled[bank], this::enable);
      case ICENABLER -> each(d, vcpu, first, value & d.enabled[bank], this::disable);
      case ISPENDR -> each(d, vcpu, first, own(d, first, value), this::pend);
      case ICPENDR -> each(d, vcpu, first, own(d, first, value), this::unpend);
      case ISACTIVER, ICACTIVER -> {
        if (value != 0) {
          log.unhandledWrite(d, vcpu, register.name(), at - register.offset, value);
        }
      }
      case IPRIORITYR -> {
        for (int i = 0; i < 4; i++) {
          if ((lanes >> i * 8 & 0xFF) != 0) {
            d.priority(bank, first + i, value >> i * 8 & 0xFF);
          }
        }
      }
      case ITARGETSR -> {
        for (int i = 0; i < 4; i++) {
          if ((lanes >> i * 8 & 0xFF) != 0) {
            retarget(d, first + i, value >> i * 8 & 0xFF);
          }
        }
      }
      case ICFGR -> configure(d, bank, first, value, lanes);
      case IGROUPR, IGRPMODR, NSACR -> {
      }
    }
  }

  private interface Change {
    void apply(DomainGic d, int vcpu, int intid);
  }

  private void each(DomainGic d, int vcpu, int first, int bits, Change change) {
    boolean own = false;
    for (int left = bits; left != 0; left &= left - 1) {
      int intid = first + Integer.numberOfTrailingZeros(left);
      if (d.has(intid)) {
        change.apply(d, vcpu, intid);
        if (intid < DomainGic.SPI) {
          own = true;
        } else {
          delivery.deliverShared(d, intid);
        }
      }
    }
    if (own) {
      delivery.deliver(d, vcpu);
    }
  }

  /** A GICv2's SGIs are pending by their sources only. */
  private static int own(DomainGic d, int first, int value) {
    return d.version == 2 && first == 0 ? value & 0xFFFF_0000 : value;
  }

  private void enable(DomainGic d, int vcpu, int intid) {
    int bank = d.bank(vcpu, intid);
    d.enabled[bank] |= 1 << intid;
    if ((d.routed[bank] & 1 << intid) != 0) {
      routed.enable(d, intid);
    }
  }

  private void disable(DomainGic d, int vcpu, int intid) {
    int bank = d.bank(vcpu, intid);
    d.enabled[bank] &= ~(1 << intid);
    if ((d.routed[bank] & 1 << intid) != 0) {
      routed.disable(intid);
    }
    delivery.retract(d, vcpu, intid, true);
  }

  private void pend(DomainGic d, int vcpu, int intid) {
    int bank = d.bank(vcpu, intid);
    if ((d.routed[bank] & 1 << intid) != 0) {
      routed.pend(intid, true);
    } else {
      d.latched[bank] |= 1 << intid;
    }
  }

  private void unpend(DomainGic d, int vcpu, int intid) {
    int bank = d.bank(vcpu, intid);
    delivery.retract(d, vcpu, intid, false);
    d.latched[bank] &= ~(1 << intid);
    if ((d.routed[bank] & 1 << intid) != 0) {
      routed.pend(intid, false);
      if ((d.taken[bank] & ~d.active[bank] & 1 << intid) != 0) {
        d.taken[bank] &= ~(1 << intid);
        routed.deactivate(intid);
      }
    }
  }

  private void retarget(DomainGic d, int intid, int mask) {
    int valid = mask & (1 << Math.min(d.vcpus, DomainGic.V2_CPUS)) - 1;
    // A mask that names nobody is ignored, as in Xen.
    if (d.version == 2 && intid >= DomainGic.SPI && d.has(intid) && valid != 0) {
      route(d, intid, valid);
    }
  }

  /** Gives a shared interrupt another target; what waits in the old one's list registers moves. */
  void route(DomainGic d, int intid, long value) {
    int before = d.target(intid);
    d.route(intid, value);
    if (d.target(intid) != before) {
      delivery.retract(d, before, intid, true);
      int bank = d.bank(0, intid);
      if ((d.routed[bank] & d.enabled[bank] & 1 << intid) != 0) {
        routed.enable(d, intid);
      }
      delivery.deliver(d, before);
      delivery.deliverShared(d, intid);
    }
  }

  private void configure(DomainGic d, int bank, int first, int value, int lanes) {
    if (first < DomainGic.SPI) {
      // Fixed for SGIs, and for PPIs as in Xen.
      return;
    }
    for (int i = 0; i < 16; i++) {
      if ((lanes >> i * 2 + 1 & 1) != 0) {
        int bit = 1 << first + i;
        d.edge[bank] = (value >> i * 2 + 1 & 1) != 0 ? d.edge[bank] | bit : d.edge[bank] & ~bit;
      }
    }
  }
}
