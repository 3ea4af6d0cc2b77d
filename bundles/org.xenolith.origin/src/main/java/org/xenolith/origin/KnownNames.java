// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.SymbolFinder;

/** Names of the guests of machines that were asked about, for as long as their past is kept: a search for a kernel reads tens of megabytes, and who asks once asks again. */
final class KnownNames {
  private final SymbolFinder finder;
  private final Map<MachineHistory, MachineSymbols> known = Collections.synchronizedMap(new WeakHashMap<>());

  KnownNames(SymbolFinder finder) {
    this.finder = finder;
  }

  /** Those of a machine of a past; of all machines of that past alike, as what was found in one is looked for in the next one first. */
  MachineSymbols of(MachineHistory history, InspectedMachine view) {
    return known.computeIfAbsent(history, each -> finder.of(view));
  }
}
