// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ExternalAbort;
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
  /** Registers that are read twice in a round, before the next alarm and after it. */
  private static final int READS = 16;
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

  @Test
  protected final void describesItselfAndItsOptions() {
    ModelDescription description = factory().description();
    assertFalse(description.name().isBlank(), "a name, as on the data sheet");
    assertFalse(description.summary().isBlank(), "a summary of one sentence");
    assertFalse(description.reference().isBlank(), "the manual it is built from");
    assertEquals(description.options().stream().map(Option::name).distinct().toList(), description.options().stream().map(Option::name)
        .toList(), "each option once");
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

  /** Two runs can't show this: see {@link HostCalls}. */
  @Test
  protected final void asksNothingOfTheHost() throws IOException {
    assertEquals(List.of(), HostCalls.of(factory().getClass(), neededOfHost()));
  }

  /** Whatever library makes it. */
  @Test
  protected final void makesNoThread() {
    assertEquals(List.of(), MadeThreads.during(() -> {
      GuestExercise exercise = powered(SEEDS[0]);
      exercise.run(STEPS);
      exercise.replaceModel(factory());
      exercise.run(STEPS);
      exercise.removeModel();
    }), "places where a thread is made");
  }

  @Test
  protected final void theTableIsTheManuals() {
    if (!manual().isBlank()) {
      assertEquals(String.join("\n", ManualTable.of(manual())), String.join("\n", ManualTable.of(registers())));
    }
  }

  /** Else a register that reads zero would pass all checks without being there. */
  @Test
  protected final void everyRegisterOfTheTableIsThere() {
    for (Register register : registers().stream().filter(row -> !absent().contains(row)).toList()) {
      FakeContext context = powered();
      read(context, register);
      if ((register.spec().rw() | register.spec().w1c()) != 0) {
        write(context, register, read(context, register));
      }
      assertEquals(List.of(), context.reportedFaults().stream().map(FakeContext.Fault::kind).filter(kind -> kind == Kind.UNKNOWN_READ
          || kind == Kind.UNKNOWN_WRITE).toList(), "faults reported at " + register.name());
    }
  }

  @Test
  protected final void aWrittenOneClears() {
    check(register -> {
      FakeContext context = powered();
      write(context, register, register.spec().w1c());
      assertEquals("0x0", hex(read(context, register) & register.spec().w1c()), register.name() + " after ones that clear");
    });
  }

  /** Debuggers, drivers that probe, and a CPU that makes an access again look twice. */
  @Test
  protected final void readsChangeNothing() {
    List<? extends Register> quiet = registers().stream().filter(register -> !actingReads().contains(register)).toList();
    for (long seed : quiet.isEmpty() ? new long[0] : SEEDS) {
      GuestExercise exercise = powered(seed);
      Random pick = new Random(seed);
      for (int i = 0; i < ROUNDS; i++) {
        String after = exercise.run(STEPS / ROUNDS).getLast();
        for (int k = 0; k < 2 * READS && exercise.context().claimed(0); k++) {
          if (k == READS) {
            exercise.untilAlarm();
          }
          Register register = quiet.get(pick.nextInt(quiet.size()));
          String what = register.name() + ", which actingReads() doesn't name, after " + after + ", seed " + seed;
          StateRecord state = exercise.model().state().save();
          Map<String, Long> deadlines = exercise.context().deadlines();
          String lines = exercise.lines();
          try {
            assertEquals(hex(read(exercise.context(), register)), hex(read(exercise.context(), register)), "second read of " + what);
          } catch (ExternalAbort e) {
            // An answer like another.
          }
          assertEquals(state, exercise.model().state().save(), "state after reads of " + what);
          assertEquals(deadlines, exercise.context().deadlines(), "alarms after reads of " + what);
          assertEquals(lines, exercise.lines(), "interrupt lines after reads of " + what);
        }
      }
    }
  }

  /** A snapshot is taken of a machine that goes on. */
  @Test
  protected final void savingChangesNothing() {
    for (long seed : SEEDS) {
      GuestExercise exercise = powered(seed);
      for (int i = 0; i < ROUNDS; i++) {
        String when = "after " + exercise.run(STEPS / ROUNDS).getLast() + ", seed " + seed;
        Map<String, Long> deadlines = exercise.context().deadlines();
        String lines = exercise.lines();
        StateRecord state = exercise.model().state().save();
        assertEquals(state, exercise.model().state().save(), "state saved again " + when);
        assertEquals(deadlines, exercise.context().deadlines(), "alarms of what was saved " + when);
        assertEquals(lines, exercise.lines(), "interrupt lines of what was saved " + when);
      }
    }
  }

  /**
   * Lines that a reset drives have levels of the state, which {@code restored()} drives again: those of the machine that the state was
   * taken from may be others.
   */
  @Test
  protected final void restoredDrivesTheLinesThatResetDrives() {
    for (long seed : SEEDS) {
      GuestExercise exercise = powered(seed);
      Map<FakeLine, Integer> before = new IdentityHashMap<>();
      exercise.context().allLines().forEach(line -> before.put(line, line.drives()));
      exercise.model().reset();
      List<FakeLine> levels = exercise.context().allLines().stream().filter(line -> line.drives() != before.getOrDefault(line, 0))
          .toList();
      for (int i = 0; i < ROUNDS; i++) {
        String when = " after " + exercise.run(STEPS / ROUNDS).getLast() + ", seed " + seed;
        if (i % 2 == 1) {
          exercise.untilAlarm();
        }
        List<Boolean> right = levels.stream().map(FakeLine::level).toList();
        StateRecord state = exercise.model().state().save();
        levels.forEach(FakeLine::disturb);
        exercise.model().state().restore(state);
        exercise.model().restored();
        assertEquals(right, levels.stream().map(FakeLine::level).toList(), "levels of lines that reset() drives, when restored" + when);
      }
    }
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
