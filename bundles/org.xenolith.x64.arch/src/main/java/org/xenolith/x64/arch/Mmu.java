// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.BitSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.Ram;
import org.xenolith.regs.DeviceState;

/**
 * Address translation of one CPU: the TLB in front of the walks, and what engines derive from it. Linear addresses of 32-bit modes come zero-extended. Methods
 * that translate may throw {@link CpuFault}, a page fault or, for an address that isn't canonical, a general protection.
 */
public final class Mmu {
  /** Error code: a protection violation. */
  static final int ERROR_PRESENT = 1;
  /** Error code: a write. */
  static final int ERROR_WRITE = 2;
  /** Error code: at user level. */
  static final int ERROR_USER = 4;
  /** Error code: a reserved bit. */
  static final int ERROR_RESERVED = 8;
  /** Error code: a fetch. */
  static final int ERROR_FETCH = 16;
  /** Error code: a protection key. */
  static final int ERROR_KEY = 32;

  private static final int KIND_SUPERVISOR = 0;
  private static final int KIND_ALLOWED = 1;
  private static final int KIND_USER = 2;
  /** What each tag has besides: 0 never matches. */
  private static final int VALID = 4;
  /** PCIDs. */
  private static final int SPACES = 4096;

  private final Core cpu;
  private final Tlb tlb;
  private final PageWalk walk;
  /** Generation of each PCID: entries of earlier ones are void. */
  private final int[] generations;
  /** Those of which something may be derived; all others are clear. */
  private final BitSet derived = new BitSet(Tlb.SIZE);
  /** Derived entries that are those of the current address space alone. */
  private final LocalEntries local;
  /** The current one: PCID, and above it that PCID's generation. */
  private long space;
  private final PageRights rights;
  private final MovedRegisters registers;
  private final EntryCopies copies;
  /** Those of the core's entries: where each is searched for one, far more often than one is found. */
  private final long[] frames = new long[Tlb.SIZE];
  /** Those that entries may lead stores to. */
  private final FrameFilter stores = new FrameFilter();
  private boolean withholding;
  /** Who is told of pages before they are stored to; null for nobody. */
  private @Nullable LongConsumer told;

  Mmu(Core cpu, DeviceState state, int physicalBits) {
    this.cpu = cpu;
    rights = new PageRights(cpu);
    copies = new EntryCopies(cpu);
    local = new LocalEntries(cpu);
    tlb = new Tlb(state);
    walk = new PageWalk(cpu, state, physicalBits);
    generations = state.ints("pcidGenerations", SPACES);
    registers = new MovedRegisters(state);
    for (int i = 0; i < Tlb.SIZE; i++) {
      cpu.data[i] = new TlbEntry();
      cpu.code[i] = new CodeEntry();
    }
  }

  /** State was restored: what was derived is void. */
  void restored() {
    tlb.restored();
    forget();
    select();
  }

  // ---- What is selected

  /** CR0, CR3, CR4, EFER, the level or AC changed: selects the address space and the tags. */
  void select() {
    rights.select();
    int pcid = (cpu.cr4 & ControlBits.PCIDE) != 0 ? (int) cpu.cr3 & 0xFFF : 0;
    long selected = (long) generations[pcid] << 12 | pcid;
    if (space != selected) {
      space = selected;
      local.drop();
    }
    selectKind();
  }

  /** The level or AC changed. */
  void selectKind() {
    int kind = cpu.cpl == 3 ? KIND_USER : (cpu.flags & FlagBits.AC) != 0 ? KIND_ALLOWED : KIND_SUPERVISOR;
    cpu.context = VALID | kind;
    cpu.codeContext = VALID | (cpu.cpl == 3 ? KIND_USER : KIND_SUPERVISOR);
    copies.context();
  }

  /** What generated code has of this. */
  public EntryCopies copies() {
    return copies;
  }

  /** No store is inline from now on: each comes here first, for an engine that checks another one ({@link TlbEntry#withholds}). */
  public void withholdStores() {
    withholding = true;
    forget();
  }

  /** Tells of the linear address of a page before each store to it, while stores are withheld; null for nobody. */
  public void tellStores(LongConsumer consumer) {
    told = consumer;
  }

  /** Stores may be inline again. */
  public void giveStores() {
    withholding = false;
    told = null;
    forget();
  }

