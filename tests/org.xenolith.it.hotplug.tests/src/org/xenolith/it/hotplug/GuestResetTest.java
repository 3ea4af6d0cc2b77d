// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.command.api.BadInput;
import org.xenolith.console.api.SerialPort;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.RegionCounter;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** Guests that reset their machine, which boots them again: a small program of which every step is known, and Debian. */
@FullLane
class GuestResetTest {
  private static final long TOO_LONG = TimeUnit.SECONDS.toNanos(60);

  /**
   * Writes B and what it finds behind itself, has the last of four CPUs write a letter there, loops some time; resets the machine, or
   * powers it off in its fourth second.
   */
  private static final String PROGRAM = """
      mov x10, #0x9000000
      mov w11, #0x42
      strb w11, [x10]
      adr x12, end
      ldrb w11, [x12]
      strb w11, [x10]
      mov w0, #3
      movk w0, #0xc400, lsl #16
      mov x1, #3
      adr x2, other
      mov x3, #0x43
      hvc #0
      mov x1, #0xffff
      loop: subs x1, x1, #1
      b.ne loop
      ldrb w11, [x12]
      strb w11, [x10]
      mov w11, #0x0a
      strb w11, [x10]
      mrs x0, cntpct_el0
      mrs x1, cntfrq_el0
      add x1, x1, x1, lsl #1
      mov w2, #9
      cmp x0, x1
      b.lo ask
      mov w2, #8
      ask: movk w2, #0x8400, lsl #16
      mov x0, x2
      hvc #0
      stay: b stay
      other: adr x12, end
      strb w0, [x12]
      wait: wfi
      b wait
      end: .word 0x2d
      """;
  /** What it writes each time: what is behind it is loaded again. */
  private static final String LIFE = "B-C\n";

  @TempDir
  Path folder;
  private final InstalledProduct product = InstalledProduct.get();
  private final List<String> events = new ArrayList<>();
  private Path kernel;

  /** The program as an arm64 Image (Linux: Documentation/arm64/booting.rst). */
  @BeforeEach
  void assemble() throws IOException {
    kernel = Files.write(folder.resolve("Image"), image(PROGRAM));
  }

  static byte[] image(String program) {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0000 | 64 / 4);
    image.putLong(16, image.capacity());
    image.putLong(24, 0xA);
    image.putInt(56, 0x644d5241);
    image.put(64, Assembler.program(0, program).bytes());
    return image.array();
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private RequestBuilder program() {
    return RequestBuilder.of("virt").cpus(4).memory(64L << 20).kernel(kernel).bootsAgain(true);
  }

