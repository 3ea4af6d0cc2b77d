// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.control.Machine;
import org.xenolith.traces.api.TraceEvent;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceFormat;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceSource;
import org.xenolith.traces.api.TraceStream;
import org.xenolith.traces.api.TraceWriter;

/**
 * One machine's trace while it is written. Sources tell it on the machine's thread; a few events come from another one, and it may be ended from any: it is locked for each event, which nobody else
 * waits for.
 */
final class RunningTrace {
  private static final int MEGA = 1_000_000;

  private final Machine machine;
  private final TraceFormat format;
  private final TraceWriter writer;
  private final TraceSettings settings;
  private final Consumer<String> people;
  private final List<SourceStream> sources = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  /** Which domain each CPU executes. */
  private final int[] domains;
  private MachineEnd end = new MachineEnd(() -> {});
  private long last;
  private long written;
  private long dropped;
  private boolean over;

  /** A source with what it began; it tells by this. */
  private final class SourceStream implements TraceStream {
    private final TraceSource source;
    private final Map<TraceKind, Boolean> wanted = new IdentityHashMap<>();
    private TraceSource.Ending ending = () -> {};
    private boolean deaf;

    SourceStream(TraceSource source) {
      this.source = source;
      source.kinds().forEach(kind -> wanted.put(kind, settings.filter().wantsKind(kind.name()) && format.takes(kind)));
    }

    @Override
    public boolean wants(TraceKind kind) {
      return wanted.getOrDefault(kind, false);
    }

    @Override
    public void tell(TraceKind kind, int domain, String device, Object... values) {
      Boolean wants = wanted.get(kind);
      if (wants == null) {
        throw new IllegalArgumentException("events of a kind that " + source.getClass().getName() + " hasn't declared: " + kind.name());
      }
      check(kind, values);
      if (wants && !deaf) {
        RunningTrace.this.tell(kind, domain, device, values);
      }
    }

    @Override
    public void executes(int cpu, int domain) {
      if (cpu >= 0 && cpu < domains.length) {
        domains[cpu] = domain;
      }
    }

    /** Ends it, on the machine's thread or while it stands still; nothing the second time. */
    void end() {
      deaf = true;
      TraceSource.Ending once = ending;
      ending = () -> {};
      once.end();
    }
  }



  /**
   * Begins nothing yet.
   *
   * @param told hears, in sentences, what people should know; any thread
   */
  RunningTrace(Machine machine, TraceFormat format, TraceWriter writer, TraceSettings settings, Consumer<String> told) {
    this.machine = machine;
    this.format = format;
    this.writer = writer;
    this.settings = settings;
    people = told;
    domains = new int[machine.processors().size()];
    Arrays.fill(domains, TraceStream.NO_DOMAIN);
  }

  /** Has a source tell from now on; on the machine's thread or while it stands still. */
  void begin(TraceSource source) {
    SourceStream stream = new SourceStream(source);
    sources.add(stream);
    stream.ending = source.begin(machine, stream);
  }

  private static void check(TraceKind kind, Object[] values) {
    List<TraceField> fields = kind.fields();
    boolean right = values.length == fields.size();
    for (int i = 0; right && i < values.length; i++) {
      right = fields.get(i).takes(values[i]);
    }
    if (!right) {
      throw new IllegalArgumentException(kind.name() + ": values " + Arrays.toString(values) + " for " + fields);
    }
  }

  private synchronized void tell(TraceKind kind, int domain, String device, Object[] values) {
    if (over) {
      return;
    }
    int cpu = machine.executing();
    last = Math.max(last, machine.now());
    TraceEvent event = new TraceEvent(kind, last, cpu, domain == TraceStream.NO_DOMAIN && cpu >= 0 ? domains[cpu] : domain, device, Arrays
        .asList(values));
    if (!settings.filter().wants(event)) {
      return;
    }
    if (dropped > 0 || writer.size() >= settings.limit()) {
      dropped++;
      return;
    }
    try {
      writer.write(event);
      written++;
      counts.merge(kind.name(), 1L, Long::sum);
    } catch (IOException e) {
      over = true;
      String trouble = HostReason.of(e).text();
      try {
        writer.close(dropped);
      } catch (IOException again) {
        // It was said why.
      }
      people.accept("the trace in " + file() + " is cut after " + written + " events (" + trouble + "); the machine goes on");
    }
  }

  Machine machine() {
    return machine;
  }

  TraceFormat format() {
    return format;
  }

  Path file() {
    return settings.file();
  }

  /** Whether nothing is written any more. */
  synchronized boolean isOver() { return over; }

  /** What there is so far, in a few lines. */
  synchronized String status() {
    StringBuilder text = new StringBuilder();
    text.append(over ? "over; " : "on; ").append(sum()).append('\n');
    counts.forEach((kind, count) -> text.append(String.format(Locale.ROOT, "%12d %s%n", count, kind)));
    return text.toString();
  }

  private String sum() {
    return written + " events in " + file() + String.format(Locale.ROOT, " (%s, %.1f MB)", format.name(), writer.size() / (double) MEGA)
        + (dropped == 0 ? "" : "; " + dropped + " more had no room, as the limit is " + (settings.limit() >> 10)
            + " KiB: say limit=SIZE, or "
            + "fewer kinds");
  }

  /** A source goes: it tells nothing more. Any thread. */
  void leave(TraceSource source) {
    for (SourceStream each : List.copyOf(sources)) {
      if (each.source == source && !each.deaf) {
        each.deaf = true;
        machine.post(each::end);
        if (!isOver()) {
          people.accept("the trace in " + file() + " has nothing more of what " + source.getClass().getSimpleName()
              + " told, whose bundle was removed or replaced");
        }
      }
    }
  }

  /** Ends the file well, and says what it has; nothing if it is over. Any thread. @param why begins a sentence; empty for no reason */
  synchronized void finish(String why) {
    if (over) {
      return;
    }
    over = true;
    try {
      writer.close(dropped);
      people.accept("trace: " + why + sum());
    } catch (IOException e) {
      people.accept("the trace in " + file() + " could not be ended (" + HostReason.of(e).text() + ")");
    }
  }

  /** Has somebody wait for the machine's end, until this ends; on the machine's thread or while it stands still. */
  void end(MachineEnd waiting) {
    machine.watch(waiting);
    end = waiting;
  }

  /** Has nobody tell any more: on the machine's thread, or while it stands still. */
  void end() {
    sources.forEach(SourceStream::end);
    machine.forget(end);
  }
}
