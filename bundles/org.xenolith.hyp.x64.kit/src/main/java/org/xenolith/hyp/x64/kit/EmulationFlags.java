// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.kit;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.xen.abi.XenErrno;

/**
 * Which devices a domain has that the hypervisor emulates: bits {@code XEN_X86_EMU_*} (Xen public header {@code arch-x86/xen.h}), and which sets of them
 * Xen makes domains with (its arch/x86/domain.c). They are what {@code DomainSpec.emulation} says on x86-64.
 */
public final class EmulationFlags {
  /** Local APICs. */
  public static final int LAPIC = 1;
  /** The HPET. */
  public static final int HPET = 1 << 1;
  /** The power management timer. */
  public static final int PM = 1 << 2;
  /** The CMOS RTC. */
  public static final int RTC = 1 << 3;
  /** I/O APICs. */
  public static final int IOAPIC = 1 << 4;
  /** Two 8259As. */
  public static final int PIC = 1 << 5;
  /** The VGA's memory. */
  public static final int VGA = 1 << 6;
  /** An IOMMU. */
  public static final int IOMMU = 1 << 7;
  /** The 8254. */
  public static final int PIT = 1 << 8;
  /** Physical interrupts by event channels. */
  public static final int USE_PIRQ = 1 << 9;
  /** Configuration space of PCI. */
  public static final int VPCI = 1 << 10;
  /** All of them. */
  public static final int ALL = (1 << 11) - 1;
  /** What HVM guests may have or not. */
  private static final int CHOICE = USE_PIRQ;

  /** Kinds of domains. */
  public enum Guest {
    /** Paravirtualized. */
    PV,
    /** With firmware, and a device model outside the hypervisor. */
    HVM,
    /** Entered by the PVH boot ABI. */
    PVH,
    /** The hardware domain, entered so. */
    PVH_HARDWARE
  }

  private EmulationFlags() {}

  /** What a domain has: what its builder said, or what such a domain usually has. */
  public static int of(Domain domain) {
    int said = domain.emulation();
    return said != DomainSpec.USUAL ? said : switch (domain.kind()) {
      case DOM0 -> LAPIC | IOAPIC | VPCI;
      case DOMU -> LAPIC;
      case SERVICE -> 0;
    };
  }

  /**
   * Whether Xen makes such a domain.
   *
   * @return 0, -EINVAL for bits that there aren't, -EOPNOTSUPP for a set that such a domain can't have
   */
  public static int answer(Guest guest, int flags) {
    if ((flags & ~ALL) != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    boolean right = switch (guest) {
      case PV -> flags == 0 || flags == PIT;
      case HVM -> (flags | CHOICE) == (ALL & ~VPCI);
      case PVH -> flags == LAPIC;
      case PVH_HARDWARE -> flags == (LAPIC | IOAPIC | VPCI);
    };
    return right ? 0 : -XenErrno.XEN_EOPNOTSUPP;
  }
}
