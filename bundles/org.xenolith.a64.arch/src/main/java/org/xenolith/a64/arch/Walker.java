// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;

/**
 * VMSAv8-64 translation table walks, reading the tables from machine memory; what they find is always a page of 4 KiB, which
 * larger ones are made of. Source: Arm ARM DDI 0487, D8. The contiguous hint is ignored; access flag and dirty state are not
 * managed in hardware; addresses have 48 bits at most (no FEAT_LVA, FEAT_LPA, FEAT_LPA2), input ranges at least 25 (no
 * FEAT_TTST). A granule that isn't built, or a reserved encoding of one, acts as the smallest that is, where the architecture
 * leaves the choice.
 */
final class Walker {
  /** Fault status codes; the level goes into the low two bits of the first four. */
  static final int ADDRESS_SIZE = 0x00;
  static final int TRANSLATION = 0x04;
  static final int ACCESS_FLAG = 0x08;
  static final int PERMISSION = 0x0C;
  static final int EXTERNAL = 0x10;
  static final int EXTERNAL_ON_WALK = 0x14;
  static final int ALIGNMENT = 0x21;
  static final int UNSUPPORTED_EXCLUSIVE = 0x35;

  /** By the encoding of TG0 of all registers, 3 is reserved; and of TG1, 0 is. */
  private static final Granule[] GRANULES_0 = {Granule.K4, Granule.K64, Granule.K16, null};
  private static final Granule[] GRANULES_1 = {null, Granule.K16, Granule.K4, Granule.K64};
  private static final long OUTPUT = 0xFFFF_FFFF_F000L;
  private static final int NORMAL = 0xFF;

  private final Cpu cpu;
  private final long[] sys;
  /** Whether tables outside of RAM are read, as hardware does. */
  private final boolean devices;
  /** Who is told of each entry that is read from RAM; null for nobody. */
  private final TableListener listener;
  /** What TG0 and TG1 mean on this CPU: the size of a page as a power of two. */
  private final int[] lowGranules;
  private final int[] highGranules;
  /** Bits of a physical address by the encoding of IPS and PS: what isn't built is as the greatest size that is. */
  private final int[] addressBits;
  private final int physicalBits;
  // What the last stage2() found.
  private int stage2Level;
  private long stage2Frame;
  private int stage2Attribute;
  private int stage2Size;

  /** Is told of entries of tables. */
  interface TableListener {
    /** An entry was read. @param first whether of stage 1 */
    void read(boolean first, int level, long physical, long descriptor);
  }

  Walker(Cpu cpu) {
    this(cpu, true, null);
  }

  private Walker(Cpu cpu, boolean devices, @Nullable TableListener listener) {
    this.listener = listener;
    this.cpu = cpu;
    this.sys = cpu.sys;
    this.devices = devices;
    lowGranules = built(GRANULES_0);
    highGranules = built(GRANULES_1);
    physicalBits = cpu.config.physicalBits();
    addressBits = new int[8];
    for (int i = 0; i < addressBits.length; i++) {
      int greatest = CpuConfig.PHYSICAL_SIZES.size() - 1;
      addressBits[i] = Math.min(CpuConfig.PHYSICAL_SIZES.get(Math.min(i, greatest)), physicalBits);
    }
  }

  private int[] built(Granule[] byEncoding) {
    int[] shifts = new int[byEncoding.length];
    for (int i = 0; i < shifts.length; i++) {
      Granule meant = byEncoding[i];
      shifts[i] = (meant != null && cpu.config.granules().contains(meant) ? meant : Collections.min(cpu.config.granules())).shift;
    }
    return shifts;
  }

  /** One that reads tables only from RAM, so that nobody notices. @param listener told of each entry; null for nobody */
  static Walker ofMemory(Cpu cpu, @Nullable TableListener listener) {
    return new Walker(cpu, false, listener);
  }

  private long reg(SysReg reg) {
    return sys[reg.ordinal()];
  }

  /**
   * Translates the page of {@code va} in a regime (1 is EL1&0, 2 and 3 those of EL2 and EL3) and adds stage 2 where it is on.
   *
   * @param va     with the top byte as given
   * @param access permission wanted, a bit of {@link Tlb}: what stage 1 forbids never reaches stage 2
   */
  void walk(Translation t, int regime, long va, int access, boolean stage1Only) {
    t.fault = false;
    if (flat(regime)) {
      flatMapping(t, regime, va);
    } else {
      stage1(t, regime, va);
    }
    if (t.fault) {
      return;
    }
    if (!cpu.mmu.permitted(t.permissions, access)) {
      t.fail(PERMISSION | t.level);
    } else if (regime == 1 && !stage1Only && stage2On()) {
      addStage2(t, va, access);
    }
  }