  /** Drops all that is derived. */
  void forget() {
    for (int i = derived.nextSetBit(0); i >= 0; i = derived.nextSetBit(i + 1)) {
      cpu.data[i].clear();
      cpu.code[i].clear();
    }
    derived.clear();
    copies.forgotten();
    stores.clear();
    local.dropped();
    cpu.refetch();
  }

  /** Drops what engines keep of code. */
  public void forgetCode() {
    for (int i = 0; i < Tlb.SIZE; i++) {
      cpu.code[i].clear();
    }
    cpu.refetch();
  }

  /** No entry has what an engine kept for its page any more; where they lead to stays. */
  public void dropEngineCode() {
    for (int i = 0; i < Tlb.SIZE; i++) {
      cpu.code[i].code = null;
    }
  }

  /** Where {@code Core.data} and {@code Core.code} hold a linear address. */
  public static int index(long address) {
    return Tlb.index(address);
  }

  /** A page of code was marked: stores of this CPU to it may not be inline any more. */
  public void codeMarked(long frame) {
    if (stores.has(frame)) {
      for (int i = 0; i < Tlb.SIZE; i++) {
        if (frames[i] == frame) {
          cpu.data[i].write(0);
        }
      }
    }
  }

  /** CR0.WP was set: stores of the supervisor to what is read-only, or whose key says so, aren't inline any more. */
  void protectReadOnly() {
    for (int i = derived.nextSetBit(0); i >= 0; i = derived.nextSetBit(i + 1)) {
      if ((tlb.bits(i) & Tlb.WRITE) == 0 || rights.keyed && rights.locked(tlb.bits(i), true, false)) {
        cpu.data[i].clear();
      }
    }
  }

  // ---- Protection keys

  /** WRPKRU, XRSTOR. */
  public void userKeys(int pkru) {
    int changed = cpu.pkru ^ pkru;
    cpu.pkru = pkru;
    keysChanged(changed);
  }

  /** WRMSR to IA32_PKRS. */
  void supervisorKeys(int pkrs) {
    int changed = cpu.pkrs ^ pkrs;
    cpu.pkrs = pkrs;
    keysChanged(changed);
  }

  /** What accesses by some keys may do has changed: nothing is derived from their pages any more. */
  private void keysChanged(int changed) {
    if (changed == 0 || !rights.keyed) {
      return;
    }
    for (int i = derived.nextSetBit(0); i >= 0; i = derived.nextSetBit(i + 1)) {
      if ((changed >>> 2 * Tlb.key(tlb.bits(i)) & 3) != 0) {
        cpu.data[i].clear();
      }
    }
  }

  // ---- Invalidation

  /** All entries of the current address space but global ones: MOV to CR3. */
  void flushSpace() {
    flushSpace((cpu.cr4 & ControlBits.PCIDE) != 0 ? (int) cpu.cr3 & 0xFFF : 0);
  }

  /** All entries of an address space but global ones. */
  void flushSpace(int pcid) {
    generations[pcid]++;
    if (generations[pcid] == 0) {
      tlb.clear();
      forget();
    }
    select();
    cpu.refetch();
  }

  /** All entries but global ones, of all address spaces. */
  void flushAllSpaces() {
    for (int i = 0; i < Tlb.SIZE; i++) {
      if (tlb.valid(i) && !tlb.global(i)) {
        tlb.drop(i);
      }
    }
    forget();
    select();
  }

  /** All entries. */
  void flushAll() {
    tlb.clear();
    forget();
    select();
  }

  /** INVLPG: the page of a linear address, in the current address space, and global ones; with all that a large page's translation made. */
  public void invalidate(long address) {
    invalidate(address, -1);
  }

  /** INVPCID of a type, with its descriptor's two words. May throw {@link CpuFault}. */
  public void invalidate(long type, long pcid, long address) {
    boolean without = (cpu.cr4 & ControlBits.PCIDE) == 0 && pcid != 0;
    if (type < 0 || type > 3 || pcid >>> 12 != 0 || type < 2 && without || type == 0 && !canonical(address)) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    switch ((int) type) {
      case 0 -> invalidate(address, (int) pcid);
      case 1 -> flushSpace((int) pcid);
      case 2 -> flushAll();
      default -> flushAllSpaces();
    }
  }

