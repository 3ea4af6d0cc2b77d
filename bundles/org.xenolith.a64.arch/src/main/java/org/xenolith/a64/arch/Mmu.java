// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.Collections;
import java.util.function.LongConsumer;
import org.xenolith.machine.kit.Ram;
import org.xenolith.regs.DeviceState;

/**
 * Address translation of one CPU: the TLBs, their derived halves for the engines' inline paths, and their maintenance.
 *
 * <p>An inline tag ends in a context number ({@link ContextNumbers}) that stands for everything but the page: regime, level, address space,
 * kind of access. A change of any of it takes other numbers, so that old tags don't match; the architectural
 * entries stay and are tagged anew when they are used, without a walk.
 */
public final class Mmu {
  /** The address of no page. */
  private static final long NOWHERE = -1;
  /** Normal memory, Inner and Outer Non-cacheable, as MAIR encodes it. */
  private static final int UNCACHED = 0x44;

  /** Bytes of an entry's copy; see {@link #copyTo}. */
  public static final int DATA_COPY = 32;

  private final Cpu cpu;
  private final Walker walker;
  private LongConsumer stores;
  private final Translation result = new Translation();
  private final Tlb data;
  private final Tlb code;
  private final TlbEntry[] dataEntries;
  private final CodeEntry[] codeEntries;
  /** Per regime: incremented to invalidate all of it. */
  private final long[] generation;
  /** Per ASID modulo 256. */
  private final long[] asidGeneration;
  private final BlockMarks blocks;
  /** Bytes of the largest page that there may be. */
  private final long largestPage;

  private final DerivedEntries derived;
  private final ContextNumbers contexts;
  private long identity = ContextNumbers.NOBODY;
  private final boolean[] flat = new boolean[4];
  private final boolean[] strict = new boolean[4];
  /** Per regime, for the upper half at +4: whether the top byte is ignored. */
  private final boolean[] topIgnored = new boolean[8];
  /** EL1 uses pages that aren't global: each address space has numbers of its own at EL1, too. */
  private boolean privateAtEl1;
  /** An access for cache maintenance or AT: PAN doesn't matter, faults say so. */
  boolean maintenance;

  Mmu(Cpu cpu, DeviceState state) {
    this.cpu = cpu;
    walker = new Walker(cpu);
    data = new Tlb(state, "dataTlb");
    code = new Tlb(state, "codeTlb");
    dataEntries = cpu.data;
    codeEntries = cpu.code;
    derived = new DerivedEntries(dataEntries, codeEntries);
    contexts = new ContextNumbers(derived::clearTags);
    generation = state.longs("tlbGenerations", 4);
    asidGeneration = state.longs("asidGenerations", 256);
    blocks = new BlockMarks(state);
    largestPage = Collections.max(cpu.config.granules()).bytes();
    // No level may have context 0: page 0 would then match the tag of an empty entry.
    attributesChanged();
  }

  // ---- Contexts

  /** The derived halves are void: everything was restored. */
  void restored() {
    derived.forget();
    identity = ContextNumbers.NOBODY;
    controlsChanged();
  }

  /**
   * An engine has copies of the TLBs' derived halves for generated code, in {@code HostMemory}, which must be outside the heap. An entry for data
   * has its two tags, {@code delta} and the distance from virtual to physical addresses, eight bytes each; of one for code the engine keeps the tag,
   * and it is cleared here when the entry's own changes.
   *
   * @param owner kept as long as the copies: of the memory
   * @param contexts where {@code Cpu}'s five contexts are, eight bytes each: of loads, stores, fetches, and of unprivileged loads and stores
   * @param data  where the copy of the first entry of {@code Cpu.data} is
   * @param code  where that of the first entry of {@code Cpu.code} is
   * @param step  bytes from one entry of {@code Cpu.code} to the next; those of {@code Cpu.data} have {@link #DATA_COPY}
   */
  public void copyTo(Object owner, long contexts, long data, long code, int step) {
    derived.copyTo(owner, contexts, data, code, step);
    copyContexts();
  }

  /**
   * An engine's code asks what is watched, too, where a store has no tag.
   *
   * @param tags where the tag for stores beside what is watched is, of the first entry of {@code Cpu.data}, and behind it what makes the place of a byte's distance; as far from one another
   *             as their copies
   * @param maps where {@code WatchDistances.SIZE} bytes are
   */
  public void copyWatches(long tags, long maps) {
    derived.copyWatches(tags, maps);
  }

  /** There are no copies any more, if {@code owner} has them. */
  public void stopCopying(Object owner) {
    derived.stopCopying(owner);
  }

  /**
   * Somebody wants to know which pages are stored to that have no tag for that.
   *
   * @param listener is told of the page's address before a store to RAM, when its entry leads there; null for nobody
   */
  public void tellStores(LongConsumer listener) {
    stores = listener;
  }

