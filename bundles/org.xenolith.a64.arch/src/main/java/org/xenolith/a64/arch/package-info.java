// SPDX-License-Identifier: EPL-2.0
/**
 * The A64 architecture that is common to every engine: state, address translation, exceptions, system registers.
 *
 * <p>What a machine core does with a {@link org.xenolith.a64.arch.Cpu}:
 * <ul>
 * <li>makes it with {@code new Cpu(index, config, env)}; {@code env.cpus()} is asked only while it executes;
 * <li>{@code state()}, {@code reset()} and {@code restored()} as for a device model: snapshot, hand-over and digest;
 * <li>starts the boot CPU with {@code powerOn(entry, x0)}; then executes with the engine's {@code run(budget)} as long as
 * {@code runnable()};
 * <li>virtual time during {@code run} is the time at its entry plus {@code executed()}; an event that falls due earlier than
 * the budget allows (an alarm armed by a device access) needs {@code requestExit()};
 * <li>passes {@code Ram}'s code-written notices of every chunk to {@code codeWritten} of every CPU;
 * <li>tells {@code windowChanged} of every CPU when a window of the bus can't be read directly any more, after {@code Ram.dropCode} of its
 * memory; that it can needs no word;
 * <li>device contexts claim system registers with {@code claim} and, when closing, {@code release(handler)};
 * <li>puts a hypervisor in Java into EL2's place with {@code el2.attach} while the CPU is powered off;
 * <li>exchanges engines between two {@code run}s: close the old one, create another.
 * </ul>
 *
 * <p>What an engine does, so that all engines run a guest bit for bit alike:
 * <ul>
 * <li>{@code begin(budget)}; while {@code more()}: execute from {@code pc}, decrementing {@code left} after each instruction,
 * until it reaches zero, and store {@code pc}; {@code return end()};
 * <li>an instruction that takes an exception counts as one, so does one that can't be fetched; taking an interrupt counts
 * nothing, and only {@code more()} takes one. With PSTATE.IL set the next instruction is {@code illegalState()};
 * <li>a branch to an address from a register goes to {@code mmu.branchTarget} of it: PC has no tag in an ignored top byte;
 * <li>after {@code GuestFault}: {@code pc} becomes the address of the instruction, then {@code exceptions.takeNoted()}.
 * Nothing that would be seen when the instruction is executed again may have changed;
 * <li>the TLBs are state, so their look-ups have an order: a branch or exception to another page looks up
 * ({@code mmu.code}) as part of itself, running off the end of a page as part of the next instruction; inside a page
 * nothing is looked up unless {@code refetch} was set. Data accesses go through the inline tags of {@code Cpu.data} or
 * through {@code Memory}, in the order of the program;
 * <li>fetches from {@code bus().readable}: RAM, or the memory of a window while that is read directly;
 * <li>marks a page that it has decoded ({@code Ram.markCode}) and calls {@code mmu.codeMarked()} of every CPU; drops or
 * keeps it when {@code listenToCode} tells of writes;
 * <li>an exception may have run a hypervisor in Java before it comes back: registers, memory and translation may all have
 * changed, and {@code pc} be anywhere at EL1 or EL0;
 * <li>FP and SIMD instructions look at {@code fpTrapped} first;
 * <li>while {@code debug.armed()} it executes one instruction at a time as said there; a software step or breakpoint exception counts
 * as one. It becomes armed during an instruction that calls {@code attention}, so a look after {@code more()} is enough;
 * <li>an instruction that {@code Ram.isBreakpoint} when it is decoded asks {@code points.before} each time before it is executed, and comes
 * back without it if that says so ({@code comeBack}). Setting one drops what was decoded, as a write does.
 * </ul>
 */
@NullMarked
package org.xenolith.a64.arch;

import org.jspecify.annotations.NullMarked;