  /** What stage 1 alone makes of a page, whoever would access it. */
  void describeStage1(Translation t, int regime, long va) {
    t.fault = false;
    if (flat(regime)) {
      flatMapping(t, regime, va);
    } else {
      stage1(t, regime, va);
    }
  }

  /** What stage 2 alone makes of a page, whether it is on or not. */
  void describeStage2(Translation t, long ipa) {
    t.fault = false;
    long descriptor = stage2(t, ipa, false);
    if (!t.fault) {
      t.frame = stage2Frame;
      t.permissions = stage2Permissions(descriptor);
      t.size = stage2Size;
    }
  }

  /** Whether stage 1 is off for a regime. */
  boolean flat(int regime) {
    return switch (regime) {
      case 1 -> (reg(SysReg.SCTLR_EL1) & 1) == 0 || cpu.config.el2() && (reg(SysReg.HCR_EL2) & (Hcr.TGE | Hcr.DC)) != 0;
      case 2 -> (reg(SysReg.SCTLR_EL2) & 1) == 0;
      default -> (reg(SysReg.SCTLR_EL3) & 1) == 0;
    };
  }

  /** Whether stage 2 applies to EL1&0. */
  boolean stage2On() {
    return cpu.config.el2() && (reg(SysReg.HCR_EL2) & (Hcr.VM | Hcr.DC)) != 0;
  }

  private void flatMapping(Translation t, int regime, long va) {
    boolean ignored = (reg(regime == 1 ? SysReg.TCR_EL1 : regime == 2 ? SysReg.TCR_EL2 : SysReg.TCR_EL3)
        >>> (regime != 1 ? 20 : (va & 1L << 55) != 0 ? 38 : 37) & 1) != 0;
    if ((ignored ? va << 8 : va) >>> physicalBits + (ignored ? 8 : 0) != 0) {
      t.fail(ADDRESS_SIZE);
      return;
    }
    t.frame = va & OUTPUT;
    t.permissions = 63;
    t.level = 3;
    t.size = 12;
    t.global = true;
    boolean cacheable = regime == 1 && cpu.config.el2() && (reg(SysReg.HCR_EL2) & Hcr.DC) != 0;
    t.shareability = cacheable ? 0 : 2;
    t.attribute = cacheable ? NORMAL : 0;
  }

  private void stage1(Translation t, int regime, long va) {
    long tcr = reg(regime == 1 ? SysReg.TCR_EL1 : regime == 2 ? SysReg.TCR_EL2 : SysReg.TCR_EL3);
    boolean upper = regime == 1 && (va & 1L << 55) != 0;
    int size = (int) (upper ? tcr >>> 16 : tcr) & 63;
    int inputBits = 64 - Math.min(39, Math.max(16, size));
    boolean byteIgnored = (tcr >>> (regime == 1 ? upper ? 38 : 37 : 20) & 1) != 0;
    long top = byteIgnored ? va << 8 >> 8 : va;
    long unused = upper ? ~(top >> inputBits) : top >> inputBits;
    if (unused != 0 || regime == 1 && (tcr >>> (upper ? 23 : 7) & 1) != 0) {
      t.fail(TRANSLATION);
      return;
    }
    long base = reg(regime == 1 ? upper ? SysReg.TTBR1_EL1 : SysReg.TTBR0_EL1
        : regime == 2 ? SysReg.TTBR0_EL2 : SysReg.TTBR0_EL3);
    int outputBits = addressBits[(int) (regime == 1 ? tcr >>> 32 : tcr >>> 16) & 7];
    int granule = upper ? highGranules[(int) (tcr >>> 30) & 3] : lowGranules[(int) (tcr >>> 14) & 3];
    int stride = granule - 3;
    int level = 4 - (inputBits - granule + stride - 1) / stride;
    int bits = inputBits - granule - (3 - level) * stride;
    long table = base & 0xFFFF_FFFF_FFFEL & -1L << Math.max(bits + 3, 4);
    if (table >>> outputBits != 0) {
      t.fail(ADDRESS_SIZE);
      return;
    }
    int tableLimits = 0;
    for (;; level++) {
      int shift = granule + (3 - level) * stride;
      long at = table + ((va >>> shift & (1L << bits) - 1) << 3);
      bits = stride;
      long descriptor = readTable(t, regime, at, level, true);
      if (t.fault) {
        return;
      }
      if (invalid(descriptor, level, granule)) {
        t.fail(TRANSLATION | level);
        return;
      }
      if (level < 3 && (descriptor & 2) != 0) {
        tableLimits |= (int) (descriptor >>> 59) & 15;
        table = descriptor & OUTPUT & -1L << granule;
        if (table >>> outputBits != 0) {
          t.fail(ADDRESS_SIZE | level);
          return;
        }
        continue;
      }
      leaf(t, regime, va, descriptor, level, shift, tableLimits, outputBits);
      return;
    }
  }