  /** Engines change: forgets what the old one attached to code entries. */
  public void forgetCode() {
    derived.forgetCode();
  }

  private void renew(int which) {
    contexts.renew(which);
    selectContext();
  }

  /** A page that was plain data now holds decoded code: stores to it must take the slow path. Called on every CPU. */
  public void codeMarked() {
    contexts.renewWrites();
    selectContext();
  }

  /** The current level, or PSTATE.PAN, changed. */
  void selectContext() {
    int set = switch (cpu.el) {
      case 0 -> ContextNumbers.USER;
      case 1 -> cpu.pan == 0 ? ContextNumbers.PRIVILEGED : ContextNumbers.PRIVILEGED_PAN;
      case 2 -> ContextNumbers.EL2;
      default -> ContextNumbers.EL3;
    };
    cpu.fetchContext = contexts.fetches(set);
    if (cpu.debug.watching()) {
      cpu.readContext = cpu.writeContext = cpu.userReadContext = cpu.userWriteContext = ContextNumbers.NEVER;
    } else {
      int user = cpu.el <= 1 ? ContextNumbers.USER : set;
      cpu.readContext = contexts.reads(set);
      cpu.writeContext = contexts.writes(set);
      cpu.userReadContext = contexts.reads(user);
      cpu.userWriteContext = contexts.writes(user);
    }
    copyContexts();
  }

  /** Generated code, if there is any, has the contexts of now. */
  public void copyContexts() {
    derived.copyContexts(cpu);
  }

  /** Translation controls were written: SCTLR, TCR, TTBR, VTTBR, VTCR, HCR, MAIR. */
  void controlsChanged() {
    long tcr = cpu.sys(SysReg.TCR_EL1);
    boolean wasFlat = flat[1];
    for (int regime = 1; regime <= 3; regime++) {
      flat[regime] = walker.flat(regime);
      strict[regime] = (cpu.sys(regime == 1 ? SysReg.SCTLR_EL1 : regime == 2 ? SysReg.SCTLR_EL2 : SysReg.SCTLR_EL3) & 2)
          != 0;
    }
    topIgnored[1] = (tcr >>> 37 & 1) != 0;
    topIgnored[5] = (tcr >>> 38 & 1) != 0;
    topIgnored[2] = topIgnored[6] = (cpu.sys(SysReg.TCR_EL2) >>> 20 & 1) != 0;
    topIgnored[3] = topIgnored[7] = (cpu.sys(SysReg.TCR_EL3) >>> 20 & 1) != 0;
    long asid = cpu.sys((tcr >>> 22 & 1) != 0 ? SysReg.TTBR1_EL1 : SysReg.TTBR0_EL1) >>> 48;
    if ((tcr >>> 36 & 1) == 0) {
      asid &= 0xFF;
    }
    long vmidKey = walker.stage2On() ? (cpu.sys(SysReg.VTTBR_EL2) >>> 48 & 0xFF) + 1 : 0;
    long now = asid | vmidKey << 16 | asidGeneration[(int) asid & 255] << 33 | generation[1] << 48;
    if (identity == ContextNumbers.NOBODY || flat[1] != wasFlat) {
      identity = now;
      anew(ContextNumbers.EL1_SETS);
    } else if (now != identity) {
      boolean onlyAddressSpace = ((now ^ identity) & Tlb.GLOBAL_IDENTITY) == 0;
      contexts.change(identity, now, onlyAddressSpace && !privateAtEl1 ? 1 << ContextNumbers.USER : ContextNumbers.EL1_SETS);
      identity = now;
      selectContext();
    }
  }

  /** No inline tag of these sets survives, and none comes back with an address space. */
  private void anew(int which) {
    contexts.forget();
    privateAtEl1 = false;
    renew(which);
  }

  /** EL1 uses a page that isn't global: tags must not hold in other address spaces from now on. */
  private void privateAtEl1() {
    if (!privateAtEl1) {
      anew(ContextNumbers.EL1_SETS);
      privateAtEl1 = true;
    }
  }

  /** Permissions or attributes may be read differently from now on: no inline tag survives. */
  void attributesChanged() {
    controlsChanged();
    anew(ContextNumbers.ALL_SETS);
  }

  // ---- Look-up

