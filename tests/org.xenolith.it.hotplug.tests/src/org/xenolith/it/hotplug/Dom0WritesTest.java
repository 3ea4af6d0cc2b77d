// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.TwoDomains;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.origin.api.LastWrite;
import org.xenolith.origin.api.ValueOrigins;
import org.xenolith.testkit.FullLane;

/**
 * Debian as Dom0 with two Debian domains that have booted: who wrote last what the hypervisor keeps for them, by name, is what a second run has seen that writes all of it down. Event channels' bits, entries of
 * grant tables, words of granted pages, nodes of XenStore. Entries of stage 2 are written where a domain is built: {@link HypervisorWritesTest} has those.
 */
@FullLane
class Dom0WritesTest {
  /** Domains that have just booted have some seven grants. */
  private static final int FEWEST = 5;
  /** Of each kind. */
  private static final int QUESTIONS = Integer.getInteger("xenolith.test.questions", 20);
  private static final int PORTS = 64;
  private static final int REFERENCES = 256;
  private static final int PAGE = 4096;
  private static final long SEED = Long.getLong("xenolith.test.seed", System.nanoTime());

  @TempDir
  Path folder;
  private final Random random = new Random(SEED);

  /** A write, and what was there then if it isn't memory. */
  private record Written(long instructions, int cpu, String held) {}

  /** What is asked for, where that is, which writes count, and the latest that did. */
  private static final class Asked {
    private final List<String> words;
    private final WatchedAddress where;
    private final BooleanSupplier counts;
    private Optional<Written> latest = Optional.empty();

    Asked(List<String> words, long address, int bytes, BooleanSupplier counts) {
      this.words = words;
      this.where = new WatchedAddress(Kind.WRITE, Space.PHYSICAL, address, bytes);
      this.counts = counts;
    }
  }

  private static Launch launch(LaunchRequest request) {
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    return launch;
  }

  private static <T> T port(Machine machine, Class<T> type) {
    return machine.port(HypervisorNode.PATH, type);
  }

  private static List<Domain> domains(Machine machine) {
    return port(machine, DomainsPort.class).domains().all().stream().<Domain>map(each -> each).filter(each -> TwoDomains.NAMES.contains(each
        .name()))
        .toList();
  }

  private <T> List<T> drawn(List<T> all, int most) {
    List<T> some = new ArrayList<>(all);
    Collections.shuffle(some, random);
    return some.subList(0, Math.min(most, some.size()));
  }

  @Test
  void whoWroteWhatTheHypervisorKeepsIsWhatARunThatWritesAllDownHasSeen() throws IOException {
    LaunchRequest request = TwoDomains.dom0(folder).cpus(2).build();
    try (Launch launch = launch(request.toBuilder().option("history", "1024").build()); Launch second = launch(request)) {
      ThousandMomentsTest.bootDomains(launch);
      Machine machine = launch.machine();
      String digest = machine.digest();
      Map<String, List<Asked>> kinds = new TreeMap<>();
      kinds.put("event channels' bits", bits(machine, second.machine()));
      kinds.put("grant entries", grants(machine));
      kinds.put("words of granted pages", granted(machine));
      Map<WatchedAddress, List<Asked>> all = kinds.values().stream().flatMap(List::stream).collect(Collectors.groupingBy(
          each -> each.where));
      second.machine().watch((cpu, watched, address, size, write) -> all.get(watched).stream().filter(each -> each.counts.getAsBoolean())
          .forEach(each -> each.latest = Optional.of(new Written(second.machine().instructions(), cpu.map(at -> at.index()).orElse(-1),
              ""))),
          List.copyOf(all.keySet()));
      Map<String, Written> nodes = new HashMap<>();
      second.machine().port(HypervisorNode.PATH, HypervisorTracePort.class).add(log(second.machine(), nodes));
      ThousandMomentsTest.bootDomains(second);
      assertEquals(digest, second.machine().digest(), "both runs are the same");
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(machine).orElseThrow();
      System.out.printf("%,d instructions, seed %d%n", machine.instructions(), SEED);
      kinds.forEach((kind, asked) -> ask(kind, history, drawn(asked.stream().filter(each -> each.latest.isPresent()).toList(), QUESTIONS)));
      askNodes(history, nodes, machine);
      assertEquals(digest, machine.digest(), "nobody has looked");
    }
  }

  private static HypervisorTracePort.Listener log(Machine machine, Map<String, Written> nodes) {
    return new HypervisorTracePort.Listener() {
      @Override
      public void happened(HypervisorTracePort.Kind kind, Vcpu vcpu, long a, long b, long c) {}

      @Override
      public void stored(int domid, String path, boolean removed) {
        nodes.put(path, new Written(machine.instructions(), machine.executing(), "d" + domid));
      }
    };
  }

