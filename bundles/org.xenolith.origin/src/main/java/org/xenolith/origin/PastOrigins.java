// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.origin.api.LastWrite;
import org.xenolith.origin.api.OriginStep;
import org.xenolith.origin.api.ValueOrigins;

/** Says where things come from, by executing the past again. */
@Component
public final class PastOrigins implements ValueOrigins {
  private final MachineInspector inspector;
  private final SubjectWords subjects;
  private final WriteSearch search;

  /** For the framework. */
  @Activate
  public PastOrigins(@Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    this.inspector = inspector;
    subjects = new SubjectWords(inspector);
    search = new WriteSearch(inspector, finder);
  }

  /** A machine of the past that stands where people look. */
  static PastMachine standing(MachineHistory history) {
    Moment from = history.shown().map(PastMachine::moment).orElseGet(history::present);
    return history.at(new Goal.Exactly(from));
  }

  @Override
  public Optional<LastWrite> lastWrite(MachineHistory history, List<String> words) {
    try (PastMachine past = standing(history)) {
      return search.find(past, subjects.subject(search.named(past), words)).map(WriteSearch.Found::write);
    }
  }

  @Override
  public List<OriginStep> origin(MachineHistory history, List<String> words) {
    try (PastMachine past = standing(history)) {
      SubjectWords.Bytes bytes = SubjectWords.bytes(search.named(past), words, 1);
      return new OriginTrace(history, past, inspector, search, subjects).of(bytes.first(), bytes.length());
    }
  }
}
