// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.OptionName;
import org.xenolith.machine.control.Machine;
import org.xenolith.traces.api.TraceFormat;
import org.xenolith.traces.api.TraceKind;

/** {@code traces} at the monitor prompt. ({@code trace} there is the hypervisor's own record.) */
@Component(service = MonitorCommand.class)
public final class TracesCommand implements MonitorCommand {
  private static final int PATIENCE_SECONDS = 20;
  private final Traces traces;

  /** @param traces writes them */
  @Activate
  public TracesCommand(@Reference Traces traces) {
    this.traces = traces;
  }

  @Override
  public String name() {
    return "traces";
  }

  @Override
  public String help() {
    return """
        traces on [FILE][,KEY=VALUE...]   write what happens from now on into a file, as the option --trace does
        traces off               end it
        traces status            how many events of which kind there are so far
        traces kinds             kinds of events, with what each has, and forms to write them in""";
  }

  @Override
  public String execute(Machine machine, List<String> words) {
    String verb = words.isEmpty() ? "status" : words.getFirst();
    if (words.size() > (verb.equals("on") ? 2 : 1)) {
      throw new BadInput("traces " + verb + ": too many words; help traces says what there is");
    }
    return switch (verb) {
      case "on" -> ask(machine, () -> begin(machine, words.size() > 1 ? words.get(1) : ""));
      case "off" -> ask(machine, () -> end(machine));
      case "status" -> ask(machine, () -> traces.of(machine).map(RunningTrace::status).orElse("off\n"));
      case "kinds" -> kinds();
      default -> throw new BadInput("traces: unknown word '" + verb + "'; there are on, off, status, kinds");
    };
  }

  private String begin(Machine machine, String text) {
    traces.of(machine).ifPresent(earlier -> {
      throw new BadInput("traces on: a trace is written into " + earlier.file() + "; traces off ends it");
    });
    // Nobody reads what is told later but at the prompt: it is an event.
    RunningTrace trace = traces.begin(machine, text, told -> machine.eventLog().announce("trace", "machine", told));
    return "on, into " + trace.file() + "\n";
  }

  private String end(Machine machine) {
    RunningTrace trace = traces.of(machine).orElseThrow(() -> new BadInput("traces: it is off; traces on begins"));
    traces.end(trace);
    return trace.status();
  }

  private String kinds() {
    StringBuilder text = new StringBuilder();
    for (TraceKind kind : traces.kinds()) {
      text.append(kind.name()).append(": ").append(kind.help());
      if (!kind.fields().isEmpty()) {
        text.append(" (").append(String.join(", ", kind.fields().stream().map(field -> field.name()).toList())).append(')');
      }
      text.append('\n');
    }
    for (TraceFormat format : traces.formats()) {
      text.append("format=").append(format.name()).append(": ").append(format.help()).append('\n');
    }
    return text.toString();
  }

  /** Does it on the machine's thread. */
  private static String ask(Machine machine, Supplier<String> what) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    machine.post(() -> {
      try {
        answer.complete(what.get());
      } catch (Throwable e) {
        answer.completeExceptionally(e);
      }
    });
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BadInput bad ? bad : new BadInput("traces: " + e.getCause());
    } catch (TimeoutException e) {
      throw new BadInput("traces: the machine didn't answer within " + PATIENCE_SECONDS
          + " s: it is halted, or its run has ended; a recording is traced from its beginning, by " + OptionName.option("replay") + " and "
          + OptionName.option("trace"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("traces: interrupted");
    }
  }
}
