// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.kit.Texts;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.origin.api.RunQueries;
import org.xenolith.origin.api.RunQuery;
import org.xenolith.traces.api.TraceSource;

/** Answers questions over a run by executing it again, and offers each as a word of the prompt. */
@Component(immediate = true)
public final class PastQueries implements RunQueries {
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<TraceSource> sources = List.of();
  private final MachineInspector inspector;
  private final KnownNames known;
  private final List<ServiceRegistration<MonitorCommand>> words = new ArrayList<>();

  /** For the framework. */
  @Activate
  public PastQueries(BundleContext context, @Reference MachineHistories histories, @Reference MachineInspector inspector,
      @Reference SymbolFinder finder) {
    this.inspector = inspector;
    known = new KnownNames(finder);
    Stream.of(QueryKind.values()).forEach(each -> words.add(context.registerService(MonitorCommand.class, new QueryWord(histories, this,
        each), null)));
  }

  /** The bundle goes. */
  @Deactivate
  void close() {
    words.forEach(ServiceRegistration::unregister);
  }

  @Override
  public List<String> names() {
    return Stream.of(QueryKind.values()).map(QueryKind::word).toList();
  }

  @Override
  public RunQuery query(MachineHistory history, List<String> asked) {
    String name = asked.isEmpty() ? "" : asked.getFirst();
    QueryKind kind = Stream.of(QueryKind.values()).filter(each -> each.word().equals(name)).findFirst().orElseThrow(() -> new BadInput("'"
        + name + "' is no question; there are " + Texts.list(names())));
    if (asked.size() < 2) {
      throw new BadInput("expected " + kind.word() + ' ' + kind.usage);
    }
    WriteSearch names = new WriteSearch(history, inspector, known, new WordOwners(List::of));
    try (PastMachine past = PastOrigins.standing(history)) {
      return new RunScan(history, names, kind.asked(names.named(past), asked.subList(1, asked.size()), sources), String.join(" ", asked));
    }
  }
}
