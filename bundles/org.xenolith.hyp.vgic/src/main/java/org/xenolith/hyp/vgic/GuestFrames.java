// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import org.xenolith.gic.kit.BankRegister;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;

/**
 * The frames of the interrupt controllers that domains see: distributor, and for v3 redistributors. (A v2's CPU interface is
 * hardware, mapped.) What Xen ignores is ignored too, and told in the hypervisor's log.
 */
final class GuestFrames implements GuestMmio {
  private static final int CTLR = 0x000;
  private static final int TYPER = 0x004;
  private static final int IIDR = 0x008;
  private static final int TYPER2 = 0x00C;
  private static final int SGIR = 0xF00;
  private static final int CPENDSGIR = 0xF10;
  private static final int SPENDSGIR = 0xF20;
  private static final int SGI_PENDING_END = 0xF30;
  private static final int IROUTER = 0x6000;
  private static final int IROUTER_END = 0x8000;
  private static final long IROUTER_BITS = 0xFF_80FF_FFFFL;
  private static final int ARM = 0x43B;
  private static final int V2_PIDR2 = 0xFE8;
  private static final int V3_PIDR2 = 0xFFE8;
  private static final int V3_DISTRIBUTOR = 0x1_0000;
  /** GICD_CTLR (v3): affinity routing. */
  private static final int ARE = 1 << 4;
  /** GICD_TYPER (v3): Aff3 is valid, 16-bit interrupt numbers. */
  private static final int TYPER_FIXED = 1 << 24 | 15 << 19;
  /** GICD_TYPER: LPIs. */
  private static final int TYPER_LPIS = 1 << 17;
  private static final int GICR_IIDR = 0x0004;
  private static final int GICR_TYPER = 0x0008;
  private static final int GICR_TYPER_HIGH = 0x000C;
  private static final int TYPER_LAST = 1 << 4;
  private static final int TYPER_PLPIS = 1;
  private static final int SGI_FRAME = 0x1_0000;

  private final DomainGics domains;
  private final BankAccess banks;
  private final Delivery delivery;
  private final GuestLog log;
  private final VirtualLpis lpis;

  GuestFrames(DomainGics domains, BankAccess banks, Delivery delivery, VirtualLpis lpis, GuestLog log) {
    this.lpis = lpis;
    this.domains = domains;
    this.banks = banks;
    this.delivery = delivery;
    this.log = log;
  }

  @Override
  public boolean covers(Domain domain, long ipa) {
    DomainGic d = domains.of(domain);
    if (d == null) {
      return false;
    }
    GicFacts facts = d.facts;
    return Long.compareUnsigned(ipa - facts.distributor(), facts.distributorSize()) < 0
        || d.version == 3 && Long.compareUnsigned(ipa - facts.second(), GicHardware.REDISTRIBUTOR * d.vcpus) < 0;
  }

  @Override
  public long read(Vcpu vcpu, long ipa, int size) {
    DomainGic d = domains.of(vcpu.domain());
    if (d == null) {
      return 0;
    }
    GicFacts facts = d.facts;
    long offset = ipa - facts.distributor();
    long at = offset & ~3L;
    long word;
    if (Long.compareUnsigned(offset, facts.distributorSize()) < 0) {
      word = size == 8 ? wide(d, (int) at) : distributor(d, vcpu.id(), (int) at) & 0xFFFF_FFFFL;
    } else {
      long frame = ipa - facts.second();
      int of = (int) (frame / GicHardware.REDISTRIBUTOR);
      int in = (int) (frame % GicHardware.REDISTRIBUTOR) & ~3;
      word = redistributor(d, of, in) & 0xFFFF_FFFFL;
      if (size == 8) {
        word |= (long) redistributor(d, of, in + 4) << 32;
      }
    }
    return size == 8 ? word : word >>> ((int) ipa & 3) * 8 & (size == 4 ? 0xFFFF_FFFFL : (1L << size * 8) - 1);
  }

