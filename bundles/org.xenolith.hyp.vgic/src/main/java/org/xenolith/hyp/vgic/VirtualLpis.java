// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.MachineMemory;

/**
 * LPIs of domains that have them: their registers in the redistributors' RD frames, and what an ITS does with them (Arm IHI 0069H,
 * 5.1 and 12.11). LPIs that were enabled stay so, as GICR_CTLR.CES = 0 says.
 */
final class VirtualLpis {
  static final int CTLR = 0x00;
  private static final int PROPBASER = 0x70;
  private static final int PENDBASER = 0x78;
  private static final int ENABLE_LPIS = 1;
  /** Attributes of accesses to a table: kept, without a meaning here. */
  private static final long ATTRIBUTES = 7L << 56 | 0xF80;
  private static final long ID_BITS = 0x1F;
  private static final long PROPBASER_ADDRESS = 0x000F_FFFF_FFFF_F000L;
  private static final long PENDBASER_ADDRESS = 0x000F_FFFF_FFFF_0000L;
  /** GICR_PENDBASER.PTZ: the guest says that the table is zero; reads as zero. */
  private static final long PENDING_TABLE_ZERO = 1L << 62;
  private static final int MOST_ID_BITS = 16;

  private final Delivery delivery;
  private final P2mPort p2m;
  private final MachineMemory memory;

  VirtualLpis(Delivery delivery, P2mPort p2m, MachineMemory memory) {
    this.delivery = delivery;
    this.p2m = p2m;
    this.memory = memory;
  }

  // ---- Registers

  /** Whether the word at an offset of the RD frame is of a register that comes with LPIs. */
  static boolean isRegister(int at) {
    return at == CTLR || at >= PROPBASER && at < PENDBASER + Long.BYTES;
  }

  /** One word of {@link #isRegister}. */
  int read(DomainLpis lpis, int vcpu, int at) {
    if (at == CTLR) {
      return lpis.enabled[vcpu];
    }
    long register = at < PENDBASER ? lpis.configurationTable[vcpu] : lpis.pendingTable[vcpu] & ~PENDING_TABLE_ZERO;
    return (int) ((at & 4) == 0 ? register : register >>> 32);
  }

  /**
   * One word of {@link #isRegister} or part of it.
   *
   * @param word  the written bits in their lanes, zero elsewhere
   * @param lanes ones where bits are written
   */
  void write(DomainGic d, int vcpu, int at, int word, int lanes) {
    DomainLpis lpis = d.lpis;
    if (lpis.enabled[vcpu] != 0) {
      // The manual leaves it open what a new table does under a redistributor that uses the old one.
      return;
    }
    if (at == CTLR) {
      if ((word & lanes & ENABLE_LPIS) != 0) {
        lpis.enabled[vcpu] = ENABLE_LPIS;
        load(d, vcpu);
      }
      return;
    }
    int shift = (at & 4) == 0 ? 0 : 32;
    long mask = (lanes & 0xFFFF_FFFFL) << shift;
    long value = (word & 0xFFFF_FFFFL) << shift;
    if (at < PENDBASER) {
      mask &= ATTRIBUTES | PROPBASER_ADDRESS | ID_BITS;
      lpis.configurationTable[vcpu] = lpis.configurationTable[vcpu] & ~mask | value & mask;
    } else {
      mask &= ATTRIBUTES | PENDBASER_ADDRESS | PENDING_TABLE_ZERO;
      lpis.pendingTable[vcpu] = lpis.pendingTable[vcpu] & ~mask | value & mask;
    }
  }

  /** What the guest's pending table says is pending. */
  private void load(DomainGic d, int vcpu) {
    long register = d.lpis.pendingTable[vcpu];
    if ((register & PENDING_TABLE_ZERO) != 0) {
      return;
    }
    int end = end(d.lpis, vcpu);
    for (int id = DomainLpis.FIRST; id < end; id += Long.SIZE) {
      long address = p2m.translate(d.domain(), (register & PENDBASER_ADDRESS) + id / 8, false);
      for (long left = address < 0 ? 0 : memory.read64(address); left != 0; left &= left - 1) {
        pend(d, vcpu, id + Long.numberOfTrailingZeros(left));
      }
    }
    delivery.deliver(d, vcpu);
  }

