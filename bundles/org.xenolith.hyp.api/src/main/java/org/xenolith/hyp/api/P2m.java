// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Stage 2: each domain's physical-to-machine map, kept in architected tables in machine memory (Arm ARM D8). Frames are 4 KiB;
 * addresses are bytes. Mapping RAM, FOREIGN and GRANT types takes a reference on the machine frame from {@link FrameHeap},
 * unmapping gives it back.
 */
@ConsumerType
public interface P2m {
  /**
   * The machine address behind an intermediate physical address.
   *
   * @param write whether it must be writable
   * @return -1 if that isn't mapped RAM
   */
  long translate(Domain domain, long ipa, boolean write);

  /** What is behind a guest frame. */
  PageType type(Domain domain, long gfn);

  /**
   * Maps frames, in the place of what was there.
   *
   * @return 0 or a negative errno
   */
  int map(Domain domain, long gfn, long mfn, long count, PageType type);

  /**
   * Unmaps frames; those that weren't mapped don't matter.
   *
   * @return 0 or a negative errno
   */
  int unmap(Domain domain, long gfn, long count);

  /**
   * Gives the domain zeroed frames of its own from the heap, up to its limit.
   *
   * @return 0 or a negative errno; then nothing was given
   */
  int populate(Domain domain, long gfn, long count);

  /** Says when a domain gets windows of the machine that it is permitted; unless something is said it is {@link DeviceMapping#REQUEST}. */
  default void deviceMapping(Domain domain, DeviceMapping when) {}

  /** Where a domain's tables begin, as the CPU's register for that has it. */
  long root(Domain domain);

  /** What else a CPU's registers say of tables, the same for all domains; 0 where there is nothing. */
  long control();

  /**
   * A stage-2 abort that no emulated device takes. What the domain may map by accesses ({@link #deviceMapping}) is mapped.
   *
   * @return whether the access should be made again; else the guest gets the abort
   */
  boolean fault(Vcpu vcpu, long ipa, boolean write);

  /** Machine address of the descriptor that maps a guest frame, or has it fault; -1 if the domain has no tables, or the frame is beyond them. */
  default long entry(Domain domain, long gfn) {
    return -1;
  }

  /** Pages of RAM that are mapped as the domain's own. */
  long pages(Domain domain);
}
