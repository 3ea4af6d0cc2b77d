// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.kit.Texts;
import org.xenolith.machine.control.Machine;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceSource;
import org.xenolith.traces.api.TraceStream;

/** Tells of the events of one kind that traces have, of all domains or of one, so that a question over a run has them as rows. */
final class TracedEvents implements StopPlace.Telling, TraceStream {
  private static final int ANY = -2;
  /** Between the values of an event: no value has it but a text, which gets a blank instead. */
  private static final String SEPARATOR = "\t";

  private final TraceSource source;
  private final TraceKind kind;
  private final int domain;
  /** Which domain each CPU executes, as far as that was told. */
  private final Map<Integer, Integer> executed = new HashMap<>();
  private Machine machine;
  private BiConsumer<OptionalInt, String> heard;

  private TracedEvents(TraceSource source, TraceKind kind, int domain) {
    this.source = source;
    this.kind = kind;
    this.domain = domain;
  }

  /** What is asked with a kind and, perhaps, a domain. @throws BadInput if that isn't right */
  static QueryKind.Asked asked(List<TraceSource> sources, List<String> words) {
    String name = words.getFirst();
    for (TraceSource source : sources) {
      for (TraceKind kind : source.kinds()) {
        if (kind.name().equals(name)) {
          List<String> columns = new ArrayList<>(List.of("cpu", "domain", "device"));
          kind.fields().forEach(each -> columns.add(each.name()));
          StopPlace place = new StopPlace.Reported(kind.name(), new TracedEvents(source, kind, domain(words)));
          return new QueryKind.Asked(List.of(place), false, columns, (on, report, value) -> Stream.concat(Stream.of(report.processor()
              .isPresent() ? "cpu" + report.processor().getAsInt() : ""), Stream.of(report.text().split(SEPARATOR, -1))).toList());
        }
      }
    }
    List<String> names = sources.stream().flatMap(each -> each.kinds().stream()).map(TraceKind::name).sorted().toList();
    throw new BadInput("no trace has events '" + name + "'" + Texts.near(name, names, "; there are " + String.join(", ", names)));
  }

  private static int domain(List<String> words) {
    if (words.size() == 1) {
      return ANY;
    }
    if (words.size() > 2 || !words.get(1).matches("d[0-9]{1,5}")) {
      throw new BadInput("expected a kind of events and perhaps a domain, as d1");
    }
    return Integer.parseInt(words.get(1).substring(1));
  }

  @Override
  public Runnable begin(Machine on, BiConsumer<OptionalInt, String> listener) {
    machine = on;
    heard = listener;
    return source.begin(on, this)::end;
  }

  @Override
  public boolean wants(TraceKind one) {
    return one.name().equals(kind.name());
  }

  @Override
  public void executes(int cpu, int domid) {
    executed.put(cpu, domid);
  }

  @Override
  public void tell(TraceKind one, int domid, String device, Object... values) {
    if (!wants(one)) {
      return;
    }
    int cpu = machine.executing();
    int whose = domid == NO_DOMAIN ? executed.getOrDefault(cpu, NO_DOMAIN) : domid;
    if (domain != ANY && domain != whose) {
      return;
    }
    StringBuilder text = new StringBuilder(whose == NO_DOMAIN ? "" : "d" + whose).append(SEPARATOR).append(device);
    for (int i = 0; i < values.length; i++) {
      text.append(SEPARATOR).append(text(kind.fields().get(i).form(), values[i]).replace(SEPARATOR, " "));
    }
    heard.accept(cpu < 0 ? OptionalInt.empty() : OptionalInt.of(cpu), text.toString());
  }

  private static String text(TraceField.Form form, Object value) {
    return switch (form) {
      case BITS -> "0x" + Long.toHexString((Long) value);
      case BYTES -> HexFormat.of().formatHex((byte[]) value);
      case NUMBER, TEXT -> value.toString();
    };
  }
}