  private static long wide(DomainGic d, int at) {
    return d.version == 3 && at >= IROUTER && at < IROUTER_END ? router(d, at) : 0;
  }

  private static long router(DomainGic d, int at) {
    int intid = at - IROUTER >> 3;
    return intid >= DomainGic.SPI && d.has(intid) ? d.route(intid) : 0;
  }

  private int distributor(DomainGic d, int vcpu, int at) {
    BankRegister register = BankRegister.at(at);
    if (register != null) {
      // With affinity routing the private interrupts are in the redistributors, and targets are routes.
      boolean elsewhere = d.version == 3 && (register.first(at) < DomainGic.SPI || register == BankRegister.ITARGETSR);
      return elsewhere ? 0 : banks.read(d, vcpu, register, at);
    }
    int cpus = Math.min(d.vcpus, DomainGic.V2_CPUS) - 1 << 5;
    switch (at) {
      case CTLR -> {
        return (int) d.control.value | (d.version == 3 ? ARE : 0);
      }
      case TYPER -> {
        return d.lines / 32 - 1 | cpus | (d.version == 3 ? TYPER_FIXED : 0) | (d.lpis != null ? TYPER_LPIS : 0);
      }
      case IIDR -> {
        return ARM;
      }
      default -> {
      }
    }
    if (d.version == 2 && at >= CPENDSGIR && at < SGI_PENDING_END) {
      return sources(d, vcpu * 16 + (at & 15));
    }
    if (d.version == 3 && at >= IROUTER && at < IROUTER_END) {
      return (int) (router(d, at & ~7) >>> (at & 4) * 8);
    }
    if (at == (d.version == 2 ? V2_PIDR2 : V3_PIDR2)) {
      return d.version == 2 ? 0x2B : 0x30;
    }
    if (at == TYPER2) {
      log.reserved(d, vcpu, at);
    }
    return 0;
  }

  private static int sources(DomainGic d, int at) {
    int word = 0;
    for (int i = 0; i < 4; i++) {
      word |= (d.sources[at + i] & 0xFF) << i * 8;
    }
    return word;
  }

  private int redistributor(DomainGic d, int of, int at) {
    if (of < 0 || of >= d.vcpus) {
      return 0;
    }
    if (at >= SGI_FRAME) {
      BankRegister register = privateRegister(at - SGI_FRAME);
      return register == null ? 0 : banks.read(d, of, register, at - SGI_FRAME);
    }
    if (d.lpis != null && VirtualLpis.isRegister(at)) {
      return lpis.read(d.lpis, of, at);
    }
    return switch (at) {
      case GICR_IIDR -> ARM;
      case GICR_TYPER -> of << 8 | (of == d.vcpus - 1 ? TYPER_LAST : 0) | (d.lpis != null ? TYPER_PLPIS : 0);
      case GICR_TYPER_HIGH -> DomainGic.affinity(of);
      case V3_PIDR2 -> 0x30;
      // The guest's redistributors are always awake.
      default -> 0;
    };
  }

  /** A frame has the registers of the first 32 interrupts only. */
  private static BankRegister privateRegister(int at) {
    BankRegister register = BankRegister.at(at);
    return register != null && register != BankRegister.ITARGETSR && register.first(at) < DomainGic.SPI ? register : null;
  }

