// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MachineCodeHost;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.testkit.FullLane;

/**
 * What a boot of Debian costs with a hundred breakpoints and ten watchpoints in pages that it uses most, none of which is ever met: prints ratios, in rounds of both by turns. The
 * addresses are a random choice from pages that a first boot was seen in, without those that a second boot met.
 */
@FullLane
class StopCostTest {
  private static final String MARKER = "XENOLITH-MARKER";
  private static final long BEGIN = 200_000_000;
  private static final long PERIOD = 3_700_000;
  private static final int ROUNDS = 4;
  private static final int INSTRUCTIONS = 100;
  private static final int ACCESSES = 10;
  private static final int CANDIDATES = 300;
  private static final int PAGE = 4096;

  @Test
  void debianOnArm() throws IOException {
    measure("virt", "debian", "X0");
  }

  @Test
  void debianOnAPc() throws IOException {
    measure("pc-pvh", "debian-amd64-cloud", "RDI");
  }

  private static GuestMachine launch(String board, String guest) {
    return GuestMachine.launch(RequestBuilder.of(board).guest(guest).cpus(1).memory(512L << 20).engine(MachineCodeHost.here()
        ? MachineCodeHost.ENGINE : "").build());
  }

  private static InspectedMachine inspected(GuestMachine guest) {
    return InstalledProduct.get().service(MachineInspector.class).of(guest.machine());
  }

  /** @param argument a register that often holds an address */
  private static void measure(String board, String guest, String argument) throws IOException {
    MachineCodeHost.check();
    Set<Long> code = new LinkedHashSet<>();
    Set<Long> data = new LinkedHashSet<>();
    look(board, guest, argument, code, data);
    List<StopPlace> candidates = candidates(List.copyOf(code), List.copyOf(data));
    Set<StopPlace> met = new HashSet<>();
    try (GuestMachine machine = launch(board, guest)) {
      InspectedMachine inspected = inspected(machine);
      candidates.forEach(place -> inspected.stops().add(place, report -> {
        met.add(report.place());
        return false;
      }));
      machine.runUntil(MARKER);
    }
    List<StopPlace> places = new ArrayList<>(candidates.stream().filter(place -> place instanceof StopPlace.Instruction && !met.contains(
        place))
        .limit(INSTRUCTIONS).toList());
    places.addAll(candidates.stream().filter(place -> place instanceof StopPlace.Access && !met.contains(place)).limit(ACCESSES).toList());
    assertTrue(places.size() > ACCESSES, () -> places.size() + " places");
    for (int round = 0; round < ROUNDS; round++) {
      double without = boot(board, guest, List.of());
      double with = boot(board, guest, places);
      System.out.printf("%s, %d places in %d and %d pages: %.2f s without, %.2f s with: %.2f%n", guest, places.size(), code.size(), data
          .size(),
          without, with, with / without);
    }
  }

  /** Boots, and sees every so many instructions where it is. */
  private static void look(String board, String guest, String argument, Set<Long> code, Set<Long> data) throws IOException {
    try (GuestMachine machine = launch(board, guest)) {
      InspectedProcessor processor = inspected(machine).processors().getFirst();
      boolean[] done = new boolean[1];
      machine.console().when(MARKER, () -> done[0] = true);
      for (long at = BEGIN; !done[0]; at += PERIOD) {
        machine.machine().run(new RunLimit(Long.MAX_VALUE, at));
        // Of the kernel: programs come and go.
        long address = processor.place().address();
        if (address < 0) {
          code.add(address & -PAGE);
        }
        long value = processor.value(argument)[0];
        if (value < 0 && value != -1 && processor.memory().physical(value).isPresent()) {
          data.add(value & -PAGE);
        }
      }
    }
  }

  private static List<StopPlace> candidates(List<Long> code, List<Long> data) {
    Random random = new Random(1);
    Set<StopPlace> all = new LinkedHashSet<>();
    for (int i = 0; i < CANDIDATES; i++) {
      all.add(new StopPlace.Instruction(code.get(random.nextInt(code.size())) + 4 * random.nextInt(PAGE / 4)));
      if (i % 10 == 0) {
        all.add(new StopPlace.Access(Space.PROCESSOR, data.get(random.nextInt(data.size())) + 8 * random.nextInt(PAGE / 8), 8, false,
            true));
      }
    }
    return List.copyOf(all);
  }

  /** Seconds of a boot to its marker. */
  private static double boot(String board, String guest, List<StopPlace> places) throws IOException {
    try (GuestMachine machine = launch(board, guest)) {
      InspectedMachine inspected = inspected(machine);
      places.forEach(inspected.stops()::add);
      long began = System.nanoTime();
      machine.runUntil(MARKER);
      double seconds = (System.nanoTime() - began) / 1e9;
      assertTrue(inspected.stops().take().isEmpty(), "none was met");
      return seconds;
    }
  }
}
