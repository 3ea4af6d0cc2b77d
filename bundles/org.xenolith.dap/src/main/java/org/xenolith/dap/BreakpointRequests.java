// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.DataBreakpoint;
import org.eclipse.lsp4j.debug.DataBreakpointAccessType;
import org.eclipse.lsp4j.debug.DataBreakpointInfoArguments;
import org.eclipse.lsp4j.debug.DataBreakpointInfoResponse;
import org.eclipse.lsp4j.debug.ExceptionBreakpointsFilter;
import org.eclipse.lsp4j.debug.ExceptionFilterOptions;
import org.eclipse.lsp4j.debug.FunctionBreakpoint;
import org.eclipse.lsp4j.debug.InstructionBreakpoint;
import org.eclipse.lsp4j.debug.SetDataBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetDataBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetInstructionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetInstructionBreakpointsResponse;
import org.xenolith.dap.DapRequest.When;
import org.xenolith.dap.Numbers.Reference;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.WatchedAddress.Space;

/** Requests that say where the machine stops: at instructions, functions, bytes, exceptions and exits. Each says all of its kind. */
final class BreakpointRequests {
  /** Breakpoints of a kind at most. */
  static final int MOST = 100_000;
  private static final String EXCEPTION = "exception";
  private static final String EXIT = "exit-";
  private static final Pattern ANY = Pattern.compile("");

  /** Which request has said them. */
  enum Kind { INSTRUCTION, FUNCTION, DATA, EXCEPTION }

  private final AdaptedMachine machine;
  private final Map<Kind, Map<Integer, StopPlace>> set = new LinkedHashMap<>();
  private int last;

  BreakpointRequests(AdaptedMachine machine) {
    this.machine = machine;
  }

  void addTo(Map<String, DapRequest> requests) {
    DapRequest.add(requests, "setInstructionBreakpoints", When.BRIEFLY, SetInstructionBreakpointsArguments.class, this::instructions);
    DapRequest.add(requests, "setFunctionBreakpoints", When.BRIEFLY, SetFunctionBreakpointsArguments.class, this::functions);
    DapRequest.add(requests, "setDataBreakpoints", When.BRIEFLY, SetDataBreakpointsArguments.class, this::data);
    DapRequest.add(requests, "dataBreakpointInfo", When.BRIEFLY, DataBreakpointInfoArguments.class, this::info);
    DapRequest.add(requests, "setExceptionBreakpoints", When.BRIEFLY, SetExceptionBreakpointsArguments.class, this::exceptions);
  }

  /** All places. */
  Set<StopPlace> places() {
    Set<StopPlace> all = new LinkedHashSet<>();
    set.values().forEach(each -> all.addAll(each.values()));
    return all;
  }

  /** Who has set a place, and their numbers; the kinds in their order. */
  Map<Kind, List<Integer>> numbers(StopPlace place) {
    Map<Kind, List<Integer>> found = new LinkedHashMap<>();
    set.forEach((kind, places) -> {
      List<Integer> numbers = places.entrySet().stream().filter(each -> each.getValue().equals(place)).map(Map.Entry::getKey).toList();
      if (!numbers.isEmpty()) {
        found.put(kind, numbers);
      }
    });
    return found;
  }

  /** What an editor offers besides addresses. */
  static ExceptionBreakpointsFilter[] filters() {
    Stream<ExceptionBreakpointsFilter> exits = Stream.of(ExitKind.values()).map(each -> filter(EXIT + each.text(), "Exits of guest code: "
        + each.text(), "A part of the place that it goes to, as a regular expression"));
    return Stream.concat(Stream.of(filter(EXCEPTION, "Exceptions and interrupts",
        "A part of its name in the architecture's words, as a regular expression")), exits).toArray(ExceptionBreakpointsFilter[]::new);
  }

  private static ExceptionBreakpointsFilter filter(String name, String label, String condition) {
    ExceptionBreakpointsFilter filter = new ExceptionBreakpointsFilter();
    filter.setFilter(name);
    filter.setLabel(label);
    filter.setSupportsCondition(true);
    filter.setConditionDescription(condition);
    return filter;
  }

  /** Tries to set all of a kind anew. The machine is told at once, so that what it can't do is said here. */
  private Breakpoint[] replace(Kind kind, List<Wanted> wanted) {
    if (wanted.size() > MOST) {
      throw new RequestRefused(wanted.size() + " breakpoints: " + MOST + " of a kind are the most");
    }
    Map<Integer, StopPlace> before = set.get(kind);
    Map<Integer, StopPlace> now = new LinkedHashMap<>();
    List<Breakpoint> answers = new ArrayList<>();
    for (Wanted each : wanted) {
      Breakpoint answer = new Breakpoint();
      answer.setId(++last);
      answer.setVerified(each.place().isPresent());
      answer.setMessage(each.why().isEmpty() ? null : each.why());
      if (each.place().isPresent() && each.place().get() instanceof StopPlace.Instruction at) {
        answer.setInstructionReference("0x%x".formatted(at.address()));
      }
      each.place().ifPresent(place -> now.put(answer.getId(), place));
      answers.add(answer);
    }
    set.put(kind, now);
    try {
      machine.stops().apply(places());
    } catch (RuntimeException e) {
      set.put(kind, before == null ? Map.of() : before);
      throw e;
    }
    return answers.toArray(Breakpoint[]::new);
  }

  /** A place, or why there is none. */
  private record Wanted(Optional<StopPlace> place, String why) {
    static Wanted at(StopPlace place) {
      return new Wanted(Optional.of(place), "");
    }

