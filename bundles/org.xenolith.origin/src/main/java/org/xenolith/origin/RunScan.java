// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.origin.api.QueryTable;
import org.xenolith.origin.api.RunQuery;

/** Executes the past from its first moment to where people look, and writes down what is met on the way. */
final class RunScan implements RunQuery {
  /** Instructions of a CPU from one report of progress to the next. */
  private static final long STEP = 10_000_000;

  private final MachineHistory history;
  private final WriteSearch names;
  private final QueryKind.Asked asked;
  private final String text;
  private final Moment first;
  private final Moment end;
  private final List<QueryTable.Row> rows = new ArrayList<>();
  private long count;
  private volatile boolean cancelled;
  private volatile PastMachine past;

  /** Hears of progress, and what devices' registers are read and written with. */
  private final class Ear implements MachineWatcher {
    private final LongConsumer progress;
    private String value = "";

    Ear(LongConsumer progress) {
      this.progress = progress;
    }

    @Override
    public long period() {
      return STEP;
    }

    @Override
    public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {
      progress.accept(past.machine().instructions() - first.instructions());
    }

    @Override
    public void accessed(String place, long address, int size, boolean write, long last) {
      value = "0x" + Long.toHexString(last);
    }

    @Override
    public void exitBegins(ExitKind kind, String place, long now) {}

    @Override
    public void exitEnds(long now) {}

    @Override
    public void exception(CpuPort cpu, String what) {}

    @Override
    public boolean wantsTranslated() { return false; }

    @Override
    public void translated(long instructions, String wayOut) {}
  }

  RunScan(MachineHistory history, WriteSearch names, QueryKind.Asked asked, String text) {
    this.history = history;
    this.names = names;
    this.asked = asked;
    this.text = text;
    first = history.first();
    end = history.shown().map(PastMachine::moment).orElseGet(history::present);
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public long cost() {
    return end.instructions() - first.instructions();
  }

  @Override
  public QueryTable run(int most, LongConsumer progress) {
    try (PastMachine at = history.at(new Goal.Exactly(first))) {
      past = at;
      Ear ear = new Ear(progress);
      at.machine().watch(ear);
      try {
        NamedMachine machine = names.named(at);
        scan(at, machine, most, ear);
        return new QueryTable(asked.columns(), named(machine), count, !cancelled);
      } finally {
        at.machine().forget(ear);
      }
    }
  }

  /** The rows with names of the kernel that is there at the end: looking for one each time takes long where there is none. */
  private List<QueryTable.Row> named(NamedMachine machine) {
    int column = asked.columns().indexOf(QueryKind.WHERE);
    Optional<InspectedProcessor> processor = machine.view().processors().stream().filter(each -> !machine.symbols().tables(each).isEmpty())
        .findFirst();
    if (column < 0 || processor.isEmpty()) {
      return rows;
    }
    Map<String, String> known = new HashMap<>();
    return rows.stream().map(row -> {
      List<String> values = new ArrayList<>(row.values());
      values.set(column, known.computeIfAbsent(values.get(column), text -> text.isEmpty() ? text : text + machine.name(processor.get(), Long
          .parseUnsignedLong(text.substring(2), 16))));
      return new QueryTable.Row(row.moment(), values);
    }).toList();
  }

  private void scan(PastMachine at, NamedMachine machine, int most, Ear ear) {
    Arrival arrival;
    do {
      arrival = at.forwards(asked.places(), report -> met(at, machine, report, most, ear));
      if (arrival.why() == Arrival.Why.STOP && at.moment().compareTo(end) <= 0 && !asked.looking()) {
        arrival.reached().forEach(each -> add(at, machine, each, most, ear));
      }
    } while (arrival.why() == Arrival.Why.STOP && at.moment().compareTo(end) <= 0 && !cancelled);
    cancelled |= arrival.why() == Arrival.Why.CANCELLED;
  }

  /** Returns whether it is to stop: at the end, or where only then the machine may be looked into. */
  private boolean met(PastMachine at, NamedMachine machine, StopReport report, int most, Ear ear) {
    if (cancelled || at.moment().compareTo(end) > 0) {
      return true;
    }
    if (!asked.looking() && rows.size() < most) {
      return true;
    }
    add(at, machine, report, most, ear);
    return false;
  }

  private void add(PastMachine at, NamedMachine machine, StopReport report, int most, Ear ear) {
    count++;
    if (rows.size() < most) {
      rows.add(new QueryTable.Row(at.moment(), asked.telling().values(machine, report, ear.value)));
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    PastMachine at = past;
    if (at != null) {
      at.cancel();
    }
  }
}