  /** Blocks are at level 2, and at level 1 with the 4 KiB granule (Arm ARM D8.3.1); at level 3 the other bit makes a page. */
  private static boolean invalid(long descriptor, int level, int granule) {
    return (descriptor & 1) == 0 || (descriptor & 2) == 0 && level != 2 && !(level == 1 && granule == 12);
  }

  private void leaf(Translation t, int regime, long va, long descriptor, int level, int shift, int tableLimits,
      int outputBits) {
    long offset = (1L << shift) - 1;
    long output = descriptor & OUTPUT & ~offset;
    if (output >>> outputBits != 0) {
      t.fail(ADDRESS_SIZE | level);
      return;
    }
    if ((descriptor & 1 << 10) == 0) {
      t.fail(ACCESS_FLAG | level);
      return;
    }
    t.frame = output | va & offset & -4096;
    t.level = level;
    t.size = shift;
    t.shareability = (int) descriptor >>> 8 & 3;
    long mair = reg(regime == 1 ? SysReg.MAIR_EL1 : regime == 2 ? SysReg.MAIR_EL2 : SysReg.MAIR_EL3);
    t.attribute = (int) (mair >>> ((descriptor >>> 2 & 7) << 3)) & 0xFF;
    long sctlr = reg(regime == 1 ? SysReg.SCTLR_EL1 : regime == 2 ? SysReg.SCTLR_EL2 : SysReg.SCTLR_EL3);
    boolean writeNever = (sctlr & 1 << 19) != 0;
    boolean readOnly = (descriptor & 1 << 7) != 0 || (tableLimits & 8) != 0;
    int permissions = Tlb.READ | (readOnly ? 0 : Tlb.WRITE);
    boolean upperNever = (descriptor >>> 54 & 1) != 0 || (tableLimits & 2) != 0;
    if (regime != 1) {
      t.global = true;
      t.permissions = permissions | (upperNever || writeNever && !readOnly ? 0 : Tlb.EXECUTE);
      return;
    }
    t.global = (descriptor & 1 << 11) == 0;
    boolean userAccess = (descriptor & 1 << 6) != 0 && (tableLimits & 4) == 0;
    boolean userWrite = userAccess && !readOnly;
    if (userAccess) {
      permissions |= Tlb.USER_READ | (readOnly ? 0 : Tlb.USER_WRITE);
    }
    if (!upperNever && !(writeNever && userWrite)) {
      permissions |= Tlb.USER_EXECUTE;
    }
    // What EL0 can write, EL1 never executes.
    boolean privilegedNever = (descriptor >>> 53 & 1) != 0 || (tableLimits & 1) != 0 || userWrite;
    if (!privilegedNever && !(writeNever && !readOnly)) {
      permissions |= Tlb.EXECUTE;
    }
    t.permissions = permissions;
  }

  /** Reads a stage-1 descriptor; its address goes through stage 2 where that is on. */
  private long readTable(Translation t, int regime, long at, int level, boolean firstStage) {
    long physical = at;
    if (firstStage && regime == 1 && stage2On()) {
      long descriptor = stage2(t, at, true);
      if (t.fault) {
        return 0;
      }
      if ((descriptor & 1 << 6) == 0) {
        t.failStage2(PERMISSION | stage2Level, at, true);
        return 0;
      }
      if ((reg(SysReg.HCR_EL2) & Hcr.PTW) != 0 && (stage2Attribute & 0xF0) == 0) {
        t.failStage2(PERMISSION | stage2Level, at, true);
        return 0;
      }
      physical = stage2Frame | at & 0xFFF;
    }
    RamBus bus = cpu.env.bus();
    Ram ram = bus.readable(physical);
    if (ram != null) {
      long descriptor = ram.read((int) (physical - ram.base), 8);
      if (listener != null) {
        listener.read(firstStage, level, physical, descriptor);
      }
      return descriptor;
    }
    if (!devices) {
      t.fail(EXTERNAL_ON_WALK | level);
      return 0;
    }
    try {
      return bus.read(physical, 8);
    } catch (ExternalAbort e) {
      t.fail(EXTERNAL_ON_WALK | level);
      return 0;
    }
  }

