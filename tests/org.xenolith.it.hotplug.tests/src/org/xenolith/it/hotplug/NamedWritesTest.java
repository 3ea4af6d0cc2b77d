// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xenolith.console.api.SerialPort;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.inspect.symbols.SymbolKind;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.origin.api.LastWrite;
import org.xenolith.origin.api.ValueOrigins;
import org.xenolith.testkit.FullLane;

/**
 * Who wrote variables of a PC's kernel last that somebody calls by their names: what {@code last-write} says is what a second run has seen that writes all down. Debian's kernel for Arm has no names of data in
 * its table.
 */
@FullLane
class NamedWritesTest {
  private static final int QUESTIONS = Integer.getInteger("xenolith.test.questions", 100);
  /** Variables that the second run watches: each costs it something. */
  private static final int WATCHED = 6 * QUESTIONS;
  private static final int WORD = 8;
  private static final long LATE = TimeUnit.SECONDS.toNanos(900);
  private static final long SEED = Long.getLong("xenolith.test.seed", System.nanoTime());
  /** Each kernel has these, and writes them. */
  private static final List<String> KNOWN = List.of("jiffies_64", "system_state", "total_forks");

  private static Launch launch(LaunchRequest request) {
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    return launch;
  }

  private static void boot(Launch launch) {
    GuestConsole console = new GuestConsole();
    launch.machine().port(launch.console(), SerialPort.class).connect(console);
    console.when(ShellGuest.PROMPT, launch.machine()::stop);
    assertEquals(StopReason.STOPPED, launch.machine().run(new RunLimit(LATE, Long.MAX_VALUE)), console::text);
  }

  /** Variables that have a name which nothing else has, and where they are. */
  private static Map<String, Long> variables(Machine machine) {
    InspectedMachine view = InstalledProduct.get().service(MachineInspector.class).of(machine);
    MachineSymbols symbols = InstalledProduct.get().service(SymbolFinder.class).of(view);
    InspectedProcessor processor = view.processors().getFirst();
    Map<String, List<Symbol>> named = symbols.tables(processor).stream().flatMap(each -> each.all().stream()).collect(Collectors.groupingBy(
        Symbol::name));
    Map<String, Long> places = new TreeMap<>();
    named.forEach((name, all) -> {
      Symbol symbol = all.getFirst();
      // As people write addresses, some names are addresses.
      if (all.size() == 1 && symbol.kind() == SymbolKind.DATA && name.contains("_")) {
        OptionalLong first = processor.memory().physical(symbol.address());
        OptionalLong last = processor.memory().physical(symbol.address() + WORD - 1);
        if (first.isPresent() && last.isPresent() && last.getAsLong() - first.getAsLong() == WORD - 1 && view.physical().read(first
            .getAsLong(), WORD).isPresent()) {
          places.put(name, first.getAsLong());
        }
      }
    });
    return places;
  }

  @Test
  void variablesOfAPcsKernelByTheirNames() {
    named(RequestBuilder.of("pc-pvh").guest("debian-amd64").cpus(2));
  }

  private static void named(RequestBuilder of) {
    LaunchRequest request = of.memory(256L << 20).append("quiet cryptomgr.notests xl.shell").build();
    Random random = new Random(SEED);
    try (Launch launch = launch(request.toBuilder().option("history", "512").build()); Launch second = launch(request)) {
      boot(launch);
      String digest = launch.machine().digest();
      Map<String, Long> variables = variables(launch.machine());
      assertTrue(variables.keySet().containsAll(KNOWN), () -> variables.size() + " variables");
      List<String> drawn = new ArrayList<>(variables.keySet().stream().filter(each -> !KNOWN.contains(each)).toList());
      Collections.shuffle(drawn, random);
      drawn.subList(Math.min(WATCHED, drawn.size()), drawn.size()).clear();
      drawn.addAll(0, KNOWN);
      TreeMap<Long, Map.Entry<Long, Integer>> writes = new TreeMap<>();
      second.machine().watch((cpu, watched, address, size, write) -> writes.put(watched.first(), Map.entry(second.machine().instructions(),
          cpu.map(each -> each.index()).orElse(-1))), drawn.stream().map(variables::get).distinct().map(each -> new WatchedAddress(
              Kind.WRITE,
              Space.PHYSICAL, each, WORD)).toList());
      boot(second);
      assertEquals(digest, second.machine().digest(), "both runs are the same");
      // Some that nobody has written are among them.
      List<String> asked = drawn.stream().filter(each -> writes.containsKey(variables.get(each)) || random.nextInt(8) == 0).limit(QUESTIONS)
          .toList();
      long written = asked.stream().filter(each -> writes.containsKey(variables.get(each))).count();
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(launch.machine()).orElseThrow();
      double[] seconds = new double[asked.size()];
      for (int i = 0; i < seconds.length; i++) {
        long began = System.nanoTime();
        ask(history, asked.get(i), writes.get(variables.get(asked.get(i))));
        seconds[i] = (System.nanoTime() - began) / 1e9;
      }
      Arrays.sort(seconds);
      System.out.printf("%s: %d variables; %d asked by their names, of which %d were written, median %.2f s, worst %.2f s, seed %d%n",
          launch.platform().name(), variables.size(), seconds.length, written, seconds[seconds.length / 2], seconds[seconds.length - 1],
          SEED);
      assertEquals(digest, launch.machine().digest(), "nobody has looked");
    }
  }

  private static void ask(MachineHistory history, String name, Map.Entry<Long, Integer> expected) {
    Optional<LastWrite> found = InstalledProduct.get().service(ValueOrigins.class).lastWrite(history, List.of(name));
    String where = name + ": " + found + ", expected " + expected + ", seed " + SEED;
    assertEquals(expected == null, found.isEmpty(), where);
    if (expected != null) {
      assertEquals(expected.getKey(), found.orElseThrow().moment().instructions(), where);
      assertTrue(expected.getValue() < 0 || found.get().processor().orElse(-1) == expected.getValue(), where);
    }
  }
}
