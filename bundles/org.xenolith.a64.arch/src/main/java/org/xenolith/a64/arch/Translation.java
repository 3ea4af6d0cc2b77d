// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/**
 * The result of a table walk, filled by {@link Walker}: either a page, or a fault. One per CPU, so that walks allocate
 * nothing.
 */
final class Translation {
  /** Whether the walk failed; then only the fault fields count. */
  boolean fault;
  /** Fault status code (Arm ARM, ISS of data aborts, DFSC). */
  int status;
  /** Whether stage 2 failed. */
  boolean stage2;
  /** Whether stage 2 failed on behalf of a stage-1 table access. */
  boolean onWalk;
  /** The intermediate address that stage 2 failed for. */
  long ipa;
  /** Output address of the 4 KiB page. */
  long frame;
  /** Permissions, as in {@link Tlb}. */
  int permissions;
  /** Level of the stage-1 descriptor; 3 for a flat mapping. */
  int level;
  /** Bytes that the stage-1 descriptor maps, as a power of two; 12 for a flat mapping. */
  int size;
  /** Memory attribute as MAIR encodes it; below 16 (and not 4n of Normal) is Device. */
  int attribute;
  /** Shareability as descriptors encode it. */
  int shareability;
  /** Whether the page is in all address spaces. */
  boolean global;

  boolean device() {
    return (attribute & 0xF0) == 0;
  }

  void fail(int code) {
    fault = true;
    status = code;
    stage2 = false;
    onWalk = false;
    ipa = 0;
  }

  void failStage2(int code, long address, boolean walk) {
    fault = true;
    status = code;
    stage2 = true;
    onWalk = walk;
    ipa = address;
  }
}
