// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/** What a page's bits let an access do, as the control registers say (Intel SDM volume 3, 5.6 and 5.13). */
final class PageRights {
  private final Core cpu;
  boolean paging;
  /** Whether pages have protection keys. */
  boolean keyed;

  PageRights(Core cpu) {
    this.cpu = cpu;
  }

  /** CR0, CR4 or EFER changed. */
  void select() {
    paging = (cpu.cr0 & ControlBits.PG) != 0;
    keyed = (cpu.cr4 & (ControlBits.PKE | ControlBits.PKS)) != 0 && cpu.longMode();
  }

  /** Whether the protection key forbids an access to data (Intel SDM volume 3, 5.6.2). */
  boolean locked(int bits, boolean write, boolean user) {
    boolean isUser = (bits & Tlb.USER) != 0;
    if ((cpu.cr4 & (isUser ? ControlBits.PKE : ControlBits.PKS)) == 0) {
      return false;
    }
    int rights = (isUser ? cpu.pkru : cpu.pkrs) >>> 2 * Tlb.key(bits);
    return (rights & 1) != 0 || write && (rights & 2) != 0 && (user && isUser || (cpu.cr0 & ControlBits.WP) != 0);
  }

  /**
   * Whether an access is allowed.
   *
   * @param bits     of the TLB's entry
   * @param user     at user level
   * @param implicit to a system structure
   */
  boolean allowed(int bits, boolean write, boolean fetch, boolean user, boolean implicit) {
    if (!paging) {
      return !fetch || (bits & Tlb.NO_EXECUTE) == 0;
    }
    boolean isUser = (bits & Tlb.USER) != 0;
    if (fetch) {
      return (bits & Tlb.NO_EXECUTE) == 0 && (user ? isUser : !isUser || (cpu.cr4 & ControlBits.SMEP) == 0);
    }
    if (keyed && locked(bits, write, user)) {
      return false;
    }
    if (user) {
      return isUser && (!write || (bits & Tlb.WRITE) != 0);
    }
    if (isUser && (cpu.cr4 & ControlBits.SMAP) != 0 && (implicit || (cpu.flags & FlagBits.AC) == 0)) {
      return false;
    }
    return !write || (bits & Tlb.WRITE) != 0 || (cpu.cr0 & ControlBits.WP) == 0;
  }

  /** The page fault of an access that isn't allowed. @param error of its error code what the translation says */
  CpuFault fault(long address, int error, boolean write, boolean fetch, boolean user) {
    boolean tells = fetch && ((cpu.efer & ControlBits.NXE) != 0 && (cpu.cr4 & ControlBits.PAE) != 0 || (cpu.cr4 & ControlBits.SMEP) != 0);
    return cpu.pageFault(address, error | (write ? Mmu.ERROR_WRITE : 0) | (user ? Mmu.ERROR_USER : 0) | (tells ? Mmu.ERROR_FETCH : 0));
  }
}