  /** Walks stage 2 for the page of {@code ipa}. Returns the leaf descriptor; frame, level and attribute are left in fields. */
  private long stage2(Translation t, long ipa, boolean onWalk) {
    long vtcr = reg(SysReg.VTCR_EL2);
    int inputBits = 64 - Math.min(39, Math.max(16, (int) vtcr & 63));
    int granule = lowGranules[(int) (vtcr >>> 14) & 3];
    int stride = granule - 3;
    int start = (int) (vtcr >>> 6) & 3;
    int outputBits = addressBits[(int) (vtcr >>> 16) & 7];
    if (ipa >>> inputBits != 0 || inputBits > physicalBits || start == 3) {
      t.failStage2(TRANSLATION, ipa, onWalk);
      return 0;
    }
    int level = (granule == 12 ? 2 : 3) - start;
    // Up to 16 tables side by side replace one level: the first index may be wider than others by 4 bits.
    int bits = inputBits - granule - (3 - level) * stride;
    if (bits <= 0 || bits > stride + 4) {
      t.failStage2(TRANSLATION, ipa, onWalk);
      return 0;
    }
    long table = reg(SysReg.VTTBR_EL2) & 0xFFFF_FFFF_FFFEL & -1L << Math.max(bits + 3, 4);
    if (table >>> outputBits != 0) {
      t.failStage2(ADDRESS_SIZE, ipa, onWalk);
      return 0;
    }
    for (;; level++) {
      int shift = granule + (3 - level) * stride;
      long descriptor = readTable(t, 2, table + ((ipa >>> shift & (1L << bits) - 1) << 3), level, false);
      bits = stride;
      if (t.fault) {
        t.failStage2(t.status, ipa, onWalk);
        return 0;
      }
      if (invalid(descriptor, level, granule)) {
        t.failStage2(TRANSLATION | level, ipa, onWalk);
        return 0;
      }
      long offset = (1L << shift) - 1;
      boolean leaf = level == 3 || (descriptor & 2) == 0;
      long output = descriptor & OUTPUT & (leaf ? ~offset : -1L << granule);
      if (output >>> outputBits != 0) {
        t.failStage2(ADDRESS_SIZE | level, ipa, onWalk);
        return 0;
      }
      if (!leaf) {
        table = output;
        continue;
      }
      if ((descriptor & 1 << 10) == 0) {
        t.failStage2(ACCESS_FLAG | level, ipa, onWalk);
        return 0;
      }
      stage2Level = level;
      stage2Size = shift;
      stage2Frame = output | ipa & offset & -4096;
      int memory = (int) descriptor >>> 2 & 15;
      stage2Attribute = memory < 4 ? memory << 2 : NORMAL;
      return descriptor;
    }
  }

  private static int stage2Permissions(long descriptor) {
    return ((descriptor & 1 << 6) != 0 ? Tlb.READ | Tlb.USER_READ : 0) | ((descriptor & 1 << 7) != 0 ? Tlb.WRITE | Tlb.USER_WRITE : 0)
        | ((descriptor >>> 54 & 1) == 0 ? Tlb.EXECUTE | Tlb.USER_EXECUTE : 0);
  }

  private void addStage2(Translation t, long va, int access) {
    long ipa = t.frame | va & 0xFFF;
    long descriptor = stage2(t, ipa, false);
    if (t.fault) {
      return;
    }
    int allowed = stage2Permissions(descriptor);
    if ((allowed & access) == 0) {
      t.failStage2(PERMISSION | stage2Level, ipa, false);
      return;
    }
    t.permissions &= allowed;
    t.frame = stage2Frame;
    if ((stage2Attribute & 0xF0) == 0) {
      t.attribute = (t.attribute & 0xF0) == 0 ? Math.min(t.attribute, stage2Attribute) : stage2Attribute;
    }
  }
}
