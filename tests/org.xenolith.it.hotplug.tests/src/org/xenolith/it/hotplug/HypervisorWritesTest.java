// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.AddressWatcher;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.origin.api.OriginStep;
import org.xenolith.origin.api.ValueOrigins;
import org.xenolith.testkit.FullLane;

/**
 * Who wrote what the hypervisor keeps for domains: what {@code last-write} says by name, at moments that are drawn afterwards, is what a second run has seen that writes all of it down as it goes. And the way of
 * bytes through copies by grants and pages that are mapped by them.
 */
@FullLane
class HypervisorWritesTest {
  /** Of each kind. */
  private static final int QUESTIONS = Integer.getInteger("xenolith.test.questions", 200);
  private static final int WAYS = 50;
  private static final long END = 200_000;
  /** By then the domains are busy. */
  private static final long FIRST = 20_000;
  private static final long COMMAND = END / 2;

  @TempDir
  Path folder;

  /** What is written: what is said to ask for it, and when it was in the second run, by which CPU. */
  private record Asked(String words, WatchedAddress where, BooleanSupplier counts, TreeMap<Long, Integer> writes) {}

  private static WatchedAddress write(long physical, int bytes) {
    return new WatchedAddress(Kind.WRITE, Space.PHYSICAL, physical, bytes);
  }

  private static Asked asked(String words, long physical, int bytes) {
    return new Asked(words, write(physical, bytes), () -> true, new TreeMap<>());
  }

  /** A bit whose changes count. */
  private static Asked bit(Machine machine, String words, long bit) {
    long at = bit >>> 3;
    boolean[] set = {(machine.peek(at, 1)[0] >> (bit & 7) & 1) != 0};
    return new Asked(words, write(at, 1), () -> {
      boolean now = (machine.peek(at, 1)[0] >> (bit & 7) & 1) != 0;
      boolean changed = now != set[0];
      set[0] = now;
      return changed;
    }, new TreeMap<>());
  }

  private static MonitorCommand word() {
    return InstalledProduct.get().services(MonitorCommand.class).stream().filter(each -> each.name().equals("last-write")).findFirst()
        .orElseThrow();
  }

  private static MachineHistory history(GrantingPair pair) {
    return InstalledProduct.get().service(MachineHistories.class).of(pair.machine()).orElseThrow();
  }

  @Test
  void whoWroteWhatDomainsShareIsWhatARunThatWritesAllDownHasSeen() throws IOException {
    long seed = System.nanoTime();
    try (GrantingPair pair = new GrantingPair(folder, true); GrantingPair second = new GrantingPair(folder, false)) {
      for (GrantingPair each : List.of(pair, second)) {
        each.run(COMMAND - (each == pair ? 0 : COMMAND));
      }
      pair.tool("shutdown taker");
      pair.run(END);
      String digest = pair.machine().digest();
      List<List<Asked>> kinds = kinds(pair, second.machine());
      List<Asked> all = kinds.stream().flatMap(List::stream).toList();
      AddressWatcher watcher = (cpu, watched, address, size, write) -> all.stream().filter(each -> each.where().equals(watched)).forEach(
          each -> {
            if (each.counts().getAsBoolean()) {
              each.writes().put(second.machine().instructions(), cpu.map(at -> at.index()).orElse(-1));
            }
          });
      second.machine().watch(watcher, all.stream().map(Asked::where).distinct().toList());
      second.run(COMMAND);
      second.tool("shutdown taker");
      second.run(END);
      assertEquals(digest, second.machine().digest());
      ask(pair, kinds.stream().map(kind -> kind.stream().filter(each -> !each.writes().isEmpty()).toList()).toList(), new Random(seed),
          seed);
      store(pair);
      refusals(pair);
      assertEquals(digest, pair.machine().digest(), "nobody has looked");
    }
  }

  private static List<OriginStep.Kind> kindsOf(List<OriginStep> steps) {
    return steps.stream().map(OriginStep::kind).toList();
  }

