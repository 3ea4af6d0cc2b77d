// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.console.api.SerialPort;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MachineCodeHost;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/**
 * What it costs to save a booted Debian, and to go on from there instead of from power-on: prints milliseconds by the clock until the next instruction has been executed, of launches by the one and the other in
 * turn, as median and least.
 */
@FullLane
class SnapshotCostTest {
  private static final String MARKER = "XENOLITH-MARKER";
  private static final int ROUNDS = 10;
  private static final long MEMORY = 512 << 20;

  @TempDir
  private Path work;

  @Test
  void debianOnArm() throws IOException {
    measure("virt", "debian");
  }

  @Test
  void debianOnAPc() throws IOException {
    measure("pc-pvh", "debian-amd64-cloud");
  }

  private static Launch launch(RequestBuilder request) {
    return InstalledProduct.get().service(Launcher.class).launch(request.engine(MachineCodeHost.here() ? MachineCodeHost.ENGINE : "")
        .build(), line -> {}, (kind, place, text) -> {});
  }

  private static RequestBuilder powerOn(String board, String guest) {
    return RequestBuilder.of(board).guest(guest).cpus(1).memory(MEMORY);
  }

  private static double milliseconds(Runnable what) {
    long began = System.nanoTime();
    what.run();
    return (System.nanoTime() - began) / 1e6;
  }

  private static double tell(String what, List<Double> times) {
    double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    System.out.printf("%s: %.1f ms, least %.1f, of %d%n", what, sorted[sorted.length / 2], sorted[0], sorted.length);
    return sorted[sorted.length / 2];
  }

  private void measure(String board, String guest) throws IOException {
    Path snapshot = work.resolve(board);
    String digest;
    try (Launch first = launch(powerOn(board, guest))) {
      GuestConsole console = new GuestConsole();
      first.machine().port(first.console(), SerialPort.class).connect(console);
      console.when(MARKER, first.machine()::stop);
      assertEquals(StopReason.STOPPED, first.machine().run(new RunLimit(TimeUnit.SECONDS.toNanos(900), Long.MAX_VALUE)));
      digest = first.machine().digest();
      long began = System.nanoTime();
      first.save(snapshot);
      Path ram = snapshot.resolve("ram.img");
      System.out.printf("%s, saved: %.1f ms, %d MiB of RAM in a file, %s MiB of them on the disk%n", guest, (System.nanoTime() - began)
          / 1e6,
          Files.size(ram) >> 20, onDisk(ram));
    }
    List<Double> starts = new ArrayList<>();
    List<Double> loads = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      starts.add(next(powerOn(board, guest), ""));
      loads.add(next(RequestBuilder.ofSnapshot(snapshot), digest));
    }
    System.out.printf("%s: %.1f ms more%n", guest, tell(guest + ", from a snapshot to its next instruction", loads) - tell(guest
        + ", from power-on to the first instruction", starts));
  }

  private static String onDisk(Path file) throws IOException {
    try (InputStream said = new ProcessBuilder("du", "-m", file.toString()).start().getInputStream()) {
      return new String(said.readAllBytes(), StandardCharsets.UTF_8).split("\\s")[0];
    }
  }

  /** The time that a launch takes, and one instruction. @param digest what it is before that; empty if nobody knows */
  private static double next(RequestBuilder request, String digest) {
    Launch[] launch = new Launch[1];
    double time = milliseconds(() -> launch[0] = launch(request));
    try (Launch launched = launch[0]) {
      if (!digest.isEmpty()) {
        assertEquals(digest, launched.machine().digest());
      }
      return time + milliseconds(() -> launched.machine().run(new RunLimit(Long.MAX_VALUE, launched.machine().instructions() + 1)));
    }
  }
}
