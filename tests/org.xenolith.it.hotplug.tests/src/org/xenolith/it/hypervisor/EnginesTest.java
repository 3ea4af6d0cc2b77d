// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.GuestSetup;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MachineCodeHost;
import org.xenolith.it.guest.RegionCounter;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * The same guests come to the same state with every engine: one and four CPUs, both interrupt controllers, bare metal and as Dom0 with a
 * domain beside it. The full lane has every boot to its marker, and {@code lockstep}, which compares after each region; the default lane
 * has the first part of them. Machine code is among the engines where the host can have it, which {@link MachineCodeHost} says.
 */
@FullLane
class EnginesTest {
  private static final String WORDS = "cryptomgr.notests";
  private static final String MARKER = "XENOLITH-MARKER";
  private static final String GUEST = "guest";
  private static final long BARE_PART = TimeUnit.MILLISECONDS.toNanos(200);
  /** Dom0 is up then, and the other domain's kernel half way. */
  private static final long DOMAINS_PART = TimeUnit.MILLISECONDS.toNanos(700);
  private static final long TOO_LONG = TimeUnit.SECONDS.toNanos(120);
  /** Of all instructions, regions execute more than one of so many: with less the sides would be hardly two. */
  private static final int LEAST_PART = 20;

  @TempDir
  private static Path folder;
  private static Path kernel;
  private static Path ramdisk;

  /** A machine and its guests. */
  private record Board(int gic, int cpus, boolean hypervisor) {
    @Override
    public String toString() {
      return "GICv" + gic + ", " + cpus + (cpus == 1 ? " CPU, " : " CPUs, ") + (hypervisor ? "Dom0 and a domain" : "bare metal");
    }
  }

  /** What is left of a run. */
  private record Outcome(String console, long instructions, long now, String digest) {}

  @TestFactory
  List<DynamicTest> guestsComeToTheSameStateWithEveryEngine() {
    List<String> engines = MachineCodeHost.here() ? List.of("regions", MachineCodeHost.ENGINE) : List.of("regions");
    return boards().map(board -> DynamicTest.dynamicTest(board + ": " + engines, () -> compare(board, engines))).toList();
  }

  @Test
  void machineCodeIsAmongTheEnginesWhereTheHostCanHaveIt() {
    MachineCodeHost.check();
  }

  @TestFactory
  List<DynamicTest> lockstepBootsDebianAndDom0() {
    return lockstep("lockstep");
  }

  @TestFactory
  List<DynamicTest> lockstepOfMachineCodeBootsDebianAndDom0() {
    return MachineCodeHost.here() ? lockstep(MachineCodeHost.LOCKSTEP) : List.of();
  }

  private static List<DynamicTest> lockstep(String engine) {
    return Lane.onlyFull(boards().filter(board -> board.cpus == (board.gic == 2 ? 1 : 4))
        .map(board -> DynamicTest.dynamicTest(board.toString(), () -> compare(board, List.of(engine)))).toArray(DynamicTest[]::new));
  }

  private static Stream<Board> boards() {
    return Stream.of(false, true).flatMap(hypervisor -> Stream.of(1, 4).flatMap(
        cpus -> Stream.of(2, 3).map(gic -> new Board(gic, cpus, hypervisor))))
        // two of four tell of both controllers and numbers of CPUs
        .filter(board -> Lane.full() || board.cpus == (board.gic == 2 ? 1 : 4));
  }

  /** Side by side: each machine has a thread of its own, and neither needs both cores. */
  private static void compare(Board board, List<String> engines) throws IOException, InterruptedException, ExecutionException {
    FutureTask<Outcome> expected = new FutureTask<>(() -> run(board, "interpreter", new RegionCounter()));
    Thread beside = Thread.ofPlatform().name("interpreter of " + board).start(expected);
    Map<String, Outcome> actual = new LinkedHashMap<>();
    try {
      for (String engine : engines) {
        RegionCounter counter = new RegionCounter();
        Outcome outcome = run(board, engine, counter);
        actual.put(engine, outcome);
        System.out.printf("%s: %d instructions, by %s %d of them in regions%n", board, outcome.instructions, engine, counter
            .instructions());
        assertTrue(engine.equals(MachineCodeHost.ENGINE) || counter.instructions() > outcome.instructions / LEAST_PART, () -> "in regions: "
            + counter.instructions());
      }
    } finally {
      beside.join();
    }
    for (Map.Entry<String, Outcome> each : actual.entrySet()) {
      assertEquals(expected.get(), each.getValue(), each.getKey());
    }
  }

  private static Outcome run(Board board, String engine, RegionCounter counter) throws IOException {
    return board.hypervisor ? domains(board, engine, counter) : bare(board, engine, counter);
  }

  private static Outcome bare(Board board, String engine, RegionCounter counter) throws IOException {
    try (GuestMachine guest = GuestSetup.debian(WORDS).on(board.gic, board.cpus).executedBy(engine).boot()) {
      guest.machine().watch(counter);
      go(guest.machine(), guest.console(), BARE_PART);
      return outcome(guest.machine(), guest.console().text());
    }
  }

  private static Outcome domains(Board board, String engine, RegionCounter counter) throws IOException {
    LaunchRequest request = RequestBuilder.of("virt").boardOption("gic", Integer.toString(board.gic)).cpus(board.cpus).memory(768L << 20)
        .engine(engine)
        .option("dom0-memory", "256M").guest("debian").append(WORDS + " xl.shell").domUs(List.of(domain(board.cpus)))
        .build();
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      guest.machine().watch(counter);
      go(guest.machine(), guest.console(GUEST), DOMAINS_PART);
      assertTrue(guest.console(GUEST).text().contains("Booting Linux"), "the domain hasn't begun");
      return outcome(guest.machine(), guest.board().text() + "\n-- " + GUEST + ":\n" + guest.console(GUEST).text());
    }
  }

  /** In the full lane up to the marker. */
  private static void go(Machine machine, GuestConsole console, long part) {
    if (Lane.full()) {
      console.when(MARKER, machine::stop);
    }
    StopReason reason = machine.run(new RunLimit(Lane.full() ? TOO_LONG : part, Long.MAX_VALUE));
    assertEquals(Lane.full() ? StopReason.STOPPED : StopReason.LIMIT, reason, console::text);
  }

  private static Outcome outcome(Machine machine, String console) {
    for (String kind : List.of("translation-failed", "model-failed")) {
      assertNull(machine.events().get(kind), kind);
    }
    return new Outcome(console, machine.instructions(), machine.now(), machine.digest());
  }

  private static synchronized Path domain(int cpus) throws IOException {
    if (kernel == null) {
      GuestImage debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst()
          .orElseThrow(() -> new IllegalStateException("the guest debian is not installed")).obtain(System.out::println,
              GuestRequest.PLAIN);
      kernel = Files.write(folder.resolve("kernel"), debian.kernel());
      ramdisk = Files.write(folder.resolve("ramdisk"), debian.initrd().orElseThrow(() -> new UncheckedIOException(
          new IOException("no initrd"))));
    }
    Path config = folder.resolve(GUEST + cpus + ".cfg");
    return Files.exists(config) ? config : Files.writeString(config, """
        name = "%s"
        kernel = "%s"
        ramdisk = "%s"
        memory = 160
        vcpus = %d
        extra = "console=hvc0 %s xl.domu xl.shell"
        """.formatted(GUEST, kernel, ramdisk, Math.min(cpus, 2), WORDS));
  }
}