  @Override
  public void write(Vcpu vcpu, long ipa, int size, long value) {
    DomainGic d = domains.of(vcpu.domain());
    if (d == null) {
      return;
    }
    GicFacts facts = d.facts;
    long offset = ipa - facts.distributor();
    int shift = size == 8 ? 0 : ((int) ipa & 3) * 8;
    int lanes = size >= 4 ? -1 : (1 << size * 8) - 1 << shift;
    int word = (int) value << shift & lanes;
    if (Long.compareUnsigned(offset, facts.distributorSize()) < 0) {
      int at = (int) offset & ~3;
      if (size == 8) {
        if (d.version == 3 && at >= IROUTER && at < IROUTER_END) {
          route(d, at, value, -1);
        }
      } else {
        distributor(d, vcpu.id(), at, word, lanes);
      }
      return;
    }
    long frame = ipa - facts.second();
    int of = (int) (frame / GicHardware.REDISTRIBUTOR);
    int at = (int) (frame % GicHardware.REDISTRIBUTOR) & ~3;
    if (of >= 0 && of < d.vcpus && d.lpis != null && VirtualLpis.isRegister(at)) {
      lpis.write(d, of, at, word, lanes);
      if (size == 8 && at != VirtualLpis.CTLR) {
        lpis.write(d, of, at + 4, (int) (value >>> 32), -1);
      }
      return;
    }
    if (size != 8 && of >= 0 && of < d.vcpus && at >= SGI_FRAME) {
      BankRegister register = privateRegister(at - SGI_FRAME);
      if (register != null) {
        banks.write(d, of, register, at - SGI_FRAME, word, lanes);
      }
    }
  }

  private void distributor(DomainGic d, int vcpu, int at, int word, int lanes) {
    BankRegister register = BankRegister.at(at);
    if (register != null) {
      if (d.version == 2 || register.first(at) >= DomainGic.SPI && register != BankRegister.ITARGETSR) {
        banks.write(d, vcpu, register, at, word, lanes);
      }
    } else if (at == CTLR) {
      control(d, word, lanes);
    } else if (d.version == 2 && at == SGIR) {
      generate(d, vcpu, word);
    } else if (d.version == 2 && at >= CPENDSGIR && at < SGI_PENDING_END) {
      sources(d, vcpu, at, word, lanes);
    } else if (d.version == 3 && at >= IROUTER && at < IROUTER_END) {
      boolean high = (at & 4) != 0;
      int shift = high ? 32 : 0;
      route(d, at & ~7, (word & 0xFFFF_FFFFL) << shift, (lanes & 0xFFFF_FFFFL) << shift);
    }
  }

  private void control(DomainGic d, int word, int lanes) {
    boolean before = d.forwards();
    d.control.value = d.control.value & ~lanes | word & (d.version == 2 ? 1 : 2);
    if (d.forwards() && !before) {
      for (int vcpu = 0; vcpu < d.vcpus; vcpu++) {
        delivery.deliver(d, vcpu);
      }
    } else if (before && !d.forwards()) {
      delivery.withdraw(d);
    }
  }

  /** GICD_SGIR: filter in bits 25:24, targets in 23:16, number in 3:0. */
  private void generate(DomainGic d, int vcpu, int word) {
    int all = (1 << Math.min(d.vcpus, DomainGic.V2_CPUS)) - 1;
    int to = switch (word >>> 24 & 3) {
      case 0 -> word >> 16 & all;
      case 1 -> all & ~(1 << vcpu);
      case 2 -> all & 1 << vcpu;
      default -> 0;
    };
    for (int left = to; left != 0; left &= left - 1) {
      delivery.generate(d, Integer.numberOfTrailingZeros(left), word & 15, vcpu);
    }
  }

  private void sources(DomainGic d, int vcpu, int at, int word, int lanes) {
    boolean set = at >= SPENDSGIR;
    for (int i = 0; i < 4; i++) {
      if ((lanes >> i * 8 & 0xFF) != 0) {
        int intid = (at & 15) + i;
        delivery.retract(d, vcpu, intid, true);
        int place = vcpu * 16 + intid;
        int mask = word >> i * 8 & 0xFF;
        d.sources[place] = (byte) (set ? d.sources[place] | mask : d.sources[place] & ~mask);
        d.latched[vcpu] = d.sources[place] != 0 ? d.latched[vcpu] | 1 << intid : d.latched[vcpu] & ~(1 << intid);
      }
    }
    delivery.deliver(d, vcpu);
  }

  private void route(DomainGic d, int at, long value, long lanes) {
    int intid = at - IROUTER >> 3;
    if (intid >= DomainGic.SPI && d.has(intid)) {
      banks.route(d, intid, (d.route(intid) & ~lanes | value & lanes) & IROUTER_BITS);
    }
  }
}
