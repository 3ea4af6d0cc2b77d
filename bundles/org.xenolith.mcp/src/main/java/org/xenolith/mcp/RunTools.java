// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.launch.kit.ConsoleEnd;
import org.xenolith.machine.control.Machine;

/** Tools that are no words of the prompt: to let the machine go on, to read and type at its console, and to see how it stands. */
final class RunTools {
  private static final int USUAL_SECONDS = 20;
  private static final int MOST_SECONDS = 600;
  private static final int USUAL_LINES = 20;
  private static final double MOST_LINES = 2000;
  private static final double MOST_VIRTUAL = 1e6;
  private static final double NANOSECONDS = 1e9;
  private final SteeredRun run;
  private final ConsoleText console;
  private final ConsoleEnd end;
  private final Supplier<Optional<MachineHistories>> histories;

  RunTools(SteeredRun run, ConsoleText console, ConsoleEnd end, Supplier<Optional<MachineHistories>> histories) {
    this.run = run;
    this.console = console;
    this.end = end;
    this.histories = histories;
  }

  /** All of them. @param writes whether the client may type */
  List<MachineTool> tools(boolean writes) {
    List<MachineTool> tools = new ArrayList<>();
    tools.add(new MachineTool("run",
        "Lets the machine go on until a text is on its console, a virtual time has passed, a break is reached, its run ends, or the host's"
            + " patience does; then it stands still again, as it does at the beginning. Answers why it stands, where, and what the guest wrote meanwhile.",
        List.of(
            ToolParameter.text("until", "a regular expression, looked for in each line of the console as it is written"),
            ToolParameter.number("seconds", "of virtual time to go on"),
            ToolParameter.number("patience", "seconds of the host, " + USUAL_SECONDS + " unless said, " + MOST_SECONDS + " at most")), true,
        this::run));
    tools.add(new MachineTool("status",
        "How the machine stands: instructions, virtual time, whether its run has ended, whether it is the past that is looked at.",
        List.of(), true, said -> status()));
    tools.add(new MachineTool("console", "The last lines that the guest has written to its console.", List.of(ToolParameter.number("lines",
        USUAL_LINES
            + " unless said")), true, said -> console.last((int) said.number("lines", MOST_LINES).orElse(USUAL_LINES))));
    tools.add(new MachineTool("devices", "The machine's devices: node, model, and the bundle that serves it.", List.of(), true,
        said -> devices()));
    if (writes) {
      tools.add(new MachineTool("type", "Types at the guest's console; an input, which the machine takes when it goes on (run).", List.of(
          ToolParameter.text("text",
              "what is typed; a line ends with \\n")), false, this::type));
    }
    return tools;
  }

  private String run(ToolArguments said) {
    checkPresent("can go on");
    OptionalLong until = said.number("seconds", MOST_VIRTUAL).stream().mapToLong(each -> run.machine().now() + (long) (each * NANOSECONDS))
        .findFirst();
    int patience = (int) said.number("patience", MOST_SECONDS).orElse(USUAL_SECONDS);
    Optional<Pattern> text = said.text("until").map(RunTools::pattern);
    console.fresh();
    String why = run.go(text.orElse(null), until, patience);
    String wrote = console.fresh();
    return why + status() + (wrote.isEmpty() ? "" : "console:\n" + wrote);
  }

  private void checkPresent(String what) {
    looked().ifPresent(past -> {
      throw new BadInput("this is the past, " + past + "; 'present' leads back to the machine that " + what);
    });
  }

  private static Pattern pattern(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new BadInput("parameter 'until': " + e.getDescription() + " at position " + e.getIndex() + " of '" + text + "'");
    }
  }

  /** The moment of the past that is looked at; empty for the present. */
  private Optional<Moment> looked() {
    return histories.get().flatMap(each -> each.of(run.machine())).flatMap(each -> each.shown().map(PastMachine::moment).or(
        each::inOtherProcess));
  }

  private String status() {
    Machine machine = run.machine();
    String ended = run.end().map(how -> "the run has ended: " + how + "\n").orElse("");
    String past = looked().map(each -> "what is looked at is the past, " + each + "; present leads back\n").orElse("");
    return "%d instructions, %.9f virtual seconds%n".formatted(machine.instructions(), machine.now() / NANOSECONDS) + ended + past;
  }

  private String devices() {
    return run.look(() -> run.machine().devices().stream().map(each -> "%-34s %-14s %s%n".formatted(each.instance(), each.model().isEmpty()
        ? "(absent)" : each.model(), each.bundle())).collect(Collectors.joining()));
  }

  private String type(ToolArguments said) {
    checkPresent("reads what is typed");
    String text = said.text("text").orElse("");
    if (text.isEmpty()) {
      throw new BadInput("parameter 'text' is missing");
    }
    if (!end.present()) {
      throw new BadInput("the machine has no console");
    }
    end.type(text.getBytes(StandardCharsets.UTF_8));
    return "typed\n";
  }
}
