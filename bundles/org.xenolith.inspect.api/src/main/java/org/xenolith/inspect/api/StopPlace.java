// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.WatchedAddress;

/** What a machine can be stopped at. */
public sealed interface StopPlace {
  /**
   * An instruction, before it is executed, on any processor and in any address space.
   *
   * @param address as {@link ProcessorPlace#address} has it
   */
  record Instruction(long address) implements StopPlace {}

  /**
   * Bytes that are read or written; behind the instruction that does.
   *
   * @param space  whose addresses these are, and with it who may access them ({@link WatchedAddress.Space})
   * @param first  address of the first of them
   * @param length how many
   * @param read   whether reading is meant
   * @param write  whether writing is
   */
  record Access(WatchedAddress.Space space, long first, long length, boolean read, boolean write) implements StopPlace {
    /** @throws IllegalArgumentException if neither is meant, or no bytes, or some beyond the last address */
    public Access {
      if (!read && !write) {
        throw new IllegalArgumentException("0x%x: neither reads nor writes are meant; choose one or both".formatted(first));
      }
      watched(space, first, length, read, write);
    }

    /** The same for a machine. */
    public WatchedAddress watched() {
      return watched(space, first, length, read, write);
    }

    private static WatchedAddress watched(WatchedAddress.Space space, long first, long length, boolean read, boolean write) {
      WatchedAddress.Kind kind = read && write ? WatchedAddress.Kind.ACCESS : read ? WatchedAddress.Kind.READ : WatchedAddress.Kind.WRITE;
      return new WatchedAddress(kind, space, first, length);
    }
  }

  /**
   * A register of a device, by a processor's access; behind the instruction.
   *
   * @param device its node's path
   * @param window number of the window among those of its node
   * @param offset of the register's first byte there
   * @param length its bytes
   * @param read   whether reading is meant
   * @param write  whether writing is
   */
  record Register(String device, int window, long offset, int length, boolean read, boolean write) implements StopPlace {}

  /**
   * An exception or interrupt that is taken; its first instruction is the next one then.
   *
   * @param name found in what it is called in the architecture's words, as {@code MachineWatcher.exception} is told
   */
  record ExceptionTaken(Pattern name) implements StopPlace {}

  /**
   * Guest code is left for the host's: a trap to a hypervisor in Java, a hypercall, a call of firmware; behind the instruction.
   *
   * @param kind  why
   * @param place found in the place that {@code MachineWatcher.exitBegins} is told: a model's instance, or the hypervisor's kind of exception
   */
  record GuestExit(ExitKind kind, Pattern place) implements StopPlace {}

  /**
   * An event of the log; behind the instruction that it comes of, or at the next safe point.
   *
   * @param kind of the event
   * @param text found in its text
   */
  record Event(String kind, Pattern text) implements StopPlace {}

  /**
   * What some part of the machine tells of; behind the instruction that it comes of, or at the next safe point.
   *
   * @param what    for people
   * @param telling tells of it
   */
  record Reported(String what, Telling telling) implements StopPlace {}

  /** Tells of something that happens in a machine. */
  @FunctionalInterface
  @ConsumerType
  interface Telling {
    /**
     * Begins to tell of what happens from now on, while the machine stands still or at a safe point. It changes nothing of the machine.
     *
     * @param told given the index of the CPU that executed, empty if none did, and what happened, for people; on the machine's thread
     * @return ends it, from the same places
     */
    Runnable begin(Machine machine, BiConsumer<OptionalInt, String> told);

    /**
     * Bytes whose writes are all that it tells of, and behind which it does: who goes backwards leaves out where nobody wrote them.
     *
     * @return empty if it tells of something else, or at another time
     */
    default Optional<Access> within() {
      return Optional.empty();
    }
  }
}