    static Wanted nowhere(String why) {
      return new Wanted(Optional.empty(), why);
    }

    /** Conditions are none of this adapter's. */
    static Optional<Wanted> conditional(String condition, String hits) {
      return condition == null && hits == null ? Optional.empty() : Optional.of(nowhere("conditions aren't served here"));
    }
  }

  private Object instructions(SetInstructionBreakpointsArguments arguments) {
    List<Wanted> wanted = new ArrayList<>();
    for (InstructionBreakpoint each : arguments.getBreakpoints()) {
      wanted.add(Wanted.conditional(each.getCondition(), each.getHitCondition()).orElseGet(() -> instruction(each)));
    }
    SetInstructionBreakpointsResponse response = new SetInstructionBreakpointsResponse();
    response.setBreakpoints(replace(Kind.INSTRUCTION, wanted));
    return response;
  }

  private static Wanted instruction(InstructionBreakpoint breakpoint) {
    try {
      Reference at = Numbers.reference(breakpoint.getInstructionReference()).plus(breakpoint.getOffset());
      return at.physical() ? Wanted.nowhere("instructions are executed at addresses that are no physical ones") : Wanted.at(
          new StopPlace.Instruction(at.address()));
    } catch (RequestRefused e) {
      return Wanted.nowhere(e.getMessage());
    }
  }

  private Object functions(SetFunctionBreakpointsArguments arguments) {
    List<Wanted> wanted = new ArrayList<>();
    for (FunctionBreakpoint each : arguments.getBreakpoints()) {
      wanted.add(Wanted.conditional(each.getCondition(), each.getHitCondition()).orElseGet(() -> machine.named(each.getName()).map(
          symbol -> Wanted.at(new StopPlace.Instruction(symbol.address()))).orElseGet(() -> Wanted.nowhere(
              "no symbol '" + each.getName() + "' is known where CPU " + machine.processor().index() + " executes now"))));
    }
    SetFunctionBreakpointsResponse response = new SetFunctionBreakpointsResponse();
    response.setBreakpoints(replace(Kind.FUNCTION, wanted));
    return response;
  }

  private Object info(DataBreakpointInfoArguments arguments) {
    DataBreakpointInfoResponse response = new DataBreakpointInfoResponse();
    try {
      Evaluator.Value value = new Evaluator(machine).value(arguments.getName());
      long bytes = arguments.getBytes() != null ? arguments.getBytes() : value.bytes();
      if (arguments.getVariablesReference() != null && arguments.getVariablesReference() != 0 || bytes < 1) {
        throw new RequestRefused("registers can't be watched; addresses, symbols and what a register points to can");
      }
      response.setDataId(value.at() + "," + bytes);
      response.setDescription(bytes + " bytes at " + value.at());
      response.setAccessTypes(DataBreakpointAccessType.values());
    } catch (RequestRefused e) {
      response.setDescription(e.getMessage());
    }
    return response;
  }

  private Object data(SetDataBreakpointsArguments arguments) {
    List<Wanted> wanted = new ArrayList<>();
    for (DataBreakpoint each : arguments.getBreakpoints()) {
      wanted.add(Wanted.conditional(each.getCondition(), each.getHitCondition()).orElseGet(() -> data(each)));
    }
    SetDataBreakpointsResponse response = new SetDataBreakpointsResponse();
    response.setBreakpoints(replace(Kind.DATA, wanted));
    return response;
  }

  private static Wanted data(DataBreakpoint breakpoint) {
    String[] parts = breakpoint.getDataId().split(",");
    try {
      if (parts.length != 2) {
        return Wanted.nowhere("'" + breakpoint.getDataId() + "' is none that dataBreakpointInfo has given");
      }
      Reference at = Numbers.reference(parts[0]);
      DataBreakpointAccessType type = breakpoint.getAccessType() == null ? DataBreakpointAccessType.WRITE : breakpoint.getAccessType();
      return Wanted.at(new StopPlace.Access(at.physical() ? Space.PHYSICAL : Space.PROCESSOR, at.address(), Numbers.of(parts[1]),
          type != DataBreakpointAccessType.WRITE, type != DataBreakpointAccessType.READ));
    } catch (RequestRefused | IllegalArgumentException e) {
      return Wanted.nowhere(e.getMessage());
    }
  }

  private Object exceptions(SetExceptionBreakpointsArguments arguments) {
    List<Wanted> wanted = new ArrayList<>();
    for (String each : arguments.getFilters()) {
      wanted.add(exception(each, null));
    }
    if (arguments.getFilterOptions() != null) {
      for (ExceptionFilterOptions each : arguments.getFilterOptions()) {
        wanted.add(exception(each.getFilterId(), each.getCondition()));
      }
    }
    SetExceptionBreakpointsResponse response = new SetExceptionBreakpointsResponse();
    response.setBreakpoints(replace(Kind.EXCEPTION, wanted));
    return response;
  }

  private static Wanted exception(String filter, String condition) {
    try {
      Pattern pattern = condition == null || condition.isBlank() ? ANY : Pattern.compile(condition);
      if (filter.equals(EXCEPTION)) {
        return Wanted.at(new StopPlace.ExceptionTaken(pattern));
      }
      return Stream.of(ExitKind.values()).filter(each -> filter.equals(EXIT + each.text())).findFirst().map(each -> Wanted.at(
          new StopPlace.GuestExit(each, pattern))).orElseGet(() -> Wanted.nowhere("there is no filter '" + filter + "'"));
    } catch (PatternSyntaxException e) {
      return Wanted.nowhere("'" + condition + "' is no regular expression: " + e.getDescription());
    }
  }
}
