/**
 * The A64 architecture that is common to every engine: state, address translation, exceptions, system registers.
 *
 * <p>What a machine core does with a {@link org.xenolith.cpu.arch.Cpu}:
 * <ul>
 * <li>makes it with {@code new Cpu(index, config, env)}; {@code env.cpus()} is asked only while it executes;
 * <li>{@code state()}, {@code reset()} and {@code restored()} as for a device model: snapshot, hand-over and digest;
 * <li>starts the boot CPU with {@code powerOn(entry, x0)}; then executes with the engine's {@code run(budget)} as long as
 * {@code runnable()};
 * <li>virtual time during {@code run} is the time at its entry plus {@code executed()}; an event that falls due earlier than
 * the budget allows (an alarm armed by a device access) needs {@code requestExit()};
 * <li>passes {@code Ram}'s code-written notices of every chunk to {@code codeWritten} of every CPU;
 * <li>device contexts claim system registers with {@code claim} and, when closing, {@code release(handler)};
 * <li>exchanges engines between two {@code run}s: close the old one, create another.
 * </ul>
 */
package org.xenolith.cpu.arch;