  /**
   * The page of a linear address in an address space.
   *
   * @param pcid -1 for the current one and global pages
   */
  void invalidate(long address, int pcid) {
    long page = address & -4096;
    int at = Tlb.index(page);
    if (!tlb.holds(at, page) || (tlb.bits(at) & (Tlb.LARGE | Tlb.HUGE)) != 0) {
      // Where an entry of a large page may be, its others go with it.
      long mask = (cpu.cr4 & ControlBits.PAE) == 0 ? -1L << 22 : -1L << 21;
      for (long other = address & mask; other != (address & mask) - mask; other += 4096) {
        dropPart(Tlb.index(other), other, Tlb.LARGE, pcid);
      }
      if (tlb.hasHuge()) {
        for (int i = 0; i < Tlb.SIZE; i++) {
          if ((tlb.page(i) ^ address) >>> 30 == 0) {
            dropPart(i, tlb.page(i), Tlb.HUGE, pcid);
          }
        }
      }
    }
    if (tlb.holds(at, page)) {
      dropPart(at, page, -1, pcid);
    }
    cpu.refetch();
  }

  private void dropPart(int at, long page, int kinds, int pcid) {
    boolean kind = kinds == -1 || (tlb.bits(at) & kinds) != 0;
    boolean its = pcid < 0 ? tlb.global(at) || tlb.hit(at, page, space) : !tlb.global(at) && tlb.pcid(at) == pcid;
    if (kind && tlb.holds(at, page) && its) {
      tlb.drop(at);
      cpu.data[at].clear();
      cpu.code[at].clear();
    }
  }

  // ---- Translation

  /** Whether a linear address is canonical, as 4-level paging demands; any one of 32 bits is. */
  public static boolean canonical(long address) {
    return address << 16 >> 16 == address;
  }

  /**
   * Translates, with an entry for the inline path as its result.
   *
   * @param implicit an access to a system structure: as of level 0, whatever the level
   */
  TlbEntry data(long address, boolean write, boolean implicit) {
    int at = Tlb.index(address);
    boolean user = cpu.cpl == 3 && !implicit;
    translate(at, address, write, false, user, implicit);
    TlbEntry entry = cpu.data[at];
    long page = address & -4096;
    if (write && told != null) {
      told.accept(page);
    }
    long frame = tlb.frame(at);
    long tag = page | cpu.context;
    if (entry.frame != frame || entry.read != tag) {
      Ram ram = cpu.env.bus().ram(frame);
      if (ram == null || entry.read != tag) {
        entry.clear();
      }
      entry.frame = frame;
      frames[at] = frame;
      entry.ram = ram;
      if (ram == null) {
        if (!implicit && inline(address, frame, write)) {
          derived(at);
          entry.bus(tag, write);
        }
        return entry;
      }
      entry.lead(ram, page);
    }
    if (entry.ram == null || implicit) {
      return entry;
    }
    if (inline(address, frame, false)) {
      if (entry.read != tag) {
        derived(at);
        entry.read(tag);
      }
      // A store that would find all that it needs in the TLB may be inline before there was one.
      if (!inline(address, frame, true)) {
        entry.write(0);
      } else if (write || (tlb.bits(at) & Tlb.DIRTY) != 0 && rights.allowed(tlb.bits(at), true, false, user, false)) {
        store(entry, frame, tag);
      } else if (entry.write != tag) {
        entry.write(0);
      }
    }
    if (write && cpu.points.watches() && copies.hasWatches() && !withholding) {
      watched(at, address, entry, tag);
    }
    return entry;
  }

  /** A store in a page that somebody who looks into the machine watches, but the guest doesn't: generated code may make those beside what is watched. */
  private void watched(int at, long address, TlbEntry entry, long tag) {
    boolean watched = !inline(address, entry.frame, true) || !inline(address, entry.frame, false);
    if (watched && !cpu.breakpoints.watches(address) && !entry.ram.holdsCode((int) (entry.frame - entry.ram.base))) {
      derived(at);
      stores.add(entry.frame);
      copies.watched(entry, tag);
    }
  }

  /** Whether accesses to a page may be inline: nobody watches it, neither the guest nor who looks into the machine. */
  private boolean inline(long address, long frame, boolean write) {
    return !cpu.breakpoints.watches(address) && !(cpu.points.watches() && cpu.points.withholds(address & -4096, frame, write));
  }

