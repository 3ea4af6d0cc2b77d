// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
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
import org.xenolith.command.api.BadInput;
import org.xenolith.dap.DapRequest.When;
import org.xenolith.dap.Numbers.Reference;
import org.xenolith.dap.PlantedBreakpoints.Kind;
import org.xenolith.dap.PlantedBreakpoints.Planted;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.kit.BreakCondition;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.WatchedAddress.Space;

/** Requests that say where the machine stops: at instructions, functions, bytes, exceptions and exits. Each says all of its kind. */
final class BreakpointRequests {
  /** Breakpoints of a kind at most. */
  static final int MOST = 100_000;
  private static final String EXCEPTION = "exception";
  private static final String EXIT = "exit-";
  private static final Pattern ANY = Pattern.compile("");
  private static final Pattern HITS = Pattern.compile("(==|!=|<=|>=|<|>)?\\s*([0-9]{1,18})");
  private static final int MOST_WORDS = 1000;

  private final AdaptedMachine machine;
  private final PlantedBreakpoints planted;
  private int last;

  BreakpointRequests(AdaptedMachine machine, PlantedBreakpoints planted) {
    this.machine = machine;
    this.planted = planted;
  }

  void addTo(Map<String, DapRequest> requests) {
    DapRequest.add(requests, "setInstructionBreakpoints", When.BRIEFLY, SetInstructionBreakpointsArguments.class, arguments -> {
      SetInstructionBreakpointsResponse response = new SetInstructionBreakpointsResponse();
      response.setBreakpoints(set(Kind.INSTRUCTION, arguments.getBreakpoints(), each -> instruction(each).when(condition(each
          .getCondition(), each.getHitCondition()))));
      return response;
    });
    DapRequest.add(requests, "setFunctionBreakpoints", When.BRIEFLY, SetFunctionBreakpointsArguments.class, arguments -> {
      SetFunctionBreakpointsResponse response = new SetFunctionBreakpointsResponse();
      response.setBreakpoints(set(Kind.FUNCTION, arguments.getBreakpoints(), each -> function(each).when(condition(each.getCondition(), each
          .getHitCondition()))));
      return response;
    });
    DapRequest.add(requests, "setDataBreakpoints", When.BRIEFLY, SetDataBreakpointsArguments.class, arguments -> {
      SetDataBreakpointsResponse response = new SetDataBreakpointsResponse();
      response.setBreakpoints(set(Kind.DATA, arguments.getBreakpoints(), each -> data(each).when(condition(each.getCondition(), each
          .getHitCondition()))));
      return response;
    });
    DapRequest.add(requests, "dataBreakpointInfo", When.BRIEFLY, DataBreakpointInfoArguments.class, this::info);
    DapRequest.add(requests, "setExceptionBreakpoints", When.BRIEFLY, SetExceptionBreakpointsArguments.class, arguments -> {
      SetExceptionBreakpointsResponse response = new SetExceptionBreakpointsResponse();
      response.setBreakpoints(set(Kind.EXCEPTION, exceptions(arguments), each -> exception(each.getFilterId(), each.getCondition())));
      return response;
    });
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

  /** A breakpoint, or why there is none. */
  private record Wanted(Optional<StopPlace> place, Optional<BreakCondition> condition, String why) {
    static Wanted at(StopPlace place) {
      return new Wanted(Optional.of(place), Optional.empty(), "");
    }

    static Wanted nowhere(String why) {
      return new Wanted(Optional.empty(), Optional.empty(), why);
    }

    /** The same if something holds. */
    Wanted when(Optional<BreakCondition> newCondition) {
      return new Wanted(place, newCondition, why);
    }
  }

  /**
   * Sets all of a kind anew.
   *
   * @param said what the client says of each
   * @param read what that is; throws {@link RequestRefused} if there can be none
   */
  private <B> Breakpoint[] set(Kind kind, B[] said, Function<B, Wanted> read) {
    if (said.length > MOST) {
      throw new RequestRefused(said.length + " breakpoints: " + MOST + " of a kind are the most");
    }
    Map<Integer, Planted> now = new LinkedHashMap<>();
    List<Breakpoint> answers = new ArrayList<>();
    for (B each : said) {
      Wanted wanted = wanted(each, read);
      Breakpoint answer = new Breakpoint();
      answer.setId(++last);
      answer.setVerified(wanted.place().isPresent());
      answer.setMessage(wanted.why().isEmpty() ? null : wanted.why());
      if (wanted.place().isPresent() && wanted.place().get() instanceof StopPlace.Instruction at) {
        answer.setInstructionReference("0x%x".formatted(at.address()));
      }
      wanted.place().ifPresent(place -> now.put(answer.getId(), new Planted(place, wanted.condition())));
      answers.add(answer);
    }
    planted.replace(kind, now);
    return answers.toArray(Breakpoint[]::new);
  }

  private static <B> Wanted wanted(B said, Function<B, Wanted> read) {
    try {
      return read.apply(said);
    } catch (RequestRefused | BadInput | IllegalArgumentException e) {
      return Wanted.nowhere(e.getMessage());
    }
  }

  /**
   * What must hold for a breakpoint to stop the machine, in the words of the monitor prompt.
   *
   * @param text     null or empty for nothing
   * @param hitCount a number with a comparison before it, {@code >=} if there is none; null or empty for nothing
   */
  private Optional<BreakCondition> condition(String text, String hitCount) {
    List<String> words = new ArrayList<>();
    if (text != null && !text.isBlank()) {
      words.addAll(List.of(text.strip().split("\\s+")));
    }
    if (hitCount != null && !hitCount.isBlank()) {
      Matcher hits = HITS.matcher(hitCount.strip());
      if (!hits.matches()) {
        throw new RequestRefused("'" + hitCount
            + "' is no count of hits: expected a number, perhaps with ==, !=, <, <=, > or >= before it");
      }
      words.addAll(words.isEmpty() ? List.of() : List.of("and"));
      words.addAll(List.of("hits", hits.group(1) == null ? ">=" : hits.group(1), hits.group(2)));
    }
    if (words.size() > MOST_WORDS) {
      throw new RequestRefused("the condition has more than " + MOST_WORDS + " words");
    }
    return words.isEmpty() ? Optional.empty() : Optional.of(BreakCondition.of(machine.withNames(), machine.processor(), words, true));
  }

  private static Wanted instruction(InstructionBreakpoint breakpoint) {
    Reference at = Numbers.reference(breakpoint.getInstructionReference()).plus(breakpoint.getOffset());
    return at.physical() ? Wanted.nowhere("instructions are executed at addresses that are no physical ones") : Wanted.at(
        new StopPlace.Instruction(at.address()));
  }

  private Wanted function(FunctionBreakpoint breakpoint) {
    return machine.named(breakpoint.getName()).map(symbol -> Wanted.at(new StopPlace.Instruction(symbol.address()))).orElseGet(
        () -> Wanted.nowhere("no symbol '" + breakpoint.getName() + "' is known where CPU " + machine.processor().index()
            + " executes now"));
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

  private static Wanted data(DataBreakpoint breakpoint) {
    String[] parts = breakpoint.getDataId().split(",");
    if (parts.length != 2) {
      return Wanted.nowhere("'" + breakpoint.getDataId() + "' is none that dataBreakpointInfo has given");
    }
    Reference at = Numbers.reference(parts[0]);
    DataBreakpointAccessType type = breakpoint.getAccessType() == null ? DataBreakpointAccessType.WRITE : breakpoint.getAccessType();
    return Wanted.at(new StopPlace.Access(at.physical() ? Space.PHYSICAL : Space.PROCESSOR, at.address(), Numbers.of(parts[1]),
        type != DataBreakpointAccessType.WRITE, type != DataBreakpointAccessType.READ));
  }

  private static ExceptionFilterOptions[] exceptions(SetExceptionBreakpointsArguments arguments) {
    Stream<ExceptionFilterOptions> plain = Stream.of(arguments.getFilters()).map(each -> {
      ExceptionFilterOptions option = new ExceptionFilterOptions();
      option.setFilterId(each);
      return option;
    });
    return Stream.concat(plain, arguments.getFilterOptions() == null ? Stream.empty() : Stream.of(arguments.getFilterOptions())).toArray(
        ExceptionFilterOptions[]::new);
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