  private List<Asked> bits(Machine machine, Machine second) {
    List<Asked> all = new ArrayList<>();
    for (Domain domain : domains(machine)) {
      for (int port = 1; port < PORTS; port++) {
        for (String which : List.of("pending", "mask")) {
          long bit = port(machine, EventChannelsPort.class).bit(domain, port, which.equals("mask"));
          if (bit != -1) {
            long at = bit >>> 3;
            boolean[] set = {false};
            all.add(new Asked(List.of("event-channel", "d" + domain.id(), "" + port, which), at, 1, () -> {
              boolean now = (second.peek(at, 1)[0] >> (bit & 7) & 1) != 0;
              boolean changed = now != set[0];
              set[0] = now;
              return changed;
            }));
          }
        }
      }
    }
    return drawn(all, 4 * QUESTIONS);
  }

  private List<Asked> grants(Machine machine) {
    List<Asked> all = new ArrayList<>();
    for (Domain domain : domains(machine)) {
      for (int ref = 0; ref < REFERENCES; ref++) {
        long entry = port(machine, GrantsPort.class).entry(domain, ref);
        if (entry != -1 && !Arrays.equals(new byte[Long.BYTES], machine.peek(entry, Long.BYTES))) {
          all.add(new Asked(List.of("grant-entry", "d" + domain.id(), "" + ref), entry, Long.BYTES, () -> true));
        }
      }
    }
    return drawn(all, 2 * QUESTIONS);
  }

  /** Words of pages that a domain's entries grant, which hold something. */
  private List<Asked> granted(Machine machine) {
    List<Asked> all = new ArrayList<>();
    for (Domain domain : domains(machine)) {
      for (int ref = 0; ref < REFERENCES; ref++) {
        long entry = port(machine, GrantsPort.class).entry(domain, ref);
        byte[] held = entry == -1 ? new byte[Long.BYTES] : machine.peek(entry, Long.BYTES);
        long frame = held[4] & 0xFF | (held[5] & 0xFF) << 8 | (held[6] & 0xFF) << 16 | (long) (held[7] & 0xFF) << 24;
        long page = (held[0] & 3) != 1 ? -1 : port(machine, P2mPort.class).translate(domain, frame << 12, false);
        for (int at = 0; page >= 0 && at < PAGE; at += Long.BYTES) {
          if (!Arrays.equals(new byte[Long.BYTES], machine.peek(page + at, Long.BYTES))) {
            all.add(new Asked(List.of("physical", "0x" + Long.toHexString(page + at)), page + at, Long.BYTES, () -> true));
          }
        }
      }
    }
    return drawn(all, 2 * QUESTIONS);
  }

  private static void ask(String kind, MachineHistory history, List<Asked> asked) {
    double[] seconds = new double[asked.size()];
    for (int i = 0; i < seconds.length; i++) {
      Asked each = asked.get(i);
      long began = System.nanoTime();
      Optional<LastWrite> found = InstalledProduct.get().service(ValueOrigins.class).lastWrite(history, each.words);
      seconds[i] = (System.nanoTime() - began) / 1e9;
      Written expected = each.latest.orElseThrow();
      String where = each.words + ": " + found + ", expected " + expected + ", seed " + SEED;
      assertEquals(expected.instructions, found.orElseThrow(() -> new AssertionError(where)).moment().instructions(), where);
      assertTrue(expected.cpu < 0 || found.get().processor().orElse(-1) == expected.cpu, where);
    }
    print(kind, seconds);
  }

  /** Nodes of all domains, but those that the past begins with: a store's change is told in the middle of an instruction, which one more has been executed behind. */
  private void askNodes(MachineHistory history, Map<String, Written> nodes, Machine machine) {
    List<String> paths = drawn(nodes.keySet().stream().sorted().filter(each -> each.startsWith("/local/domain/") && nodes.get(
        each).instructions > 0 && port(machine,
            StorePort.class).read(each) != null).toList(), QUESTIONS);
    assertTrue(paths.size() >= Math.min(QUESTIONS, 20), paths::toString);
    double[] seconds = new double[paths.size()];
    for (int i = 0; i < seconds.length; i++) {
      String path = paths.get(i);
      long began = System.nanoTime();
      LastWrite found = InstalledProduct.get().service(ValueOrigins.class).lastWrite(history, List.of("store-node", path)).orElseThrow();
      seconds[i] = (System.nanoTime() - began) / 1e9;
      Written expected = nodes.get(path);
      String where = path + ": " + found + ", expected " + expected + ", seed " + SEED;
      assertTrue(found.moment().instructions() - expected.instructions >= 0 && found.moment().instructions() - expected.instructions <= 1,
          where);
      assertTrue(found.by().stream().anyMatch(each -> each.startsWith("the store, for " + (expected.held.equals("d1")
          ? "the hypervisor's own parts"
          : expected.held))), where);
      assertTrue(found.after().startsWith("\"" + port(machine, StorePort.class).read(path) + "\""), where);
    }
    print("nodes of the store, of " + nodes.size(), seconds);
  }

  private static void print(String kind, double[] seconds) {
    Arrays.sort(seconds);
    System.out.printf("%s: %d asked, all as they were; median %.2f s, worst %.2f s%n", kind, seconds.length, seconds.length == 0 ? 0
        : seconds[seconds.length / 2], seconds.length == 0 ? 0 : seconds[seconds.length - 1]);
    assertTrue(seconds.length >= Math.min(QUESTIONS, FEWEST), kind);
  }
}
