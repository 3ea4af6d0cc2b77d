// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A machine's state in memory: what a snapshot has in a folder. It doesn't change any more, and any number of machines can take it over
 * ({@link Machine#restore(MachineState)}), each of which is one of its own from then on.
 */
@ProviderType
public interface MachineState extends AutoCloseable {
  /** Virtual nanoseconds since power-on when it was taken. */
  long now();

  /** Instructions that had been executed by then, on all CPUs together. */
  long instructions();

  /**
   * Whether bytes of RAM may have been written, by whom ever, between an earlier state of the same run and this, even with what they held.
   *
   * @param earlier of the machine that this is of, or of one that this one's had taken over
   * @param address physical address of the first
   * @param length  how many
   * @return false only if nobody has; true also if that isn't known
   */
  default boolean written(MachineState earlier, long address, long length) {
    return true;
  }

  /**
   * Nobody takes it over any more: memory that only this keeps is given back. Of one that isn't closed it is when nobody refers to it. Machines that have taken it over aren't
   * concerned.
   */
  @Override
  default void close() {
    // One that keeps nothing besides has nothing to give back.
  }
}
