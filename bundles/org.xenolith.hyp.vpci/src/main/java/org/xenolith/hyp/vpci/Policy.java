// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

/**
 * What the hardware domain may do, and when.
 *
 * @param access its access to configuration space
 * @param hide   what it finds where a function is another domain's
 * @param mmio   when it gets BARs mapped
 * @param translated whether messages of its functions become ones of the machine's
 */
record Policy(ConfigAccess access, Hide hide, Mmio mmio, boolean translated) {
  /** The hardware domain's access to configuration space. */
  enum ConfigAccess {
    /** It has the windows mapped. */
    FREE,
    /** Trapped; BARs of functions that it registered stay as they are from when the memory decoder was on first. */
    PROTECT_BARS,
    /** Trapped. */
    TRAP
  }

  /** What the hardware domain finds where a function is another domain's. */
  enum Hide {
    /** All-ones. */
    ABSENT,
    /** Ids, class and header type; the rest is zero. */
    VISIBLE
  }

  /** When the hardware domain gets BARs mapped. */
  enum Mmio {
    /** With the bridge's windows, when it is built. */
    AHEAD,
    /** When a function's memory decoder turns on. */
    DECODE,
    /** At the first access after that. */
    FAULT,
    /** Page by page, when it asks by hypercall while the decoder is on. */
    HYPERCALL
  }

  /** Whether configuration space is kept from the hardware domain. */
  boolean trapped() {
    return access != ConfigAccess.FREE;
  }

  /** Whether the bridges' memory windows are kept from it, too. */
  boolean apertures() {
    return mmio != Mmio.AHEAD;
  }
}
