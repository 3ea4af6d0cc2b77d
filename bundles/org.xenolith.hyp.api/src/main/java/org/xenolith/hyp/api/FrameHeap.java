// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Who owns which frame (4 KiB) of the machine's RAM, and how often it is mapped. A frame belongs to a domain, by
 * {@link Domain#serial}, or to the hypervisor (serial {@link #HYPERVISOR}); it is free again when its owner let go of it and
 * the last reference is dropped.
 */
@ConsumerType
public interface FrameHeap {
  /** The owner of what the hypervisor keeps for itself: tables, its own pages. */
  int HYPERVISOR = 0x7FFF_FFFF;

  /**
   * Allocates neighbouring frames, from the highest free ones down. Their content is as it was left.
   *
   * @param alignment in frames, a power of two
   * @return the first frame, or -1 if there is no such room
   */
  long allocate(int owner, int count, int alignment);

  /** Allocates just these frames. @return false if one isn't free RAM */
  boolean allocateAt(int owner, long mfn, long count);

  /** Who owns a frame: a serial, {@link #HYPERVISOR}, 0 for a free frame or one whose owner is gone, -1 for what is no RAM. */
  int owner(long mfn);

  /** The owner lets go of a frame. */
  void free(int owner, long mfn);

  /** An owner lets go of all it has. */
  void freeAll(int owner);

  /** A frame is mapped once more; nothing happens to what is no RAM. */
  void hold(long mfn);

  /** A frame is mapped once less. */
  void drop(long mfn);

  /** How often a frame is held. */
  int held(long mfn);

  /** Frames that are free. */
  long free();

  /** Frames of an owner. */
  long count(int owner);

  /** All frames. */
  long total();

  /** The first frame number behind all RAM. */
  long end();

  /** All frames are free and held by nobody. */
  void clear();

  /** Who has which frame, for a snapshot. */
  byte[] save();

  /**
   * Takes over what {@link #save} gave.
   *
   * @throws org.xenolith.regs.StateMismatch if that isn't of a heap of this size
   */
  void restore(byte[] saved);
}