  private Launch launch(LaunchRequest request) {
    return product.service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> events.add(kind + " " + place + ": " + text));
  }

  private static GuestConsole console(Launch launch) {
    GuestConsole console = new GuestConsole();
    Machine machine = launch.machine();
    machine.port(launch.console(), SerialPort.class).connect(console);
    machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
    return console;
  }

  private static RunLimit until(long milliseconds) {
    return new RunLimit(TimeUnit.MILLISECONDS.toNanos(milliseconds), Long.MAX_VALUE);
  }

  /** A run to the end: what was written, and where it ended. */
  private record Outcome(String console, long instructions, long now, String digest) {
    static Outcome of(Machine machine, String console) {
      return new Outcome(console, machine.instructions(), machine.now(), machine.digest());
    }
  }

  private Outcome whole(LaunchRequest request) {
    try (Launch launch = launch(request)) {
      GuestConsole console = console(launch);
      assertEquals(StopReason.POWER_OFF, launch.machine().run(new RunLimit(TOO_LONG, Long.MAX_VALUE)), events::toString);
      return Outcome.of(launch.machine(), console.text());
    }
  }

  @Test
  void aProgramThatResetsThreeTimesDoesTheSameWithEachEngineAndIsToldOf() {
    Outcome expected = whole(program().engine("interpreter").build());
    assertEquals(LIFE.repeat(4), expected.console);
    assertEquals(3, events.stream().filter(event -> event.startsWith("machine-reset /psci: SYSTEM_RESET; at instruction ")).count(), events
        .toString());
    assertEquals(expected, whole(program().engine("regions").build()));
    assertEquals(expected.console, whole(program().boardOption("gic", "3").build()).console);
  }

  @Test
  void withoutThatAResetEndsTheRun() {
    try (Launch launch = launch(program().bootsAgain(false).build())) {
      GuestConsole console = console(launch);
      assertEquals(StopReason.RESET, launch.machine().run(until(9000)));
      assertEquals(LIFE, console.text());
    }


  }

  /** Leaves a letter in RAM, resets, writes what it finds, and powers off. */
  @Test
  void aWarmResetKeepsRam() throws IOException {
    Files.write(kernel, image("""
        mov x10, #0x9000000
        mov x12, #0x42000000
        ldrb w11, [x12]
        cbz w11, first
        strb w11, [x10]
        mov w0, #8
        movk w0, #0x8400, lsl #16
        hvc #0
        first: mov w11, #0x4b
        strb w11, [x12]
        mov w0, #0x12
        movk w0, #0xc400, lsl #16
        mov x1, #0
        mov x2, #0
        hvc #0
        stay: b stay
        """));
    try (Launch launch = launch(program().build())) {
      GuestConsole console = console(launch);
      assertEquals(StopReason.POWER_OFF, launch.machine().run(until(9000)), events::toString);
      assertEquals("K", console.text());
      assertTrue(events.stream().anyMatch(event -> event.startsWith("machine-reset") && event.contains("SYSTEM_RESET2")), events::toString);
    }
    // A snapshot between the reset and the boot after it
    Path snapshot = folder.resolve("warm");
    try (Launch launch = launch(program().build())) {
      assertEquals(StopReason.LIMIT, launch.machine().run(until(500)));
      launch.save(snapshot);
    }
    try (Launch launch = launch(RequestBuilder.ofSnapshot(snapshot).bootsAgain(true).build())) {
      GuestConsole console = console(launch);
      assertEquals(StopReason.POWER_OFF, launch.machine().run(until(9000)), events::toString);
      assertEquals("K", console.text());
    }
  }

  @Test
  void whatWasReadAtTheLaunchIsBootedWhateverBecameOfTheFile() throws IOException {
    try (Launch launch = launch(program().build())) {
      GuestConsole console = console(launch);
      Files.write(kernel, image("stay: b stay"));
      assertEquals(StopReason.POWER_OFF, launch.machine().run(until(9000)));
      assertEquals(LIFE.repeat(4), console.text());
    }
  }

  @Test
  void aSnapshotMadeAfterAResetBootsAgainByItself() throws IOException {
    Outcome straight = whole(program().build());
    for (long at : new long[] {500, 1001, 1500, 2002}) {
      Path snapshot = folder.resolve("at" + at);
      String before;
      try (Launch first = launch(program().build())) {
        GuestConsole console = console(first);
        assertEquals(StopReason.LIMIT, first.machine().run(until(at)));
        first.save(snapshot);
        before = console.text();
      }
      try (Launch second = launch(RequestBuilder.ofSnapshot(snapshot).bootsAgain(true).build())) {
        GuestConsole console = console(second);
        assertEquals(StopReason.POWER_OFF, second.machine().run(new RunLimit(TOO_LONG, Long.MAX_VALUE)), events::toString);
        assertEquals(straight, Outcome.of(second.machine(), before + console.text()), "saved at " + at);
        // What continued a snapshot can be saved again.
        if (at == 1001) {
          second.save(folder.resolve("again"));
        }
      }
    }
    try (Launch off = launch(RequestBuilder.ofSnapshot(folder.resolve("again")).bootsAgain(true).build())) {
      assertEquals(StopReason.POWER_OFF, off.machine().run(until(9000)));
    }
  }

  @Test
  void aSnapshotThatDoesntHoldWhatIsBootedIsRefusedForThatAndGoesOnWithout() throws IOException {
    Path snapshot = folder.resolve("stops");
    try (Launch first = launch(program().bootsAgain(false).build())) {
      first.machine().run(until(1));
      first.save(snapshot);
    }
    BadInput refused = assertThrows(BadInput.class, () -> launch(RequestBuilder.ofSnapshot(snapshot).bootsAgain(true).build()));
    assertTrue(refused.getMessage().contains("so that what is to be booted isn't in it"), refused.getMessage());
    try (Launch second = launch(RequestBuilder.ofSnapshot(snapshot).shell(true).build())) {
      assertEquals(StopReason.RESET, second.machine().run(until(9000)));
    }
    Path damaged = folder.resolve("damaged");
    try (Launch first = launch(program().build())) {
      first.save(damaged);
    }
    byte[] content = Files.readAllBytes(damaged.resolve("guest.gz"));
    Files.write(damaged.resolve("guest.gz"), Arrays.copyOf(content, content.length / 2));
    refused = assertThrows(BadInput.class, () -> launch(RequestBuilder.ofSnapshot(damaged).bootsAgain(true).build()));
    assertTrue(refused.getMessage().contains("guest.gz: the snapshot is damaged"), refused.getMessage());
    Files.delete(damaged.resolve("guest.gz"));
    refused = assertThrows(BadInput.class, () -> launch(RequestBuilder.ofSnapshot(damaged).bootsAgain(true).build()));
    assertTrue(refused.getMessage().contains("guest.gz: is missing"), refused.getMessage());
  }

  @Test
  void aReplacementBeforeAndAfterAResetIsReplayedToTheSameDigestAndWatchersStay() throws Exception {
    Path journal = folder.resolve("run.journal");
    RegionCounter counter = new RegionCounter();
    Outcome recorded;
    long early;
    try (Launch launch = launch(program().engine("regions").build())) {
      GuestConsole console = console(launch);
      Machine machine = launch.machine();
      machine.watch(counter);
      machine.record(journal);
      machine.run(until(500));
      early = counter.instructions();
      for (String bundle : List.of("org.xenolith.firmware.psci", "org.xenolith.hw.gicv2", "org.xenolith.hw.pl011")) {
        Change done = product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0.1")));
        assertTrue(done.done(), done::reason);
        machine.input("serial", launch.console(), bundle.getBytes(StandardCharsets.US_ASCII));
        machine.run(new RunLimit(machine.now() + 700_000_000L, Long.MAX_VALUE));
      }
      assertEquals(StopReason.POWER_OFF, machine.run(until(9000)), events::toString);
      recorded = Outcome.of(machine, console.text());
    }
    assertEquals(LIFE.repeat(4), recorded.console);
    assertEquals(3, Files.readAllLines(journal).stream().filter(line -> line.endsWith(" reset")).count());
    // By the first of them there may be no translation yet: that is the host's time.
    assertTrue(counter.instructions() > 3 * early, early + " of " + counter.instructions());
    product.restore();
    try (Launch launch = launch(program().build())) {
      GuestConsole console = console(launch);
      launch.machine().replay(journal);
      assertEquals(StopReason.POWER_OFF, launch.machine().run(until(9000)), events::toString);
      assertEquals(recorded, Outcome.of(launch.machine(), console.text()));
    }
  }

  // ---- Debian

  /** A board, and who executes it. */
  private record Board(int gic, int cpus, String engine) {
    @Override
    public String toString() {
      return "GICv" + gic + ", " + cpus + (cpus == 1 ? " CPU, " : " CPUs, ") + engine;
    }
  }

  @TestFactory
  List<DynamicTest> debianBootsAgainTwiceAndPowersOff() {
    // One board tells of both parts of the state that is a CPU's own, and of the interrupt controller with most of it.
    return Stream.of(new Board(3, 4, "regions"), new Board(2, 1, "regions"), new Board(2, 4, "regions"), new Board(3, 1, "regions"))
        .filter(board -> Lane.full() || board.gic == 3 && board.cpus == 4)
        .map(board -> DynamicTest.dynamicTest(board.toString(), () -> {
          Outcome outcome = debian(board);
          if (Lane.full()) {
            assertEquals(debian(new Board(board.gic, board.cpus, "interpreter")), outcome);
          }
        })).toList();
  }

  /** Writes to its disk in its first life, reads that in its second, and powers off in its third. */
  private Outcome debian(Board board) throws IOException {
    Path disk = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.of("virt").boardOption("gic", "" + board.gic).cpus(board.cpus)
        .memory(256L << 20).engine(board.engine).guest("debian").append("xl.disk xl.shell cryptomgr.notests").disks(List.of(disk
            .toString()))
        .bootsAgain(true).build())) {
      guest.runUntil(ShellGuest.PROMPT);
      assertEquals(board.cpus + "\n", guest.command("nproc"));
      guest.command("echo kept > /dev/vda; sync");
      guest.type("reboot -f\n");
      guest.runUntil("Booting Linux");
      long second = guest.machine().now();
      guest.runUntil(ShellGuest.PROMPT);
      assertEquals("kept\n", guest.command("head -n 1 /dev/vda"));
      assertEquals(board.cpus + "\n", guest.command("nproc"));
      guest.type("echo b > /proc/sysrq-trigger\n");
      guest.runUntil("Booting Linux");
      assertTrue(guest.machine().now() > second);
      guest.runUntil(ShellGuest.PROMPT);
      guest.type("poweroff -f\n");
      assertEquals(StopReason.POWER_OFF, guest.run(), guest::events);
      assertEquals(2, guest.machine().events().get("machine-reset"));
      for (String kind : List.of("model-failed", "unmodelled-access", "reset-failed")) {
        assertEquals(null, guest.machine().events().get(kind), guest::events);
      }
      return Outcome.of(guest.machine(), guest.console().text());
    }
  }
}