  /**
   * The data TLB entry for an access that stays in one page, made by a table walk if need be, and tagged for the inline path
   * if it qualifies.
   *
   * @param user whether this is an unprivileged load or store (LDTR, STTR)
   * @throws GuestFault if the access faults; the fault is noted
   */
  public TlbEntry data(long va, boolean write, boolean user) {
    int el = cpu.el;
    boolean unprivileged = el == 0 || user && el == 1;
    int regime = el <= 1 ? 1 : el;
    int access = unprivileged ? write ? Tlb.USER_WRITE : Tlb.USER_READ : write ? Tlb.WRITE : Tlb.READ;
    int i = Tlb.index(va);
    TlbEntry entry = dataEntries[i];
    long key = Tlb.key(canonical(va, regime), regime, flat[regime]);
    long id = regime == 1 ? identity : generation[regime] << 48;
    if (!data.hit(i, key, id) || !permitted(data.permissions(i), access)) {
      translate(va, regime, access);
      fill(data, i, key, id);
      derived.drop(i);
    }
    if (entry.frame == -1) {
      entry.frame = data.frame(i);
      entry.device = data.device(i);
      entry.ram = cpu.env.bus().ram(entry.frame);
      entry.page = NOWHERE;
    }
    Ram ram = entry.ram;
    if (entry.page != (va & -4096)) {
      // Where the top byte is ignored a page has many names; the tags and what they lead to are for one of them.
      entry.clearTags();
      entry.page = va & -4096;
      if (ram != null) {
        entry.lead(ram);
      }
    }
    if (ram == null && !write && !entry.device) {
      ram = direct(entry);
    }
    if (write && stores != null && entry.ram != null) {
      stores.accept(entry.page);
    }
    if (maintenance || cpu.debug.watching()) {
      return entry;
    }
    boolean watched = cpu.points.watches() && cpu.points.withholds(canonical(va, regime), entry.frame, write);
    boolean inline = ram != null && !entry.device && !strict[regime];
    if (watched && !(inline && write && derived.copiesWatches())) {
      return entry;
    }
    boolean device = entry.ram == null && entry.device;
    if (inline || device) {
      if (regime == 1 && !unprivileged && !data.global(i)) {
        privateAtEl1();
      }
      long tag = va & -4096 | (write ? user ? cpu.userWriteContext : cpu.writeContext : user ? cpu.userReadContext : cpu.readContext);
      if (watched) {
        if (!ram.holdsCode((int) (entry.frame - ram.base))) {
          derived.watched(entry, cpu.points, canonical(va, regime), tag);
        }
      } else if (device) {
        entry.device(write, tag);
      } else if (!write) {
        entry.read(tag);
      } else if (!ram.isCode((int) (entry.frame - ram.base))) {
        entry.write(tag);
      }
    }
    return entry;
  }

  /** The memory of a window that loads may read directly now, made what the inline path reads; null if there is none. */
  private Ram direct(TlbEntry entry) {
    Ram memory = cpu.env.bus().readable(entry.frame);
    if (memory != null) {
      entry.lead(memory);
      derived.windowRead();
    }
    return memory;
  }

  /** A window is no longer read directly: no inline tag leads there. */
  void windowChanged() {
    derived.dropWindows();
  }

  /**
   * The instruction TLB entry of an address, tagged.
   *
   * @throws GuestFault if the fetch faults; the fault is noted
   */
  public CodeEntry code(long va) {
    int el = cpu.el;
    int regime = el <= 1 ? 1 : el;
    int access = el == 0 ? Tlb.USER_EXECUTE : Tlb.EXECUTE;
    int i = Tlb.index(va);
    CodeEntry entry = codeEntries[i];
    long key = Tlb.key(canonical(va, regime), regime, flat[regime]);
    long id = regime == 1 ? identity : generation[regime] << 48;
    if (!code.hit(i, key, id) || (code.permissions(i) & access) == 0) {
      translate(va, regime, access);
      fill(code, i, key, id);
      entry.frame = -1;
    }
    if (entry.frame != code.frame(i)) {
      entry.frame = code.frame(i);
      entry.code = null;
      entry.forget();
    }
    if (regime == 1 && el == 1 && !code.global(i)) {
      privateAtEl1();
    }
    cpu.points.fetched(va, cpu.env.bus(), entry.frame);
    entry.tag(va & -4096 | cpu.fetchContext);
    return entry;
  }

  /** Whether data accesses at the current level must be aligned whatever the memory (SCTLR.A). */
  boolean strict() {
    return strict[cpu.el <= 1 ? 1 : cpu.el];
  }

  private long canonical(long va, int regime) {
    boolean upper = (va & 1L << 55) != 0;
    return (topIgnored[upper ? regime + 4 : regime] ? va << 8 >> 8 : va) & -4096;
  }

  /** A data address of the current level, with its top byte as translation sees it. */
  long untagged(long va) {
    return canonical(va, cpu.el <= 1 ? 1 : cpu.el) | va & 0xFFF;
  }

  /**
   * The program counter after a branch, exception or return at the current level to {@code va}: where the top byte is
   * ignored it isn't part of PC (Arm ARM, AArch64.BranchAddr).
   */
  public long branchTarget(long va) {
    int regime = cpu.el <= 1 ? 1 : cpu.el;
    if (!topIgnored[(va & 1L << 55) != 0 ? regime + 4 : regime]) {
      return va;
    }
    return regime == 1 ? va << 8 >> 8 : va & -1L >>> 8;
  }

