// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.origin.api.QueryTable;
import org.xenolith.origin.api.QueryTable.Row;
import org.xenolith.origin.api.RunQueries;
import org.xenolith.testkit.FullLane;

/** Questions over a whole run, of a small program: each table is what a second run, which writes all down as it goes, has seen. */
@FullLane
class RunQueriesTest {
  private static final long UART = 0x900_0000L;
  private static final long PAGE = 0x1000;
  private final List<String> met = new ArrayList<>();
  private MachineHistory history;

  private static Launch launch(boolean kept) {
    LaunchRequest request = RequestBuilder.of("virt").guest("tiny").memory(64L << 20).build();
    request = kept ? request.toBuilder().option("history", "64").build() : request;
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    return launch;
  }

  private QueryTable ask(int most, String... words) {
    return InstalledProduct.get().service(RunQueries.class).query(history, List.of(words)).run(most, done -> {});
  }

  private void seen(String kind, WatchedAddress address) {
    try (Launch second = launch(false)) {
      Machine machine = second.machine();
      met.clear();
      machine.watch((cpu, watched, at, size, write) -> met.add(machine.instructions() + "@" + machine.now() + "ns " + (write ? "write"
          : "read")), List.of(address));
      machine.run(RunLimit.NONE);
      assertTrue(met.size() > 1, kind);
    }
  }

  private static String row(Row row, String access) {
    return row.moment() + " " + access;
  }

  @Test
  void eachTableIsWhatARunThatWritesAllDownHasSeen() {
    try (Launch launch = launch(true)) {
      Machine machine = launch.machine();
      machine.run(RunLimit.NONE);
      String digest = machine.digest();
      history = InstalledProduct.get().service(MachineHistories.class).of(machine).orElseThrow();
      seen("accesses", new WatchedAddress(Kind.ACCESS, Space.PHYSICAL, UART, PAGE));
      QueryTable accesses = ask(1 << 20, "accesses", "pl011");
      assertEquals(met, accesses.rows().stream().map(each -> row(each, each.values().get(3))).toList());
      assertTrue(accesses.whole() && accesses.count() == met.size());
      StringBuilder text = new StringBuilder();
      accesses.rows().stream().filter(each -> each.values().get(2).equals("UARTDR")).forEach(each -> text.append((char) Long.decode(each
          .values().get(4)).intValue()));
      assertTrue(text.indexOf("XENOLITH-DONE") >= 0, text::toString);
      goTo(accesses.rows().get(accesses.rows().size() / 2));
      executions(accesses.rows().getLast().values().get(1).split(" ")[0]);
      QueryTable traps = ask(5, "traps", "IRQ");
      assertEquals(5, traps.rows().size());
      assertTrue(traps.count() >= 10, () -> traps.count() + " ticks");
      goTo(traps.rows().getLast());
      assertEquals(digest, machine.digest(), "nobody has looked");
      words(machine);
    }
  }

  private void executions(String behind) {
    // Where the last access to the UART came to, one of many of a loop: the instruction before made it.
    String address = "0x" + Long.toHexString(Long.decode(behind) - 4);
    seen("executions", new WatchedAddress(Kind.INSTRUCTION, Space.PROCESSOR, Long.decode(address), 1));
    QueryTable executions = ask(1 << 20, "executions", address, "X0", "PC");
    assertEquals(met, executions.rows().stream().map(each -> row(each, "read")).toList());
    assertEquals(List.of("cpu", "where", "X0", "PC"), executions.columns());
    assertTrue(executions.rows().stream().allMatch(each -> each.values().get(3).equals(address)), executions::toString);
  }

  /** A moment is one that can be gone to, and there it is as the row says. */
  private void goTo(Row row) {
    try (PastMachine past = history.at(new Goal.Exactly(row.moment()))) {
      assertEquals(row.moment(), past.moment());
      if (row.values().size() > 1) {
        long address = InstalledProduct.get().service(MachineInspector.class).of(past.machine()).processors().getFirst().place().address();
        assertTrue(row.values().get(1).startsWith("0x" + Long.toHexString(address)), row::toString);
      }
    }
  }

  private static MonitorCommand word(String name) {
    return InstalledProduct.get().services(MonitorCommand.class).stream().filter(each -> each.name().equals(name)).findFirst()
        .orElseThrow();
  }

  private void words(Machine machine) {
    String says = word("accesses").execute(machine, List.of("pl011", "most", "3"));
    assertEquals(5, says.lines().count(), says);
    assertTrue(says.endsWith(" times, of which these are the first 3\n"), says);
    String json = word("accesses").execute(machine, List.of("pl011", "most", "2", "json"));
    assertTrue(json.lines().count() == 2 && json.startsWith("{\"moment\": \"") && json.contains("\"access\": \"write\""), json);
    assertTrue(word("writes").execute(machine, List.of("physical", "0x40000000")).endsWith("0 times\n"));
    for (List<String> wrong : List.of(List.of("accesses", "pl012"), List.of("executions", "nothing_of_this_name"), List.of("traps", "a",
        "b"),
        List.of("writes", "physical", "0x4"))) {
      String message = assertThrows(BadInput.class, () -> word(wrong.getFirst()).execute(machine, wrong.subList(1, wrong.size())))
          .getMessage();
      assertTrue(message.startsWith(wrong.getFirst() + ": "), message);
    }
    RunQueries queries = InstalledProduct.get().service(RunQueries.class);
    assertTrue(assertThrows(BadInput.class, () -> queries.query(history, List.of("nothing"))).getMessage().contains("executions, writes"));
    var query = queries.query(history, List.of("accesses", "pl011"));
    assertEquals(machine.instructions(), query.cost());
    query.cancel();
    assertFalse(query.run(10, done -> {}).whole());
  }
}
