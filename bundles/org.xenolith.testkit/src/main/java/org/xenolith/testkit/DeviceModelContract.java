// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.regs.StateRecord;

/**
 * What every device model must keep. A model's test extends this class, says how to make the model, and adds tests of what
 * only this device does. Window 0 of the node is taken to hold the register table; a model that a guest reaches in another way has
 * neither a window nor a table, and its subclass makes the accesses in {@link #outsideInput}.
 *
 * <p>The random checks make the same accesses in each run; a failure names seed and step.
 */
public abstract class DeviceModelContract {
  private static final int STEPS = 600;
  /** Resets, or hand-overs, in a run: something shows only while an alarm is armed or a line is up. */
  private static final int ROUNDS = 60;
  private static final long[] SEEDS = {1, 2, 3};

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

  /** CPUs of the machine around the model. */
  protected int cpus() {
    return 1;
  }

  @Test
  protected final void describesItselfAndItsOptions() {
    ModelDescription description = factory().description();
    assertFalse(description.name().isBlank(), "a name, as on the data sheet");
    assertFalse(description.summary().isBlank(), "a summary of one sentence");
    assertFalse(description.reference().isBlank(), "the manual it is built from");
    for (Option option : description.options()) {
      assertTrue(option.name().matches("[a-z0-9]+(-[a-z0-9]+)*"), option.name() + ": lower-case words joined by '-'");
      assertFalse(option.meaning().isBlank(), option.name() + ": what it means");
      switch (option.type()) {
        case BOOLEAN -> assertTrue(option.initial().matches("true|false"), option.name() + "=" + option.initial());
        case INTEGER -> assertNotNull(Long.decode(option.initial()), option.name());
        case STRING -> assertNotNull(option.initial(), option.name());
      }
    }
  }

  /** A property with a slip of the pen is no error for OSGi: the model would never be made. */
  @Test
  protected final void itsComponentSaysWhatItMatches() throws IOException {
    MatchedProperties.check(factory().getClass());
  }

  @Test
  protected final void everyRegisterReadsItsResetValue() {
    check(register -> {
      FakeContext context = powered();
      assertEquals(hex(register.spec().reset()), hex(read(context, register)), register.name() + " after reset");
    });
  }

  @Test
  protected final void everyRegisterKeepsItsWritableBitsAndNoOthers() {
    check(register -> {
      FakeContext context = powered();
      long all = mask(register);
      long rw = register.spec().rw();
      long fixed = register.spec().reset() & ~rw;
      long ones = all & ~register.spec().w1c() & ~register.spec().unimp();
      write(context, register, ones);
      assertEquals(hex(fixed | rw), hex(read(context, register)), register.name() + " after writing " + hex(ones));
      write(context, register, 0);
      assertEquals(hex(fixed), hex(read(context, register)), register.name() + " after writing 0");
    });
  }

  /** An unknown register of a live device reads zero, ignores writes and is reported. A table without a gap has none. */
  @Test
  protected final void anUnknownOffsetIsReportedAndDoesNothing() {
    FakeContext context = new FakeContext(node(), cpus());
    DeviceModel model = context.create(factory());
    long unknown = context.bus().windows() == 0 ? -1 : gap(context.node().windows().getFirst().size());
    if (unknown >= 0) {
      StateRecord before = model.state().save();
      assertEquals(0, context.read(unknown), "read at " + hex(unknown));
      context.write(unknown, 1);
      assertEquals(List.of(Kind.UNKNOWN_READ, Kind.UNKNOWN_WRITE),
          context.reportedFaults().stream().map(FakeContext.Fault::kind).toList(), "faults reported at " + hex(unknown));
      assertEquals(before, model.state().save(), "state after accesses at " + hex(unknown));
    }
  }

  /** A guest can't throw, whatever it does. The bus's abort is an answer, not a failure. */
  @Test
  protected final void noAccessThrows() {
    for (long seed : SEEDS) {
      powered(seed).run(4 * STEPS);
    }
  }

  @Test
  protected final void theSameAccessesGiveTheSameAnswers() {
    for (long seed : SEEDS) {
      assertEquals(powered(seed).run(STEPS), powered(seed).run(STEPS), "two models, seed " + seed);
    }
  }