  /** A copy, moved on by pairs and by bytes, and what is read of a page that is mapped: each way has every step, and ends where the launch put the pattern, or where the giver counted. */
  @Test
  void eachWayGoesThroughCopiesByGrantsAndMappedPages() throws IOException {
    Random random = new Random(65);
    try (GrantingPair pair = new GrantingPair(folder, true)) {
      pair.run(END);
      String digest = pair.machine().digest();
      long patterns = pair.physical("giver", GrantingPair.patterns());
      double[] seconds = new double[2 * WAYS];
      for (int i = 0; i < WAYS; i++) {
        int at = i * GrantingPair.PATTERN + random.nextInt(GrantingPair.PATTERN);
        long began = System.nanoTime();
        copied(pair, at, patterns + at);
        seconds[2 * i] = (System.nanoTime() - began) / 1e9;
        began = System.nanoTime();
        mapped(pair, random.nextInt(512));
        seconds[2 * i + 1] = (System.nanoTime() - began) / 1e9;
      }
      assertEquals(digest, pair.machine().digest(), "nobody has looked");
      Arrays.sort(seconds);
      System.out.printf("%d ways, median %.2f s, worst %.2f s%n", seconds.length, seconds[WAYS], seconds[seconds.length - 1]);
    }
  }

  private static List<OriginStep> way(GrantingPair pair, long address) {
    return InstalledProduct.get().service(ValueOrigins.class).origin(history(pair), List.of("physical", "0x" + Long.toHexString(pair
        .physical(
            "taker", address))));
  }

  private static void copied(GrantingPair pair, int at, long pattern) {
    List<OriginStep> steps = way(pair, GrantingPair.BYTES + at);
    String all = String.join("\n", steps.stream().map(OriginStep::toString).toList());
    assertEquals(List.of(OriginStep.Kind.STORE, OriginStep.Kind.LOAD, OriginStep.Kind.STORE, OriginStep.Kind.LOAD, OriginStep.Kind.COPY,
        OriginStep.Kind.STORE, OriginStep.Kind.LOAD, OriginStep.Kind.FIRST), kindsOf(steps), () -> at + ": " + all);
    OriginStep copy = steps.get(4);
    assertTrue(copy.text().contains("a grant copy of d3's, 64 bytes from reference 8 of d2 to a page of d3") && copy.code().contains("d3"),
        all);
    assertTrue(steps.get(5).code().contains("d2"), all);
    assertTrue(steps.getLast().text().startsWith("1 byte at 0x" + Long.toHexString(pattern) + " "), () -> Long.toHexString(pattern) + ": "
        + all);
  }

  /** A byte of what was read of the page that is mapped: the giver's count, or the taker's own. */
  private static void mapped(GrantingPair pair, int at) {
    List<OriginStep> steps = way(pair, GrantingPair.READ + at);
    String all = String.join("\n", steps.stream().map(OriginStep::toString).toList());
    assertEquals(List.of(OriginStep.Kind.STORE, OriginStep.Kind.LOAD, OriginStep.Kind.STORE), kindsOf(steps).subList(0, 3), all);
    assertTrue(steps.get(1).text().contains("granted by d2 to d3, reference 9") && steps.get(1).code().contains("d3"), all);
    assertTrue(steps.get(2).code().contains(at < GrantingPair.OWN ? "d2" : "d3"), all);
    assertEquals(OriginStep.Kind.COMPUTED, steps.getLast().kind(), all);
  }

  private static List<List<Asked>> kinds(GrantingPair pair, Machine second) {
    int giver = pair.domain("giver").id();
    int taker = pair.domain("taker").id();
    long page = pair.physical("giver", GrantingPair.COUNTING);
    List<Asked> words = new ArrayList<>();
    for (int at = 0; at < GrantingPair.PAGE; at += Long.BYTES) {
      words.add(asked("physical 0x" + Long.toHexString(page + at), page + at, Long.BYTES));
    }
    List<Asked> entries = List.of(entry(pair, "taker", GrantingPair.MAPPED), entry(pair, "giver", 0x40a0_0000L), entry(pair, "giver",
        0x40c0_0000L));
    EventChannelsPort events = pair.port(EventChannelsPort.class);
    List<Asked> bits = new ArrayList<>();
    for (int port = 1; port < 8; port++) {
      for (String which : List.of("pending", "mask")) {
        bits.add(bit(second, "event-channel d%d %d %s".formatted(giver, port, which), events.bit(pair.domain("giver"), port, which.equals(
            "mask"))));
      }
    }
    GrantsPort grants = pair.port(GrantsPort.class);
    List<Asked> granted = List.of(GrantingPair.REFERENCE, GrantingPair.COUNTED, GrantingPair.SOMETIMES).stream().map(ref -> asked(
        "grant-entry d%d %d".formatted(giver, ref), grants.entry(pair.domain("giver"), ref), Long.BYTES)).toList();
    assertTrue(taker == giver + 1, giver + ", " + taker);
    return List.of(words, entries, bits, granted);
  }

