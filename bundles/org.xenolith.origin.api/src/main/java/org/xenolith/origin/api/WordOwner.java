// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin.api;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.control.Machine;

/**
 * Knows words that a part of a machine keeps, reads or writes for guests, such as grants of a hypervisor or a disk's queues: a service of whoever has such a part. It is asked of machines
 * of the past as of the present one, between two instructions, whether that part is in the machine or not, and changes nothing. Whatever a guest's memory holds, it answers.
 */
@ConsumerType
public interface WordOwner {
  /** First words with which people name what it owns, such as {@code grant-entry}: with a dash, which no symbol has; none if it only explains. */
  default List<String> names() {
    return List.of();
  }

  /** What is written behind those words, and what that means: two texts for each of {@link #names}, in their order. */
  default List<String> usages() {
    return List.of();
  }

  /**
   * What people name, for {@code last-write}.
   *
   * @param words the first is one of {@link #names}
   * @return where it is now
   * @throws org.xenolith.command.api.BadInput if there is none; the message says what there is
   */
  default OwnedWord word(Machine machine, List<String> words) {
    throw new UnsupportedOperationException(words + ": names() has none of it");
  }

  /**
   * What bytes of RAM are, for people: {@code grant 8 of d1}.
   *
   * @param address physical
   * @return empty if they aren't its own
   */
  default Optional<String> text(Machine machine, long address, int length) {
    return Optional.empty();
  }

  /**
   * Begins to tell what its part of the machine does in the place of instructions, or beside them, while the machine stands between two: which words of its own it writes for whom, and what it copies.
   *
   * @return ends it, from the same places
   */
  default Runnable watch(Machine machine, StepNotes notes) {
    return () -> {};
  }

  /**
   * What a bus master has read as a command or a descriptor, for people: {@code command 7 of queue 1: read of namespace 1, 8 blocks from 512 on}. The machine stands behind.
   *
   * @param device  instance of the bus master
   * @param address as it addressed it
   * @param bytes   what it read
   * @return empty if these bytes are none
   */
  default Optional<String> command(Machine machine, String device, long address, byte[] bytes) {
    return Optional.empty();
  }
}