  boolean permitted(int permissions, int access) {
    if ((permissions & access) == 0) {
      return false;
    }
    return cpu.pan == 0 || maintenance || (access & (Tlb.READ | Tlb.WRITE)) == 0 || (permissions & (Tlb.USER_READ | Tlb.USER_WRITE)) == 0
        || cpu.el != 1;
  }

  private void translate(long va, int regime, int access) {
    Translation t = result;
    walker.walk(t, regime, va, access, false);
    if (t.fault) {
      boolean fetch = (access & (Tlb.EXECUTE | Tlb.USER_EXECUTE)) != 0;
      boolean write = (access & (Tlb.WRITE | Tlb.USER_WRITE)) != 0;
      cpu.exceptions.noteAbort(va, t, fetch, write || maintenance, maintenance);
      throw GuestFault.INSTANCE;
    }
  }

  private void fill(Tlb tlb, int i, long key, long id) {
    Translation t = result;
    int page = 0;
    if (t.level < 3) {
      blocks.add(key & -4096, t.size);
    } else {
      page = t.size - 12 >> 1;
    }
    long target = t.frame | t.permissions | (t.device() ? Tlb.DEVICE : 0) | t.level << Tlb.LEVEL_SHIFT | page << Tlb.PAGE_SHIFT
        | (long) t.attribute << Tlb.ATTRIBUTE_SHIFT;
    tlb.fill(i, key | (t.global ? Tlb.GLOBAL : 0), target, id);
  }

  /**
   * A walk for an AT instruction: gives PAR_EL1.
   *
   * @param guest whether EL1 executes it: what stage 2 has against reading the tables is EL2's to know
   * @throws GuestFault if the walk ends in an abort that is taken rather than reported (Arm ARM, D8.9)
   */
  long probe(long va, int regime, int access, boolean stage1Only, boolean guest) {
    Translation t = result;
    maintenance = true;
    walker.walk(t, regime, va, access, stage1Only);
    maintenance = false;
    if (t.fault && ((t.status & 0x3C) == Walker.EXTERNAL_ON_WALK || guest && t.stage2)) {
      cpu.exceptions.noteAbort(va, t, false, true, true);
      throw GuestFault.INSTANCE;
    }
    if (t.fault) {
      return 1 | (long) t.status << 1 | (t.onWalk ? 1 << 8 : 0) | (t.stage2 ? 1 << 9 : 0) | 1 << 11;
    }
    int shareability = t.device() || t.attribute == UNCACHED ? 2 : t.shareability;
    return t.frame | (long) shareability << 7 | 1 << 11 | (long) t.attribute << 56;
  }

  // ---- Maintenance

  /** Drops all entries of a regime. */
  public void invalidateAll(int regime) {
    generation[regime] = generation[regime] + 1 & 0xFFFF;
    if (generation[regime] == 0) {
      clear();
    }
    if (!cpu.config.el2() && !cpu.config.el3()) {
      blocks.clear();
    }
    if (regime == 1) {
      controlsChanged();
    } else {
      renew(1 << (regime == 2 ? ContextNumbers.EL2 : ContextNumbers.EL3));
    }
    refetch();
  }

  /** Generations begin anew: no entry of any regime stays, and nothing that was derived from one. */
  private void clear() {
    data.clear();
    code.clear();
    anew(ContextNumbers.ALL_SETS);
  }

  /** Drops the entries of one address space that aren't global. */
  public void invalidateAsid(long asid) {
    int slot = (int) asid & 255;
    asidGeneration[slot] = asidGeneration[slot] + 1 & 0x7FFF;
    if (asidGeneration[slot] == 0) {
      clear();
    }
    controlsChanged();
    refetch();
  }

  /** Drops the entries for a page, of whatever address space, and all that were made from the block it is in. */
  public void invalidatePage(long va, int regime) {
    long page = va << 8 >> 8 & -4096;
    if (blocks.tooMany(page)) {
      invalidateAll(regime);
    } else if (blocks.take(page)) {
      for (long p = page & -1L << 21, end = p + (1 << 21); p != end; p += 4096) {
        drop(p, p);
      }
    } else {
      for (long p = page & -largestPage, end = p + largestPage; p != end; p += 4096) {
        drop(p, page);
      }
    }
  }

  /** Drops the entry of a page of 4 KiB if it was made from one that {@code other} is in. */
  private void drop(long page, long other) {
    int i = Tlb.index(page);
    if (data.drop(i, page, other)) {
      derived.drop(i);
    }
    if (code.drop(i, page, other)) {
      codeEntries[i].tag(0);
      refetch();
    }
  }

  /** The page being executed must be looked up again before the next instruction. */
  private void refetch() {
    cpu.refetch = true;
    cpu.attention();
  }
}
