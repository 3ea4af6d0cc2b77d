// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.origin.api.LastWrite;
import org.xenolith.origin.api.OriginStep;
import org.xenolith.origin.api.ValueOrigins;
import org.xenolith.origin.api.WordOwner;

/** Says where things come from, by executing the past again. */
@Component
public final class PastOrigins implements ValueOrigins {
  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<WordOwner> owners = List.of();
  private final MachineInspector inspector;
  private final WordOwners all;
  private final SubjectWords subjects;
  private final KnownNames names;

  /** For the framework. */
  @Activate
  public PastOrigins(@Reference MachineInspector inspector, @Reference SymbolFinder finder) {
    this.inspector = inspector;
    all = new WordOwners(() -> owners);
    subjects = new SubjectWords(inspector, all);
    names = new KnownNames(finder);
  }

  /** A machine of the past that stands where people look. */
  static PastMachine standing(MachineHistory history) {
    Moment from = history.shown().map(PastMachine::moment).orElseGet(history::present);
    return history.at(new Goal.Exactly(from));
  }

  @Override
  public Optional<LastWrite> lastWrite(MachineHistory history, List<String> words) {
    try (PastMachine past = standing(history)) {
      WriteSearch search = new WriteSearch(history, inspector, names, all);
      return search.find(past, subjects.subject(past, search.named(past), words)).map(WriteSearch.Found::write);
    }
  }

  @Override
  public List<OriginStep> origin(MachineHistory history, List<String> words) {
    try (PastMachine past = standing(history)) {
      WriteSearch search = new WriteSearch(history, inspector, names, all);
      SubjectWords.Bytes bytes = subjects.memory(past, search.named(past), words);
      return new OriginTrace(history, past, search, subjects, all).of(bytes.first(), bytes.length());
    }
  }
}