  @Test
  protected final void resetBringsBackTheBeginning() {
    for (long seed : SEEDS) {
      GuestExercise used = powered(seed);
      StateRecord state = withoutBattery(used.model().state().save());
      Map<String, Long> deadlines = used.context().deadlines();
      String lines = used.lines();
      for (int i = 0; i < ROUNDS; i++) {
        String when = "after " + used.run(STEPS / ROUNDS).getLast() + " and reset, seed " + seed;
        used.model().reset();
        assertEquals(state, withoutBattery(used.model().state().save()), "state " + when);
        assertEquals(deadlines, used.context().deadlines(), "alarms " + when);
        assertEquals(lines, used.lines(), "interrupt lines " + when);
      }
    }
  }

  private StateRecord withoutBattery(StateRecord record) {
    StateRecord rest = new StateRecord();
    record.values().forEach((name, value) -> {
      if (!onBattery().contains(name)) {
        rest.put(name, value);
      }
    });
    return rest;
  }

  /** Other versions take over now and then: no answer, line or alarm differs from a run without it. */
  @Test
  protected final void handOverLosesNothing() {
    for (long seed : SEEDS) {
      GuestExercise alone = powered(seed);
      GuestExercise changing = powered(seed);
      for (int i = 0; i < ROUNDS; i++) {
        assertEquals(alone.run(STEPS / ROUNDS), changing.run(STEPS / ROUNDS), "answers after hand-over " + i + ", seed " + seed);
        String when = "after hand-over " + (i + 1) + ", seed " + seed;
        String lines = changing.lines();
        Map<String, Long> deadlines = changing.context().deadlines();
        StateRecord state = changing.model().state().save();
        changing.replaceModel(factory());
        assertEquals(state, changing.model().state().save(), "state " + when);
        assertEquals(deadlines, changing.context().deadlines(), "alarms " + when);
        assertEquals(lines, changing.lines(), "interrupt lines " + when);
      }
    }
  }

  /** Nobody calls a model that is gone: it has taken back what it gave to ports. */
  @Test
  protected final void aRemovedModelHearsNothing() {
    for (long seed = 1; seed <= ROUNDS; seed++) {
      GuestExercise exercise = powered(seed);
      exercise.run((int) seed * STEPS / ROUNDS);
      StateRecord last = exercise.model().state().save();
      exercise.removeModel();
      String lines = exercise.lines();
      for (int i = 0; i < STEPS / ROUNDS; i++) {
        exercise.outside();
      }
      assertEquals(last, exercise.model().state().save(), "state of the removed model, seed " + seed);
      assertEquals(lines, exercise.lines(), "interrupt lines of the removed model, seed " + seed);
    }
  }

  private FakeContext powered() {
    FakeContext context = new FakeContext(node(), cpus());
    context.create(factory());
    return context;
  }

  private GuestExercise powered(long seed) {
    FakeContext context = new FakeContext(node(), cpus());
    return new GuestExercise(context, context.create(factory()), registers(), this::outsideInput, seed);
  }

  /** Runs a check on each register that is not computed and reports all that fail. */
  private void check(Consumer<Register> check) {
    // A few ports hold no register of a table, whose registers have four bytes at least.
    boolean none = node().windows().isEmpty() || node().windows().getFirst().size() < Integer.BYTES;
    assertEquals(none, registers().isEmpty(), "whether the register table is empty, as it is without a window of four bytes");
    Stream<Executable> checks = registers().stream().filter(r -> !computed().contains(r)).map(r -> () -> check.accept(r));
    assertAll(checks);
  }

  private static long read(FakeContext context, Register register) {
    return context.read(0, register.spec().offset(), register.spec().size());
  }

  private static void write(FakeContext context, Register register, long value) {
    context.write(0, register.spec().offset(), register.spec().size(), value);
  }

  private static long mask(Register register) {
    return -1L >>> 64 - 8 * register.spec().size();
  }

  /** The first word of window 0 where no register is, or -1. */
  private long gap(long windowSize) {
    for (long offset = 0; offset + 4 <= windowSize; offset += 4) {
      long at = offset;
      if (registers().stream().noneMatch(r -> at >= r.spec().offset() && at < r.spec().offset() + r.spec().size())) {
        return at;
      }
    }
    return -1;
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