  /** Translates for an access of the CPU's, so that the inline path has what it may have; may throw {@link CpuFault}. */
  public void translate(long address, boolean write) {
    data(address, write, false);
  }

  /** Translates for a fetch. */
  public CodeEntry code(long address) {
    int at = Tlb.index(address);
    translate(at, address, false, true, cpu.cpl == 3, false);
    CodeEntry entry = cpu.code[at];
    long tag = address & -4096 | cpu.codeContext;
    if (entry.tag != tag || entry.frame != tlb.frame(at)) {
      derived(at);
      cpu.points.fetched(address, cpu.env.bus(), tlb.frame(at));
      entry.lead(tag, tlb.frame(at));
    }
    return entry;
  }

  /** Stores may be inline, but where code is. */
  private void store(TlbEntry entry, long frame, long tag) {
    if (entry.ram.isCode((int) (frame - entry.ram.base))) {
      entry.write(0);
    } else {
      stores.add(frame);
      if (withholding) {
        entry.withhold(tag);
      } else {
        entry.write(tag);
      }
    }
  }

  private void derived(int at) {
    derived.set(at);
    if (!tlb.global(at)) {
      local.add(at);
    }
  }

  /** The physical address of a linear one, for an access; may throw {@link CpuFault}. */
  public long physical(long address, boolean write) {
    int at = Tlb.index(address);
    translate(at, address, write, false, cpu.cpl == 3, false);
    return tlb.frame(at) | address & 0xFFF;
  }

  /** Makes the entry of an address one that allows the access. */
  private void translate(int at, long address, boolean write, boolean fetch, boolean user, boolean implicit) {
    if (!canonical(address)) {
      throw cpu.notCanonical();
    }
    long page = address & -4096;
    if (tlb.hit(at, page, space) && rights.allowed(tlb.bits(at), write, fetch, user, implicit) && (!write || (tlb.bits(at) & Tlb.DIRTY)
        != 0)) {
      return;
    }
    if (!rights.paging) {
      place(at, page, write, fetch, false, page, Tlb.WRITE | Tlb.USER | Tlb.DIRTY);
      return;
    }
    if (!walk.walk(address)) {
      throw rights.fault(address, walk.error, write, fetch, user);
    }
    if (!rights.allowed(walk.bits, write, fetch, user, implicit)) {
      tlb.drop(at);
      cpu.data[at].clear();
      cpu.code[at].clear();
      throw rights.fault(address, ERROR_PRESENT | (rights.keyed && !fetch && rights.locked(walk.bits, write, user) ? ERROR_KEY : 0), write,
          fetch,
          user);
    }
    walk.used(write);
    place(at, page, write, fetch, walk.global, walk.frame, walk.bits);
  }

  /** A guest's page is where nested tables say; what they don't allow yet has them asked again. */
  private void place(int at, long page, boolean write, boolean fetch, boolean global, long frame, int bits) {
    if (!cpu.host.attached()) {
      fill(at, page, global, registers.placed(frame), bits);
      return;
    }
    NestedWalk nested = cpu.host.nested;
    long machine = nested.translate(frame, write, fetch);
    int kept = (nested.bits & Tlb.WRITE) != 0 ? bits : bits & ~Tlb.DIRTY;
    fill(at, page, global, registers.placed(machine), kept | nested.bits & Tlb.NO_EXECUTE);
  }

  /** Registers of a device are elsewhere for this CPU. */
  void moved(long from, long to) {
    if (registers.move(from, to)) {
      flushAll();
    }
  }

  private void fill(int at, long page, boolean global, long frame, int bits) {
    cpu.data[at].clear();
    if (tlb.page(at) != page || tlb.frame(at) != frame || tlb.global(at) != global || (bits & Tlb.NO_EXECUTE) != 0) {
      cpu.code[at].clear();
    }
    tlb.fill(at, page, global, frame, bits, space);
  }

  /** Loads the PDPTE registers of PAE paging. Returns whether they are valid. */
  boolean loadPointers(long cr3) {
    return walk.loadPointers(cr3);
  }

  /** The PDPTE registers. */
  long[] pointers() {
    return walk.pointers();
  }

  /** A walk as the CPU's own that leaves no trace. */
  PageWalk quietWalk(QuietTables tables) {
    return new PageWalk(walk, tables);
  }

  /** Bits of a physical address that must be 0. */
  long reserved() {
    return walk.reserved();
  }
}
