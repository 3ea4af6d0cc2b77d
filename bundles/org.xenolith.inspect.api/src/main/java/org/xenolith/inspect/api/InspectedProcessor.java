// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import org.osgi.annotation.versioning.ConsumerType;

/** One processor between two instructions. */
@ConsumerType
public interface InspectedProcessor {
  /** Position among the machine's processors, from 0. */
  int index();

  /** The instruction set, as {@code xenolith.instructions} has it. */
  String instructions();

  /** Where it is now, and whose code that is. */
  ProcessorPlace place();

  /** All registers that it has, groups together. The list is the same for the processor's life. */
  List<RegisterDescription> registers();

  /**
   * The value of a register.
   *
   * @param name as a description has it
   * @return words of 64 bits, the lowest first: as many as its width needs; bits above its width are 0
   * @throws IllegalArgumentException if it has none of that name
   */
  long[] value(String name);

  /** Whether {@link #set} takes values for a register. */
  default boolean settable(String name) {
    return false;
  }

  /**
   * Gives a register a value, with what follows from it as if software had written it, whatever may be written at the level that it is at. Of one of {@link InspectedMachine#processors} it is
   * an input of the machine: it is journalled with its instruction, and comes again in a replay. One that a {@link ProcessorInspector} gives does it at once.
   *
   * @param value words, as {@link #value} gives them
   * @throws IllegalArgumentException if it has none of that name, it can't be written, or can't have that value; the message says which, and nothing has changed
   * @throws IllegalStateException while the machine replays a journal, or is in the middle of its run
   */
  default void set(String name, long... value) {
    throw new IllegalArgumentException("cpu " + index() + ": " + name + " can't be written to");
  }

  /** How debuggers know a processor of this architecture; empty if its {@link ProcessorInspector} doesn't say. */
  default Optional<DebuggerTarget> debuggerTarget() {
    return Optional.empty();
  }

  /**
   * Whether debuggers believe of this architecture that a watchpoint stops before the access, so that they step once more when they are told of one: {@link StopPlace.Access} stops behind it.
   */
  default boolean debuggersStepOverAccesses() {
    return false;
  }

  /** Memory as it can be addressed on this processor: each level or regime has one, in the order of privilege, the lowest first; then what those lead to. */
  List<InspectedMemory> memories();

  /** That of them in which {@link ProcessorPlace#address} is: the one of the code that it executes now. */
  InspectedMemory memory();

  /**
   * Where the kernel is that a program on this processor runs on, or that runs itself: an address in its image, in {@link #memory}, to which exceptions or system calls lead.
   *
   * @return empty if none has been set up, or a hypervisor or firmware executes
   */
  default OptionalLong kernelEntry() {
    return OptionalLong.empty();
  }

  /**
   * The chain of calls that led to where it is, as far as code that keeps frame pointers leaves one: the address that it is at, then for each caller an
   * address within the instruction that called. Whatever the guest's memory holds, this ends.
   *
   * @param most       frames at most, from 1 on
   * @param functionAt the address at which the function at an address begins; -1 if nobody knows. Without, a caller that is in a register only is left out
   */
  long[] calls(int most, LongUnaryOperator functionAt);

  /**
   * Instructions as text, from an address in {@link #memory} on.
   *
   * @param count most of them; fewer if memory ends before
   */
  List<InstructionText> disassemble(long address, int count);

  /**
   * What the instruction that it is about to execute writes to registers and memory, and from where: of those that only compare, branch or wait, nothing. Whether it does, or is refused its
   * accesses, is seen when it has been executed.
   *
   * @return empty if nobody can tell of that instruction, or none is mapped there
   */
  default Optional<List<DataMove>> moves() {
    return Optional.empty();
  }
}
