// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;

/**
 * What a test says of its device model: how to make it, where it lies, what its registers are, and which of what the contract forbids its
 * manual has nevertheless. Methods with a default are overridden where that isn't right. {@link DeviceModelContract} has the checks.
 */
abstract class ModelUnderTest {
  static final int STEPS = 600;
  /** Resets, or hand-overs, in a run: something shows only while an alarm is armed or a line is up. */
  static final int ROUNDS = 60;
  static final long[] SEEDS = {1, 2, 3};

  /** Makes the model. */
  protected abstract DeviceModelFactory factory();

  /** A node as the model meets it, with windows and interrupts; see {@link FakeNode}. */
  protected abstract PlatformNode node();

  /** The register table of window 0; empty if the node has no window, and only then. */
  protected abstract List<? extends Register> registers();

  /** Names of state that a reset leaves as it is, because a battery keeps it. */
  protected Set<String> onBattery() {
    return Set.of();
  }

  /**
   * Registers of which a guest reads something else than what was stored: computed on a read, or changed by a write beyond
   * its masks. They are exempt from the two checks of values, so name only these.
   */
  protected Set<? extends Register> computed() {
    return Set.of();
  }

  /** Something that comes from outside between two accesses, such as received bytes; nothing unless a subclass says. */
  protected void outsideInput(FakeContext context, RandomGenerator random) {}

  /**
   * Registers whose read does something: takes a byte from a FIFO, clears what it shows, moves on in a stream. A read of any other
   * changes nothing, and the next one gives the same.
   */
  protected Set<? extends Register> actingReads() {
    return Set.of();
  }

  /**
   * The register table once more, by hand from the manual and not from the model, so that a slip in the model's own table shows: the
   * model and {@link #registers} would agree on it. A line for each register, numbers in hexadecimal, the rest of a line behind {@code #}
   * is ignored:
   *
   * <pre>
   * OFFSET NAME RESET WRITABLE [w1c=BITS] [wide]
   * 010    RTCIMSC 0  1        # 3.3.5
   * </pre>
   *
   * <p>Writable are the bits that are writable and built. Not checked if it is empty: then nothing tells whether reset values
   * and masks of the table are right.
   */
  protected String manual() {
    return "";
  }

  /** Rows of {@link #registers} that stand for offsets at which there is nothing. */
  protected Set<? extends Register> absent() {
    return Set.of();
  }

  /** What the model has to ask of the host nevertheless, such as {@code java.lang.System.getenv}; say why where it does. */
  protected Set<String> neededOfHost() {
    return Set.of();
  }

  /** CPUs of the machine around the model. */
  protected int cpus() {
    return 1;
  }

  /** Whether the registers are checked by accesses of the secure address space: a guest makes accesses of both. */
  protected boolean secure() {
    return false;
  }

  FakeContext powered() {
    FakeContext context = context();
    context.create(factory());
    return context;
  }

  FakeContext context() {
    FakeContext context = new FakeContext(node(), cpus());
    context.protection(secure(), true);
    return context;
  }

  GuestExercise powered(long seed) {
    FakeContext context = context();
    return new GuestExercise(context, context.create(factory()), registers(), this::outsideInput, seed);
  }

  static long read(FakeContext context, Register register) {
    return context.read(0, register.spec().offset(), register.spec().size());
  }

  static void write(FakeContext context, Register register, long value) {
    context.write(0, register.spec().offset(), register.spec().size(), value);
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
