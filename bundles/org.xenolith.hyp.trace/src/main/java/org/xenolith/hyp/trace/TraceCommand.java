// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.trace;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.kit.TraceRing;
import org.xenolith.machine.control.Machine;

/**
 * {@code trace} at the monitor prompt and in the OSGi shell. Looking isn't input of the machine: it isn't journalled, and a
 * machine does the same whether it is looked at or not.
 */
@Component
public final class TraceCommand implements MonitorCommand {
  private static final int PATIENCE_SECONDS = 10;
  private static final int LINES = 40;

  @Override
  public String name() {
    return "trace";
  }

  @Override
  public String help() {
    return """
        trace on                 record traps, hypercalls, events, grants, interrupts of the hypervisor
        trace off                record no more; what was recorded stays
        trace show [N]           the latest N entries (40)
        trace save FILE          all entries that are kept into a file of the host
        trace clear              forget what was recorded
        trace calls              hypercalls that are served, their operations, who may ask for them, and their structures""";
  }

  @Override
  public String execute(Machine machine, List<String> words) {
    if (machine.platform().node(HypervisorNode.PATH).isEmpty()) {
      throw new BadInput("trace: this machine has no hypervisor; boot with " + option("hypervisor"));
    }
    HypervisorTracePort trace = machine.port(HypervisorNode.PATH, HypervisorTracePort.class);
    TraceRing record = machine.port(HypervisorNode.PATH, TraceRing.class);
    String verb = words.isEmpty() ? "" : words.getFirst();
    String argument = words.size() > 1 ? words.get(1) : "";
    int most = verb.equals("show") || verb.equals("save") ? 2 : 1;
    if (words.size() > most) {
      throw new BadInput("trace " + verb + ": too many words; help trace says what there is");
    }
    return switch (verb) {
      case "on" -> ask(machine, trace, TraceCommand::begin);
      case "off" -> ask(machine, trace, t -> {
        t.want(false);
        return "off; " + record.written() + " entries\n";
      });
      case "clear" -> ask(machine, trace, t -> {
        record.clear();
        return "";
      });
      case "show" -> {
        int lines = count(argument);
        yield text(machine, ask(machine, trace, t -> record.last(lines)));
      }
      case "save" -> save(machine, argument, ask(machine, trace, t -> record.last(TraceRing.ENTRIES)));
      case "calls" -> {
        HypercallsPort hypercalls = machine.port(HypervisorNode.PATH, HypercallsPort.class);
        yield ask(machine, trace, t -> DeclaredCalls.text(hypercalls));
      }
      case "" -> ask(machine, trace, t -> (t.wanted() ? "on; " : "off; ") + record.written() + " entries, the latest "
          + TraceRing.ENTRIES + " are kept\n");
      default -> throw new BadInput("trace: unknown word '" + verb + "'; there are on, off, show, save, clear, calls");
    };
  }

  private static String begin(HypervisorTracePort trace) {
    trace.want(true);
    return trace.present() ? "on\n" : "on as soon as there is a recorder: add a bundle with the subsystem trace\n";
  }

  private static int count(String text) {
    if (text.isEmpty()) {
      return LINES;
    }
    if (!text.matches("[0-9]{1,6}") || text.matches("0+")) {
      throw new BadInput("trace show: '" + text + "' is no number of lines, 1 to " + TraceRing.ENTRIES);
    }
    return Integer.parseInt(text);
  }

  /** Asks on the machine's thread: the record is written there. */
  private static <T> T ask(Machine machine, HypervisorTracePort trace, Function<HypervisorTracePort, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    machine.post(() -> answer.complete(question.apply(trace)));
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new BadInput("trace: " + e.getCause());
    } catch (TimeoutException e) {
      throw new BadInput("trace: the machine didn't answer within " + PATIENCE_SECONDS + " s: is it running?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("trace: interrupted");
    }
  }

  private static TraceLines lines(Machine machine) {
    return new TraceLines(machine.port(HypervisorNode.PATH, ArchitectureFactsPort.class));
  }

  private static String text(Machine machine, List<TraceRing.Entry> entries) {
    TraceLines lines = lines(machine);
    StringBuilder text = new StringBuilder();
    entries.forEach(entry -> text.append(lines.line(entry)).append('\n'));
    return text.isEmpty() ? "nothing was recorded; trace on begins\n" : text.toString();
  }

  private static String save(Machine machine, String file, List<TraceRing.Entry> entries) {
    if (file.isEmpty()) {
      throw new BadInput("trace save: name a file");
    }
    TraceLines lines = lines(machine);
    try (Writer out = Files.newBufferedWriter(Path.of(file))) {
      for (TraceRing.Entry entry : entries) {
        out.append(lines.line(entry)).append('\n');
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new BadInput("trace save: " + file + " can't be written: " + HostReason.of(Path.of(file), e).text()
          + "; name a file in a folder that exists");
    }
    return entries.size() + " entries in " + file + "\n";
  }
}
