// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.history.api.Arrival;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;

/** Why a machine was halted, as a debugger is told: packet T. */
final class StopReply {
  private static final int INTERRUPT = 2;
  private static final int TRAP = 5;
  private final DebuggedMachine machine;
  private String last = "";
  /** Whether LLDB wants all threads in it. */
  private boolean allThreads;
  private boolean kinds;

  StopReply(DebuggedMachine machine) {
    this.machine = machine;
  }

  void allThreads() {
    allThreads = true;
  }

  /** The debugger knows of software and hardware breakpoints. */
  void kinds() {
    kinds = true;
  }

  /** The debugger has attached to an inferior, which stands still. */
  Reply attached(Inferiors.Named thread) {
    machine.choose(thread.processor());
    machine.inferiors().choose(thread.inferior());
    // Without registers: the debugger doesn't know yet which there are.
    last = "T%02xthread:%s;".formatted(TRAP, machine.inferiors().id(thread.inferior(), thread.processor()));
    return new Reply(last);
  }

  /** The same once more; of a machine that was halted for the debugger, a trap. */
  Reply again() {
    return last.isEmpty() ? make(TRAP, machine.processor(), "") : new Reply(last);
  }

  /**
   * The reply to a run that has ended.
   *
   * @param reached     breakpoints and watchpoints
   * @param step        who was to step
   * @param interrupted whether the debugger has asked for it to end
   */
  Reply of(List<StopReport> reached, ResumeRequest request, boolean interrupted) {
    if (!reached.isEmpty()) {
      StopReport report = reached.getFirst();
      machine.breakpoints().guest(report.place()).ifPresent(guest -> machine.inferiors().choose(Inferiors.of(guest)));
      Optional<InspectedProcessor> at = report.processor().isPresent() ? machine.inspected().processor(report.processor().getAsInt())
          : Optional.empty();
      return make(TRAP, at.orElseGet(machine::processor), reason(report));
    }
    Optional<InspectedProcessor> stepped = request.step().isPresent() ? machine.inspected().processor(request.step().getAsInt()) : Optional
        .empty();
    return make(interrupted ? INTERRUPT : TRAP, stepped.orElseGet(machine::processor), "");
  }

  /**
   * The reply to a move through the past.
   *
   * @param arrival why it ended
   * @param request who was to step
   */
  Reply of(Arrival arrival, ResumeRequest request) {
    InspectedProcessor stepped = request.step().isPresent() ? machine.inspected().processor(request.step().getAsInt()).orElseGet(
        machine::processor) : machine.processor();
    return switch (arrival.why()) {
      case STOP -> of(arrival.reached(), request, false);
      case THERE -> make(TRAP, stepped, "");
      case FIRST -> make(TRAP, stepped, "replaylog:begin;");
      case PRESENT -> make(TRAP, stepped, "replaylog:end;");
      case CANCELLED -> make(INTERRUPT, stepped, "");
    };
  }

  private String reason(StopReport report) {
    return switch (report.place()) {
      case StopPlace.Access access -> (access.read() && access.write() ? "awatch" : access.read() ? "rwatch" : "watch") + ":%x;".formatted(
          address(
              access, report.address()));
      case StopPlace.Instruction place when kinds && machine.breakpoints().set(place) -> machine.breakpoints().hardware(place) ? "hwbreak:;"
          : "swbreak:;";
      default -> "";
    };
  }

  /** An address that is watched: the access may begin before it. */
  private static long address(StopPlace.Access access, long met) {
    long inside = met - access.first();
    return Long.compareUnsigned(inside, access.length()) < 0 ? met : access.first();
  }

  private Reply make(int signal, InspectedProcessor processor, String reason) {
    machine.choose(processor);
    Inferiors inferiors = machine.inferiors();
    if (!inferiors.executes(processor, inferiors.chosen())) {
      inferiors.choose(Inferiors.MACHINE);
    }
    NumberedRegisters registers = machine.registers();
    String threads = "";
    if (allThreads) {
      threads = "threads:" + machine.processors().stream().map(machine.inferiors()::id).collect(Collectors.joining(",")) + ";thread-pcs:"
          + machine.processors().stream().map(each -> "%x".formatted(each.place().address())).collect(Collectors.joining(",")) + ";";
    }
    last = "T%02xthread:%s;%s%x:%s;%s".formatted(signal, inferiors.id(inferiors.chosen(), processor), threads, registers.pc(), registers
        .value(
            processor,
            registers.pc()), reason);
    return new Reply(last);
  }
}
