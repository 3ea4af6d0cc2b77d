// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** Machines that are traced do what they do without, and the same run is the same trace, bit for bit, whatever executes it and whether it happens or is replayed. */
class TraceTest {
  private static final long TINY = Long.MAX_VALUE;
  private static final long KERNEL = 20_000_000;
  private static final long LONGER = 250_000_000;

  @TempDir
  private Path folder;

  private static LaunchRequest.Builder tiny() {
    return RequestBuilder.of("virt").guest("tiny").memory(64L << 20);
  }

  private static LaunchRequest.Builder kernel(String board) {
    return RequestBuilder.of(board).cpus(2).memory(256L << 20).append("earlycon" + (board.equals("virt") ? "" : "=uart8250,io,0x3f8"));
  }

  private Path file(String name) {
    return folder.resolve(name + ".json");
  }

  private String same(LaunchRequest.Builder request, long end, String... engines) throws IOException {
    TracedRun plain = TracedRun.of(request.build(), end);
    String first = null;
    for (int i = 0; i < engines.length; i++) {
      Path file = file("same" + i);
      TracedRun traced = TracedRun.of(request.option("trace", file.toString()).option("engine", engines[i]).build(), end);
      assertEquals(plain.reason(), traced.reason(), traced::told);
      assertEquals(plain.digest(), traced.digest(), engines[i]);
      assertTrue(traced.told().contains(" events in " + file), traced::told);
      String text = Files.readString(file);
      if (first == null) {
        first = text;
      } else {
        assertSame(first.lines().toList(), text.lines().toList(), engines[i]);
      }
    }
    return first;
  }

  /** Says where they begin to differ: each has some thousand lines. */
  private static void assertSame(List<String> meant, List<String> found, String who) {
    for (int i = 0; i < Math.min(meant.size(), found.size()); i++) {
      assertEquals(meant.get(i), found.get(i), who + ", line " + i);
    }
    assertEquals(meant.size(), found.size(), who);
  }

  @Test
  void aGuestSeesNothingOfItsTraceWhichIsTheSameEachTime() throws IOException {
    same(tiny(), TINY, "machinecode", "machinecode", "interpreter", "regions");
    Map<String, Integer> kinds = TracedRun.kinds(file("same0"));
    assertEquals(Set.of("access", "alarm", "console", "exception", "firmware", "line", "register", "return"), kinds.keySet());
    assertEquals(kinds.get("exception"), kinds.get("return"));
  }

  @Test
  void aKernelsTraceIsTheSameOnEachEngine() throws IOException {
    same(kernel("virt"), KERNEL, "machinecode", "interpreter");
  }

  @Test
  void aPcsTraceIsTheSameOnEachEngine() throws IOException {
    same(kernel("pc-pvh"), KERNEL, "machinecode", "interpreter");
  }

  @FullLane
  @Test
  void aKernelsExceptionsAreTheSameOnEachEngine() throws IOException {
    String text = same(kernel("virt"), LONGER, "machinecode", "interpreter", "regions");
    assertTrue(text.contains("exception to EL1: IRQ") && text.contains("return to EL1"), "no exception of the kernel");
  }

  @FullLane
  @Test
  void aPcsExceptionsAreTheSameOnEachEngine() throws IOException {
    String text = same(kernel("pc-pvh"), LONGER, "machinecode", "interpreter");
    assertTrue(text.contains("exception to CPL 0: ") && text.contains("return to CPL 0"), "no exception of the kernel");
  }

  @Test
  void aReplayHasTheTraceOfTheRunThatWasRecorded() throws IOException {
    Path journal = folder.resolve("run.journal");
    TracedRun live = TracedRun.of(kernel("virt").option("trace", file("live").toString()).build(), KERNEL, (machine, driver) -> {
      machine.record(journal);
      Thread typing = Thread.ofPlatform().daemon().start(() -> type(machine));
      driver.onHang(hang -> typing.interrupt());
    });
    assertTrue(Files.readString(journal).contains(" input serial "), "nothing was typed");
    TracedRun replayed = TracedRun.of(kernel("virt").option("trace", file("replayed").toString()).build(), KERNEL, (machine,
        driver) -> machine.replay(journal));
    assertEquals(live.digest(), replayed.digest());
    assertEquals(-1, Files.mismatch(file("live"), file("replayed")));
  }

