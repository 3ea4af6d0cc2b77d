// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenolith.command.kit.FileOption;
import org.xenolith.console.api.SerialPort;
import org.xenolith.console.api.SerialPort.ByteSink;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.launch.api.RunEnd.Sight;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.kit.MachineRun;

/**
 * Drives a launched machine to the end of its run, in the same way whoever launched it: a panic ends it, a call into a bundle that doesn't
 * come back can be left, and what the end is called and counts as is one sentence and one exit code ({@link RunEnd}). The machine runs on
 * threads of its own meanwhile. One driver for each machine, used by one thread but for {@link #pause}, {@link #resume}, {@link #halt}, {@link #quit} and {@link #isQuitting}; it may run
 * the machine again and again, as the steps of a scenario do.
 */
public final class RunDriver {
  /** How often is looked whether the machine still answers. */
  private static final long LOOK_MILLISECONDS = 100;
  private static final String SERIAL = "serial";
  private final Launch launch;
  private final Machine machine;
  private final String board;
  private final PanicWatch panic;
  private final HangLimit hangLimit;
  private final Consumer<String> told;
  private Consumer<Optional<Hang>> hanging = now -> {};
  /** What a person is connected to; null if nobody is. */
  private ConsoleEnd console;
  private Optional<Hang> hang = Optional.empty();
  private Hang left;
  private StopReason reason;
  private boolean interrupted;
  private final RunHalts halts;

