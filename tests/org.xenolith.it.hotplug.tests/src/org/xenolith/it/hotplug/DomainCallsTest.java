// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.origin.api.QueryTable;
import org.xenolith.origin.api.RunQueries;
import org.xenolith.testkit.FullLane;

/** Questions over a run for events that traces have, by domain. */
@FullLane
class DomainCallsTest {
  private static final long END = 60_000;

  @TempDir
  Path folder;

  /** Hypercalls of one domain as a table: those that a second run has heard of, in their order, with their moments. */
  @Test
  void whatADomainCallsIsWhatARunThatHearsOfItHasSeen() throws IOException {
    try (GrantingPair pair = new GrantingPair(folder, true); GrantingPair second = new GrantingPair(folder, false)) {
      pair.run(END);
      List<String> calls = new ArrayList<>();
      second.port(HypervisorTracePort.class).add((kind, vcpu, a, b, c) -> {
        if (kind == HypervisorTracePort.Kind.HYPERCALL && vcpu.domain().name().equals("taker")) {
          calls.add("0x%x 0x%x".formatted(b, c));
        }
      });
      second.run(END);
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(pair.machine()).orElseThrow();
      RunQueries queries = InstalledProduct.get().service(RunQueries.class);
      QueryTable table = queries.query(history, List.of("traced", "hypercall", "d3")).run(40, done -> {});
      assertEquals(List.of("cpu", "domain", "device", "vcpu", "name", "argument0", "argument1"), table.columns());
      assertEquals(calls.size(), table.count());
      assertEquals(calls.subList(0, 40), table.rows().stream().map(each -> each.values().get(5) + " " + each.values().get(6)).toList());
      assertTrue(table.rows().stream().allMatch(each -> each.values().get(1).equals("d3") && each.values().get(4).startsWith(
          "grant_table_op ")),
          table::toString);
      assertTrue(queries.query(history, List.of("traced", "hypercall")).run(1, done -> {}).count() > table.count(), "d2 calls, too");
      String says = assertThrows(BadInput.class, () -> queries.query(history, List.of("traced", "hypercalls"))).getMessage();
      assertTrue(says.startsWith("no trace has events 'hypercalls'; did you mean hypercall?"), says);
    }
  }
}