  /** One behind the last LPI that the configuration table has room for. */
  private static int end(DomainLpis lpis, int vcpu) {
    return 1 << Math.min((int) (lpis.configurationTable[vcpu] & ID_BITS) + 1, MOST_ID_BITS);
  }

  private int configuration(DomainGic d, int vcpu, int id) {
    long ipa = (d.lpis.configurationTable[vcpu] & PROPBASER_ADDRESS) + id - DomainLpis.FIRST;
    long address = p2m.translate(d.domain(), ipa, false);
    return address < 0 ? 0 : memory.read8(address);
  }

  // ---- What an ITS does

  private static boolean isLive(DomainGic d, int vcpu, int id) {
    return d != null && d.lpis != null && vcpu >= 0 && vcpu < d.vcpus && d.lpis.enabled[vcpu] != 0 && DomainLpis.isLpi(id)
        && id < end(d.lpis, vcpu);
  }

  private void pend(DomainGic d, int vcpu, int id) {
    int of = d.lpis.holder(id);
    if (of >= 0 && of != vcpu) {
      delivery.retract(d, of, id, false);
    }
    d.lpis.configure(id, configuration(d, vcpu, id));
    d.lpis.pend(id, vcpu);
  }

  /** An LPI becomes pending at a virtual CPU; nothing happens if that takes none. */
  void inject(DomainGic d, int vcpu, int id) {
    if (isLive(d, vcpu, id)) {
      // What the guest acknowledged before comes once more, what it didn't doesn't.
      delivery.fold(d, vcpu);
      pend(d, vcpu, id);
      delivery.deliver(d, vcpu);
    }
  }

  /** An LPI is pending nowhere any more. */
  void clear(DomainGic d, int id) {
    int of = holder(d, id);
    if (of >= 0) {
      delivery.retract(d, of, id, false);
      delivery.deliver(d, of);
    }
  }

  private static int holder(DomainGic d, int id) {
    return d != null && d.lpis != null && DomainLpis.isLpi(id) && id < DomainLpis.END ? d.lpis.holder(id) : -1;
  }

  /** Reads the configuration of an LPI anew, if it is pending. */
  void reload(DomainGic d, int id) {
    int of = holder(d, id);
    if (of >= 0) {
      delivery.retract(d, of, id, true);
      if (d.lpis.isPending(id)) {
        d.lpis.configure(id, configuration(d, of, id));
        delivery.deliver(d, of);
      }
    }
  }

  /** Reads the configuration of all LPIs anew that are pending at a virtual CPU. */
  void reloadAll(DomainGic d, int vcpu) {
    if (d == null || d.lpis == null) {
      return;
    }
    for (int id = d.lpis.next(DomainLpis.FIRST, vcpu); id >= 0; id = d.lpis.next(id + 1, vcpu)) {
      delivery.retract(d, vcpu, id, true);
      if (d.lpis.isPending(id)) {
        d.lpis.configure(id, configuration(d, vcpu, id));
      }
    }
    delivery.deliver(d, vcpu);
  }

  /** An LPI, if it is pending, is so at that virtual CPU. */
  void move(DomainGic d, int to, int id) {
    int of = holder(d, id);
    if (of >= 0 && of != to) {
      delivery.retract(d, of, id, true);
      boolean moves = d.lpis.isPending(id);
      d.lpis.unpend(id);
      delivery.deliver(d, of);
      if (moves) {
        inject(d, to, id);
      }
    }
  }

  /** All that are pending at a virtual CPU are so at another one. */
  void moveAll(DomainGic d, Vcpu from, Vcpu to) {
    if (d != null && d.lpis != null && from != to) {
      for (int id = d.lpis.next(DomainLpis.FIRST, from.id()); id >= 0; id = d.lpis.next(id + 1, from.id())) {
        move(d, to.id(), id);
      }
    }
  }
}