  /**
   * For a machine that doesn't run yet. What is brought for serial lines is taken to them.
   *
   * @param stopsAtPanic whether a panic on the board's console ends the run
   * @param hangLimit    when a call that doesn't come back ends it
   * @param told         hears what people should know of the run while it goes on, in sentences; on the driver's thread, or a debugger's
   * @throws org.xenolith.command.api.BadInput if a debugger that is asked for can't begin
   */
  public RunDriver(Launch launch, boolean stopsAtPanic, HangLimit hangLimit, Consumer<String> told) {
    this.launch = launch;
    machine = launch.machine();
    board = launch.console();
    this.hangLimit = hangLimit;
    this.told = told;
    halts = new RunHalts(machine, this::tellInterrupted);
    panic = new PanicWatch(machine);
    if (!stopsAtPanic) {
      panic.expect();
    }
    machine.inputHandler(SERIAL, (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
    board(b -> {});
    halts.listener(launch.debug(halts, told));
  }

  /** Connects the board's console, if there is one, in the place of what it was connected to. @param shown is called on the machine's thread */
  public void board(ByteSink shown) {
    if (!board.isEmpty()) {
      machine.port(board, SerialPort.class).connect(b -> {
        panic.accept(b);
        shown.accept(b);
      });
    }
  }

  /**
   * Connects a person's terminal, or standard input and output, first to the board's console. At the end of a run it is told what was typed
   * and nobody read.
   *
   * @param shown is called on the machine's thread
   */
  public ConsoleEnd console(ByteSink shown) {
    console = new ConsoleEnd(machine, board, shown, panic::accept);
    return console;
  }

  /**
   * Says where outside input comes from, before the first run: what is brought, which a journal may record, and networks that are asked for, or a recorded journal.
   *
   * @param record  the option {@code record}
   * @param command how the machine is made, for the journal's header; empty for nothing
   * @param replay  the option {@code replay}
   * @param person  whether somebody brings input while it runs: virtual time in which the guest waits then passes as theirs does
   * @throws org.xenolith.command.api.BadInput if a file can't be used, or a network can't be opened
   */
  public void input(Optional<Path> record, String command, Optional<Path> replay, boolean person) {
    record.ifPresent(file -> FileOption.use("record", file, to -> machine.record(to, command)));
    replay.ifPresent(file -> FileOption.use("replay", file, machine::replay));
    machine.governor(person && replay.isEmpty());
    if (replay.isEmpty()) {
      launch.connect(told);
    }
  }

  /** Has somebody told when the call that doesn't come back is another, or none is any more, or there is more to say of it. */
  public void onHang(Consumer<Optional<Hang>> listener) {
    hanging = listener;
  }

  /**
   * Says that a person has a prompt for this machine, before its first run.
   *
   * @param told is given what to tell them when the machine was halted, and then gives them the prompt; any thread
   */
  public void attended(Consumer<String> told) {
    halts.attended(told);
  }

  /** Looks for a panic on the board's console. */
  public PanicWatch panic() {
    return panic;
  }

  /**
   * Runs the machine to a limit, or to whatever else ends it.
   *
   * @param over whether what the run is for has come, so that a panic at the same moment leaves no time
   * @return why it ended, as of {@link Machine#run}; null if it was {@link #left} in a call that doesn't come back
   */
  public StopReason run(RunLimit limit, BooleanSupplier over) {
    halts.over(false);
    do {
      reason = panic.run(limit, this::drive, over);
    } while (reason == StopReason.STOPPED && !over.getAsBoolean() && halts.stoodStill());
    halts.over(reason != null);
    if (console != null && reason != null) {
      console.tellUnread();
    }
    return reason;
  }

  /**
   * Runs the machine to a moment, or to whatever else ends it: to the instruction, and on to the time, in which no CPU executes any. The time alone wouldn't do, as several CPUs execute within one
   * nanosecond.
   *
   * @param instructions executed by then on all CPUs together
   * @param nanoseconds  virtual time then
   * @return as of {@link #run}; {@link StopReason#LIMIT} if it came there
   */
  public @Nullable StopReason runTo(long instructions, long nanoseconds, BooleanSupplier over) {
    StopReason end = run(new RunLimit(Long.MAX_VALUE, instructions), over);
    return end == StopReason.LIMIT ? run(new RunLimit(nanoseconds, Long.MAX_VALUE), over) : end;
  }

  private @Nullable StopReason drive(RunLimit limit) {
    if (!halts.begins()) {
      return StopReason.STOPPED;
    }
    MachineRun run = MachineRun.begin(machine, limit);
    for (;;) {
      Optional<StopReason> end = await(run);
      look(end.isPresent() ? Optional.empty() : machine.hang());
      if (end.isPresent()) {
        halts.ended(end.get() == StopReason.STOPPED);
        return end.get();
      }
      if (hang.isPresent() && (isQuitting() || hangLimit.reached(hang.get()))) {
        left = hang.get();
        return null;
      }
    }
  }

  /** Waits for a moment; what a bundle does to this thread doesn't end that. */
  private Optional<StopReason> await(MachineRun run) {
    try {
      return run.await(LOOK_MILLISECONDS);
    } catch (InterruptedException e) {
      tellInterrupted();
      return Optional.empty();
    }
  }

  private void tellInterrupted() {
    if (!interrupted) {
      interrupted = true;
      told.accept("a bundle interrupts threads that aren't its own; the run goes on");
    }
  }

  private void look(Optional<Hang> now) {
    boolean other = !now.map(Hang::toString).equals(hang.map(Hang::toString));
    hang = now;
    if (other) {
      hanging.accept(now);
    }
  }

  /**
   * Has the machine stand still from its next safe point on until it is resumed; the run goes on meanwhile, as far as who runs it knows. Any
   * thread.
   */
  public void pause() {
    halts.pause();
  }

  /** Lets a paused machine run on, as if nothing had been, unless a debugger has halted it. Any thread. */
  public void resume() {
    halts.unpause();
  }

  /** Has the machine stand still as a debugger halts it: the next run begins when one lets it go on. Any thread. */
  public void halt() {
    halts.halt();
  }

  /** Ends the run: the machine stops at the next safe point, or is left in a call that doesn't come back. Any thread. */
  public void quit() {
    halts.quit();
  }

  /** Whether somebody wants the run to end. Any thread. */
  public boolean isQuitting() { return halts.isQuitting(); }

  /** The call that the machine was left in; null if it wasn't. */
  public Hang left() {
    return left;
  }

  /**
   * The end of the latest run. The machine must stand still.
   *
   * @param sight what was seen of what was waited for
   */
  public RunEnd end(Sight sight) {
    boolean blind = sight == Sight.UNASKED && console != null && console.blind();
    return panic.end(reason, blind ? Sight.BLIND : sight);
  }
}
