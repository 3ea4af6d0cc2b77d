// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import org.xenolith.xen.abi.GuestMap;

/** Where things are in the fuzzing domain's memory, by intermediate physical address; its MMU is off. */
final class GuestPlace {
  static final long RAM = GuestMap.GUEST_RAM0_BASE;
  /** Pages of RAM. */
  static final int PAGES = 64;
  static final long MAGIC = GuestMap.GUEST_MAGIC_BASE;
  static final int MAGIC_PAGES = 4;
  static final long CONSOLE = MAGIC;
  static final long STORE = MAGIC + 0x1000;
  static final long CODE = RAM;
  static final long VECTORS = RAM + 0x800;
  /** What the code reads: operations one after another. */
  static final long TABLE = RAM + 0x2000;
  /** Code made for one input. */
  static final long PROGRAM = RAM + 0x8000;
  /** Arguments in memory. */
  static final long DATA = RAM + 0x10000;
  static final int DATA_SIZE = 0x10000;
  /** Pages for grants and rings. */
  static final long SHARED = RAM + 0x20000;

  private GuestPlace() {}
}