  /** Nobody says at which instruction it comes. */
  private static void type(Machine machine) {
    for (int i = 0; i < 20; i++) {
      machine.input("serial", machine.devices().stream().filter(each -> each.instance().contains("pl011")).findFirst().orElseThrow()
          .instance(), "keys".getBytes(StandardCharsets.US_ASCII));
      Thread.yield();
    }
  }

  @Test
  void whatIsFilteredIsntThere() throws IOException {
    Path file = file("filtered");
    TracedRun.of(tiny().option("trace", file + ",kinds=access+exception,device=pl011,from=100ms,to=200ms").build(), TINY);
    assertEquals(Set.of("access"), TracedRun.kinds(file).keySet(), "an exception has no device");
    List<Double> times = Files.readString(file).lines().filter(line -> line.contains("\"ts\":")).map(line -> Double.valueOf(line.replaceAll(
        ".*\"ts\":([0-9.]+),.*", "$1"))).toList();
    assertTrue(times.size() > 5 && times.getFirst() >= 100_000 && times.getLast() < 200_000, times::toString);
    assertEquals(times.stream().sorted().toList(), times);
    TracedRun.of(tiny().option("trace", file + ",cpu=1").build(), TINY);
    assertEquals(Map.of(), TracedRun.kinds(file), "there is no second CPU");
  }

  @Test
  void whatHasNoRoomIsCountedAndSaid() throws IOException {
    Path file = file("limited");
    TracedRun plain = TracedRun.of(tiny().build(), TINY);
    TracedRun limited = TracedRun.of(tiny().option("trace", file + ",limit=8K").build(), TINY);
    assertEquals(plain.digest(), limited.digest());
    assertTrue(Files.size(file) < 9000, "bounded");
    String dropped = Files.readString(file).replaceAll("(?s).*\"dropped\":([0-9]+)}}\n", "$1");
    assertTrue(Integer.parseInt(dropped) > 100, dropped);
    assertTrue(limited.told().contains("; " + dropped + " more had no room, as the limit is 8 KiB"), limited::told);
    TracedRun.kinds(file);
  }

  @Test
  void whatCantBeMeantIsRefusedWithARemedy() {
    for (String[] wrong : new String[][] {{"x.json,kinds=hypercals", "there are access, "}, {"x.json,format=otf", "there are the formats "},
        {"x.json,colour=red", "there are kinds, cpu, "}, {"x.json,from=2s,to=1s", "isn't before"}, {"x.json,to=soon", "1.5s"},
        {"x.json,cpu=first", "no number"}, {folder + "/none/x.json", "none"}}) {
      String message = assertThrows(BadInput.class, () -> TracedRun.of(tiny().option("trace", wrong[0]).build(), TINY)).getMessage();
      assertTrue(message.contains(wrong[1]), message);
    }
  }

  @Test
  void thePromptsWordBeginsAndEndsATrace() throws IOException {
    MonitorCommand word = InstalledProduct.get().services(MonitorCommand.class).stream().filter(each -> each.name().equals("traces"))
        .findFirst().orElseThrow();
    Path file = file("word");
    TracedRun plain = TracedRun.of(tiny().build(), TINY);
    StringBuilder answers = new StringBuilder();
    TracedRun run = TracedRun.of(tiny().build(), TINY, (machine, driver) -> {
      CompletableFuture<Void> typing = CompletableFuture.runAsync(() -> {
        for (String line : List.of("", "kinds", "on " + file + ",kinds=access", "status", "off", "on " + file)) {
          answers.append(word.execute(machine, line.isEmpty() ? List.of() : List.of(line.split(" "))));
        }
      });
      // It is answered between two slices, whenever that is.
      for (long until = 1_000; !typing.isDone(); until += 1_000) {
        machine.run(new RunLimit(until, Long.MAX_VALUE));
        LockSupport.parkNanos(1_000_000); // The guest's first interrupt comes after 50 ms of its time: all is typed by then.
      }
      typing.join();
    });
    assertEquals(StopReason.POWER_OFF, run.reason());
    assertEquals(plain.digest(), run.digest());
    assertTrue(answers.toString().startsWith("off\naccess: a CPU reads or writes"), answers::toString);
    assertTrue(answers.toString().contains("on, into " + file) && answers.toString().contains("over; "), answers::toString);
    assertTrue(TracedRun.kinds(file).containsKey("exception"), "the second one has all kinds");
  }
}
