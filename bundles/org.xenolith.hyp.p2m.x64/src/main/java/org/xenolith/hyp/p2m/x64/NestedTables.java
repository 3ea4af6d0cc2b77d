// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.x64;

import java.util.List;
import org.xenolith.hyp.memory.kit.DomainMaps;
import org.xenolith.hyp.memory.kit.DomainTables;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.x64.arch.Core;

/** Nested page tables of all domains. Which domain a translation is of isn't told apart in a TLB: a CPU forgets all of them when a virtual CPU comes. */
final class NestedTables extends DomainMaps {
  /** Tags are no more than a limit here to how many domains there are. */
  private static final int TAGS = 256;
  /** How entries are laid out: those that IOMMUs read, too. Records of before, which have no number, would be misread and are refused. */
  private static final int ENTRY_FORM = 2;

  private final List<Core> cpus;

  NestedTables(DeviceContext context) {
    super(context, new NestedFormat(), TAGS, true);
    state().cell("entry-form", ENTRY_FORM);
    cpus = context.processors().cpus().stream().map(cpu -> cpu.as(Core.class)).toList();
  }

  /** nCR3. */
  @Override
  protected long register(DomainTables tables) {
    return tables.root();
  }

  @Override
  protected void invalidate(long root) {
    for (int i = 0; i < cpus.size(); i++) {
      Core cpu = cpus.get(i);
      if (cpu.host.nestedRoot() == root) {
        cpu.host.nestedChanged();
      }
    }
  }

  /** Nothing besides the root. */
  @Override
  public long control() {
    return 0;
  }
}