  private static Asked entry(GrantingPair pair, String name, long address) {
    return asked("stage2-entry d%d 0x%x".formatted(pair.domain(name).id(), address), pair.port(P2mPort.class).entry(pair.domain(name),
        address
            >>> 12), Long.BYTES);
  }

  /** One of each kind at each of the moments. */
  private static void ask(GrantingPair pair, List<List<Asked>> kinds, Random random, long seed) {
    kinds.forEach(each -> System.out.printf("%d of %s and others were written %d times%n", each.size(), each.getFirst().words(), each
        .stream()
        .mapToInt(one -> one.writes().size()).sum()));
    MachineHistory history = history(pair);
    long began = System.nanoTime();
    int calls = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      long at = FIRST + random.nextLong(END - FIRST);
      history.show(history.at(new Goal.Instruction(at)));
      for (List<Asked> kind : kinds) {
        calls += ask(pair, kind.get(random.nextInt(kind.size())), at, seed) ? 1 : 0;
      }
    }
    history.show(null);
    System.out.printf("%d questions, of which the answer to %d is a hypercall, %.1f ms each%n", QUESTIONS * kinds.size(), calls, (System
        .nanoTime() - began) / 1e6 / QUESTIONS / kinds.size());
  }

  /** Returns whether it was a hypercall that wrote it. */
  private static boolean ask(GrantingPair pair, Asked each, long at, long seed) {
    String says = word().execute(pair.machine(), List.of(each.words().split(" ")));
    Map.Entry<Long, Integer> last = each.writes().floorEntry(at);
    String where = last + " of " + each.words() + " at " + at + ": " + says + ", seed " + seed;
    assertTrue(says.startsWith(last == null ? "nobody has written " : "written at " + last.getKey() + "@"), where);
    assertTrue(last == null || last.getValue() < 0 || says.contains("\n  cpu" + last.getValue() + " at 0x"), where);
    boolean call = says.contains("by hypercall ");
    assertTrue(!call || says.contains(": hvc #0xea1\n") && says.matches("(?s).*EL1.*, d[23]: hvc.* of d[23]v0\n.*"), where);
    return call;
  }

  private static void store(GrantingPair pair) {
    String path = "/local/domain/" + pair.domain("taker").id() + "/control/shutdown";
    String says = word().execute(pair.machine(), List.of("store-node", path));
    assertTrue(says.startsWith("written at " + COMMAND + "@"), says);
    assertTrue(says.contains("by the store, for the hypervisor's own parts"), says);
    assertTrue(says.contains("after:  \"poweroff\" n"), says);
  }

  private static void refusals(GrantingPair pair) {
    refused(pair, "there is no domain 'd9' here; there are d", "grant-entry d9 1");
    refused(pair, "has no entry 100000", "grant-entry giver 100000");
    refused(pair, "'x' is no port", "event-channel giver x");
    refused(pair, "expected event-channel DOMAIN PORT [pending|mask]", "event-channel giver 1 both");
    refused(pair, "has no tables that go so far", "stage2-entry giver 0x7fffffffffff000");
    refused(pair, "expected store-node PATH, from / on", "store-node local");
  }

  private static void refused(GrantingPair pair, String part, String words) {
    String says = assertThrows(BadInput.class, () -> word().execute(pair.machine(), List.of(words.split(" ")))).getMessage();
    assertTrue(says.startsWith("last-write: ") && says.contains(part), says);
  }
}
