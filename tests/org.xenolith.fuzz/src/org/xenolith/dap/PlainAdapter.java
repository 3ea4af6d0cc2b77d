// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.Optional;
import java.util.function.Consumer;
import org.xenolith.debug.kit.DebuggerProtocol.Conversation;
import org.xenolith.debug.kit.DebuggerProtocol.Runs;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.machine.control.Machine;
import org.xenolith.symbols.SymbolFinderComponent;

/** An editor's conversation without a line. */
public final class PlainAdapter {
  private PlainAdapter() {}

  /** One with names, and without a past. */
  public static Conversation make(Machine machine, MachineInspector inspector, Runs runs, Consumer<byte[]> out) {
    return new DapProtocol(() -> new AdaptedMachine(machine, inspector.of(machine), Optional.of(new SymbolFinderComponent()), Optional
        .empty(), machine::stop)).begin(runs, out);
  }
}
