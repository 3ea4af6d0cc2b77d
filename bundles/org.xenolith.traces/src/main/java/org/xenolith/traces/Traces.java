// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.control.Machine;
import org.xenolith.traces.api.TraceFormat;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceSource;
import org.xenolith.traces.api.TraceWriter;

/** All traces that are written, and who tells of events and writes forms: services that come and go. */
@Component(service = Traces.class)
public final class Traces {
  private static final String FOLDERS = "ctf2";
  private final List<TraceSource> sources = new CopyOnWriteArrayList<>();
  private final List<TraceFormat> formats = new CopyOnWriteArrayList<>();
  private final Set<RunningTrace> running = ConcurrentHashMap.newKeySet();

  /** A source comes: traces that begin from now on have it. */
  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  public void addSource(TraceSource source) {
    sources.add(source);
  }

  /** A source goes. */
  public void removeSource(TraceSource source) {
    sources.remove(source);
    running.forEach(trace -> trace.leave(source));
  }

  /** A form comes. */
  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  public void addFormat(TraceFormat format) {
    formats.add(format);
  }

  /** A form goes, and what is written in it ends. */
  public void removeFormat(TraceFormat format) {
    formats.remove(format);
    running.stream().filter(trace -> trace.format() == format).forEach(trace -> leave(trace,
        "ended, as the bundle that writes it was removed or replaced; "));
  }

  /** The bundle goes while machines run: all files are ended, and nobody may call its classes any more. */
  @Deactivate
  void close() {
    running.forEach(trace -> leave(trace, "ended, as its bundle was removed or replaced; "));
  }

  private void leave(RunningTrace trace, String why) {
    running.remove(trace);
    trace.finish(why);
    trace.machine().post(trace::end);
  }

  /** Kinds by name, of all sources. */
  List<TraceKind> kinds() {
    return sources.stream().flatMap(source -> source.kinds().stream()).sorted(Comparator.comparing(TraceKind::name)).toList();
  }

  /** Forms by name. */
  List<TraceFormat> formats() {
    return formats.stream().sorted(Comparator.comparing(TraceFormat::name)).toList();
  }

  /** @throws BadInput if there is no such kind or form */
  TraceFormat check(String text, TraceSettings settings) {
    Set<String> unknown = new TreeSet<>(settings.filter().kinds());
    kinds().forEach(kind -> unknown.remove(kind.name()));
    if (!unknown.isEmpty()) {
      throw BadInput.at(TraceSettings.OPTION, text, "no installed bundle tells of events of the kind " + String.join(", ", unknown)
          + "; there are " + kinds().stream().map(TraceKind::name).collect(Collectors.joining(", ")));
    }
    return format(settings).orElseThrow(() -> BadInput.at(TraceSettings.OPTION, text, "no installed bundle writes such a trace"
        + settings.format().map(name -> ": '" + name + "'").orElse("") + "; there are the formats " + formats().stream().map(
            TraceFormat::name).collect(Collectors.joining(", "))));
  }

  private Optional<TraceFormat> format(TraceSettings settings) {
    if (settings.format().isPresent()) {
      return formats().stream().filter(each -> each.name().equals(settings.format().get())).findFirst();
    }
    String name = settings.file().toString();
    return formats().stream().filter(each -> each.ending().filter(name::endsWith).isPresent()).findFirst().or(() -> formats().stream()
        .filter(each -> each.name().equals(FOLDERS)).findFirst());
  }

  /**
   * Begins a trace: on the machine's thread at a safe point, or while it stands still.
   *
   * @param text what was said, for complaints
   * @param told hears, in sentences, what people should know; any thread
   * @throws BadInput if it can't be written
   */
  RunningTrace begin(Machine machine, String text, Consumer<String> told) {
    TraceSettings settings = TraceSettings.of(text);
    TraceFormat format = check(text, settings);
    List<TraceKind> kinds = kinds().stream().filter(kind -> settings.filter().wantsKind(kind.name()) && format.takes(kind)).toList();
    if (kinds.isEmpty()) {
      throw BadInput.at(TraceSettings.OPTION, text, "such a trace, " + format.help() + ", has no events of these kinds");
    }
    TraceWriter writer;
    try {
      writer = format.open(settings.file(), new TraceFormat.Head(machine.platform().name(), machine.processors().size(), kinds));
    } catch (IOException e) {
      throw BadInput.at(TraceSettings.OPTION, settings.file(), HostReason.of(settings.file(), e).text()
          + "; name a file, or for a folder of files a new one, that can be written");
    }
    RunningTrace trace = new RunningTrace(machine, format, writer, settings, told);
    running.add(trace);
    trace.end(new MachineEnd(() -> end(trace)));
    sources.forEach(trace::begin);
    return trace;
  }

  /** The trace of a machine; empty if none is written. */
  Optional<RunningTrace> of(Machine machine) {
    return running.stream().filter(trace -> trace.machine() == machine).findFirst();
  }

  /** Ends a trace: on the machine's thread, or while it stands still. */
  void end(RunningTrace trace) {
    running.remove(trace);
    trace.finish("");
    trace.end();
  }
}
