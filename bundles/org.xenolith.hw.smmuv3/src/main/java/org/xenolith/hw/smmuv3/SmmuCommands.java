// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

/** What commands do to what is kept of memory (IHI 0070, 4.2 to 4.4). */
final class SmmuCommands {
  private static final long SECURE = 1 << 10;
  private static final long PAGE = -4096;
  private static final int ALL_STREAMS = 31;

  private final Configurations configurations;
  private final SmmuTlb tlb;

  SmmuCommands(Configurations configurations, SmmuTlb tlb) {
    this.configurations = configurations;
    this.tlb = tlb;
  }

  /**
   * Executes a command other than CMD_SYNC.
   *
   * @return false if it is illegal: unknown, of another Security state, or of what IDR0 says is not there
   */
  boolean execute(long low, long high) {
    return switch ((int) low & 0xFF) {
      case 0x01, 0x02 -> (low & SECURE) == 0; // PREFETCH_CONFIG, PREFETCH_ADDR: only hints
      case 0x03, 0x04, 0x05, 0x06 -> configuration(low, high);
      case 0x10, 0x11, 0x12, 0x13 -> stage1(low, high);
      case 0x20, 0x21, 0x22, 0x23 -> el2(low, high);
      case 0x28, 0x2A, 0x30 -> stage2(low, high);
      default -> false;
    };
  }

  private boolean configuration(long low, long high) {
    if ((low & SECURE) != 0) {
      return false;
    }
    int range = (int) high & 0x1F;
    boolean ranged = (low & 0xFF) == 0x04;
    if (ranged && range == ALL_STREAMS) {
      configurations.clear();
    } else {
      // CFGI_STE, CFGI_CD, CFGI_CD_ALL: a stream's entry and context are kept together.
      configurations.drop(low >>> 32, ranged ? range + 1 : 0);
    }
    return true;
  }

  private boolean stage1(long low, long high) {
    for (int regime = SmmuTlb.STAGE1; regime <= SmmuTlb.NESTED; regime++) {
      switch ((int) low & 0xFF) {
        case 0x10 -> tlb.drop(regime, vmid(low)); // NH_ALL
        case 0x11 -> tlb.dropSpace(regime, vmid(low), asid(low)); // NH_ASID
        case 0x12 -> tlb.dropRange(regime, vmid(low), asid(low), high & PAGE, reach(low, high)); // NH_VA
        default -> tlb.dropRange(regime, vmid(low), SmmuTlb.ANY, high & PAGE, reach(low, high)); // NH_VAA
      }
    }
    return true;
  }

  private boolean el2(long low, long high) {
    switch ((int) low & 0xFF) {
      case 0x20 -> tlb.drop(SmmuTlb.EL2, SmmuTlb.ANY); // EL2_ALL
      case 0x21 -> tlb.dropSpace(SmmuTlb.EL2, SmmuTlb.ANY, asid(low)); // EL2_ASID
      case 0x22 -> tlb.dropRange(SmmuTlb.EL2, SmmuTlb.ANY, asid(low), high & PAGE, reach(low, high)); // EL2_VA: without E2H all are global
      default -> tlb.dropRange(SmmuTlb.EL2, SmmuTlb.ANY, SmmuTlb.ANY, high & PAGE, reach(low, high)); // EL2_VAA
    }
    return true;
  }

  private boolean stage2(long low, long high) {
    switch ((int) low & 0xFF) {
      case 0x28 -> nonSecure(vmid(low)); // S12_VMALL
      // S2_IPA need not reach what both stages translated (4.4.3.1): there is no IPA in such an entry.
      case 0x2A -> tlb.dropRange(SmmuTlb.STAGE2, vmid(low), SmmuTlb.ANY, high & PAGE, reach(low, high));
      default -> nonSecure(SmmuTlb.ANY); // NSNH_ALL
    }
    return true;
  }

  private void nonSecure(int vmid) {
    tlb.drop(SmmuTlb.STAGE1, vmid);
    tlb.drop(SmmuTlb.NESTED, vmid);
    tlb.drop(SmmuTlb.STAGE2, vmid);
  }

  /** Bytes that an invalidation by address is for: a page, or with TG so many granules (IDR3.RIL; fields NUM and SCALE). */
  private static long reach(long low, long high) {
    int granule = (int) high >>> 10 & 3;
    return granule == 0 ? -PAGE : (low >>> 12 & 0x1F) + 1 << (int) (low >>> 20 & 0x1F) + 10 + 2 * granule;
  }

  private static int vmid(long low) {
    return (int) (low >>> 32) & 0xFFFF;
  }

  private static int asid(long low) {
    return (int) (low >>> 48);
  }
}
