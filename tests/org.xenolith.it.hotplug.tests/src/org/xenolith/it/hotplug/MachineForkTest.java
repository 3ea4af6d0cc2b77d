// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPlace;
import org.xenolith.command.api.BadInput;
import org.xenolith.console.api.SerialPort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.control.MachineState;
import org.xenolith.platform.api.AddressWindow;

/** A machine and those that were forked from it are ordinary objects, each of which goes on as if there were no other. */
class MachineForkTest {
  @TempDir
  Path folder;

  private static RequestBuilder tiny() {
    return RequestBuilder.of("virt").cpus(2).memory(64L << 20).guest("tiny");
  }

  private static Launch launch(LaunchRequest request) {
    return InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
  }

  private static Launch fork(Launch launch) {
    return launch.fork((kind, place, text) -> {});
  }

  private static void run(Launch launch, long instructions) {
    assertEquals(StopReason.LIMIT, launch.machine().run(new RunLimit(Long.MAX_VALUE, instructions)));
  }

  private static String end(LaunchRequest request, long instructions) {
    try (Launch whole = launch(request)) {
      run(whole, instructions);
      return whole.machine().digest();
    }
  }

  private static void runsOnLikeOneThatWasNotForked(LaunchRequest request, long middle, long end) {
    String whole = end(request, end);
    try (Launch first = launch(request)) {
      run(first, middle);
      String then = first.machine().digest();
      try (Launch second = fork(first); Launch third = fork(second)) {
        assertEquals(then, second.machine().digest(), "right after the fork");
        assertEquals(first.machine().instructions(), second.machine().instructions());
        run(first, end);
        assertEquals(then, second.machine().digest(), "while the first has gone on");
        run(second, end);
        assertEquals(then, third.machine().digest(), "while both have gone on");
        run(third, end);
        assertEquals(List.of(whole, whole, whole), List.of(first.machine().digest(), second.machine().digest(), third.machine().digest()));
      }
      assertEquals(whole, first.machine().digest(), "its forks are closed");
    }
  }

  private static void goesBackToWhereItBegan(LaunchRequest request, long middle, long end) {
    String whole = end(request, end);
    try (Launch first = launch(request)) {
      run(first, middle);
      String then = first.machine().digest();
      try (Launch second = fork(first)) {
        for (long until : new long[] {middle + (end - middle) / 3, end, middle + 1, end}) {
          run(second, until);
          assertEquals(until == end, second.machine().digest().equals(whole));
          second.reset();
          assertEquals(then, second.machine().digest(), () -> "back from " + until);
        }
        try (Launch third = fork(second)) {
          run(third, end);
          third.reset();
          run(second, end);
          second.reset();
          assertEquals(List.of(then, then, then), List.of(first.machine().digest(), second.machine().digest(), third.machine().digest()));
          run(third, end);
          assertEquals(whole, third.machine().digest());
        }
      }
    }
  }

  @Test
  void aForkOfAnArmMachineGoesBackToWhereItBegan() {
    goesBackToWhereItBegan(tiny().build(), 4_000, 9_000);
    goesBackToWhereItBegan(RequestBuilder.of("virt").memory(256L << 20).append("earlycon").build(), 20_000_000, 30_000_000);
  }

  @Test
  void aForkOfAPcGoesBackToWhereItBegan() {
    goesBackToWhereItBegan(RequestBuilder.of("pc-pvh").cpus(2).memory(256L << 20).append("earlycon").build(), 30_000_000, 40_000_000);
  }

  @Test
  void whatIsNoForkDoesNotGoBack() {
    try (Launch first = launch(tiny().build())) {
      assertThrows(IllegalStateException.class, first::reset);
      run(first, 4_000);
    }
  }

  /** Their mappings, files and memory are given back when they are closed, not when somebody collects garbage. */
  @Test
  void twoHundredForksThatAreClosedLeaveNothingBehind() throws IOException {
    long others = shared();
    try (Launch first = launch(tiny().build())) {
      run(first, 4_000);
      long before = shared();
      for (int i = 0; i < 200; i++) {
        try (Launch one = fork(first)) {
          run(one, 5_000);
          one.reset();
        }
      }
      assertTrue(shared() <= before + first.platform().memory().size() + 64, () -> "its own, not those of 200 forks");
    }
    assertEquals(others, shared());
  }

  /** Mappings of this process that are of files with what RAM held. */
  private static long shared() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    return Files.exists(maps) ? Files.readAllLines(maps).stream().filter(line -> line.contains("memfd:xenolith-ram")).count() : 0;
  }

  @Test
  void anArmMachineAndItsForksRunOnLikeOneThatWasNotForked() {
    runsOnLikeOneThatWasNotForked(tiny().build(), 4_000, 9_000);
  }

  @Test
  void aPcAndItsForksRunOnLikeOneThatWasNotForked() {
    runsOnLikeOneThatWasNotForked(RequestBuilder.of("pc-pvh").cpus(2).memory(256L << 20).append("earlycon").build(), 30_000_000,
        40_000_000);
  }

  @Test
  void aMachineThatRunsIsForkedAtASafePoint() {
    LaunchRequest request = RequestBuilder.of("virt").memory(256L << 20).append("earlycon").build();
    long limit = 30_000_000;
    String whole = end(request, limit);
    try (Launch first = launch(request)) {
      CompletableFuture<Void> runs = CompletableFuture.runAsync(() -> run(first, limit));
      try (Launch second = fork(first)) {
        run(second, limit);
        assertEquals(whole, second.machine().digest());
      }
      runs.join();
      assertEquals(whole, first.machine().digest());
    }
  }

  /** What a machine's console sends from now on. */
  private static StringBuilder heard(Launch launch) {
    StringBuilder text = new StringBuilder();
    launch.machine().port(launch.console(), SerialPort.class).connect(b -> text.append((char) b));
    return text;
  }

  @Test
  void whatOneSendsIsNotHeardAtTheOther() {
    try (Launch first = launch(RequestBuilder.of("virt").memory(256L << 20).append("earlycon").build())) {
      run(first, 20_000_000);
      try (Launch second = fork(first)) {
        StringBuilder atFirst = heard(first);
        StringBuilder atSecond = heard(second);
        run(second, 30_000_000);
        assertEquals("", atFirst.toString());
        assertNotEquals("", atSecond.toString());
        run(first, 30_000_000);
        assertEquals(atSecond.toString(), atFirst.toString());
      }
    }
  }

  private static BlockDevice disk(Launch launch) {
    return BlockPlace.of(launch.disks().getFirst()).port(launch.machine()::port).device();
  }

  private static byte[] sector(BlockDevice disk) throws IOException {
    byte[] read = new byte[BlockDevice.SECTOR];
    disk.read(3, read, 0, 1);
    return read;
  }

  @Test
  void whatWasWrittenToADiskIsOnBothAndWhatIsWrittenOnOne() throws IOException {
    Path image = new RandomDisk(1, 1 << 20).write(folder.resolve("disk.raw"));
    byte[] before = new byte[BlockDevice.SECTOR];
    byte[] after = new byte[BlockDevice.SECTOR];
    Arrays.fill(before, (byte) 1);
    Arrays.fill(after, (byte) 2);
    try (Launch first = launch(tiny().disks(List.of(image.toString())).build())) {
      run(first, 4_000);
      disk(first).write(3, before, 0, 1);
      try (Launch second = fork(first)) {
        assertArrayEquals(before, sector(disk(second)));
        disk(first).write(3, after, 0, 1);
        assertArrayEquals(before, sector(disk(second)));
        assertArrayEquals(after, sector(disk(first)));
        disk(second).write(3, after, 0, 1);
        assertArrayEquals(after, sector(disk(second)));
        second.reset();
        assertArrayEquals(before, sector(disk(second)), "as it began");
      }
      assertArrayEquals(after, sector(disk(first)), "the fork has closed its own");
    }
  }

  @Test
  void aDiskWhoseImageChangesKeepsAMachineFromBeingForked() throws IOException {
    Path image = new RandomDisk(1, 1 << 20).write(folder.resolve("disk.raw"));
    try (Launch first = launch(tiny().disks(List.of(image + ",write")).build())) {
      String says = assertThrows(BadInput.class, () -> fork(first)).getMessage();
      assertTrue(says.startsWith("⟦disk⟧ '" + image + "': ") && says.contains("by another disk or machine of this process"), says);
      run(first, 9_000);
    }
  }

  /** Whoever keeps a state for later machines needs no machine that stands by. */
  @Test
  void aStateOutlivesTheMachineThatHadIt() throws IOException {
    LaunchRequest request = tiny().build();
    String whole = end(request, 9_000);
    Launch first = launch(request);
    try (MachineState state = state(first)) {
      first.close();
      for (int i = 0; i < 2; i++) {
        try (Launch second = first.fork(state, (kind, place, text) -> {})) {
          assertEquals(4_000, second.machine().instructions());
          run(second, 9_000);
          assertEquals(whole, second.machine().digest());
        }
      }
    }
  }

  private static MachineState state(Launch launch) throws IOException {
    run(launch, 4_000);
    return launch.machine().state();
  }

  /** As the README of {@code launch.api} shows it: a try is nothing to the next one. */
  @Test
  void aWorkerTriesSomethingFromTheSameStateAgainAndAgain() {
    try (Launch first = launch(tiny().build())) {
      run(first, 4_000);
      AddressWindow memory = first.platform().memory().getFirst();
      List<String> results = new ArrayList<>();
      try (Launch one = fork(first)) {
        for (byte[] written : new byte[][] {{1}, {2}, {1}}) {
          one.machine().load(memory.end() - 1, written, 0, written.length);
          StopReason reason = one.machine().run(new RunLimit(Long.MAX_VALUE, 9_000));
          results.add(reason + " " + one.machine().digest());
          one.reset();
        }
      }
      assertEquals(results.get(0), results.get(2));
      assertNotEquals(results.get(0), results.get(1));
    }
  }

  /** What it boots from after a reset, what it was launched with, where it is saved: all as if it had been launched itself. */
  @Test
  void aForkIsSavedLikeItsMachine() throws IOException {
    try (Launch first = launch(tiny().bootsAgain(true).build())) {
      run(first, 4_000);
      try (Launch second = fork(first)) {
        second.save(folder.resolve("fork"));
        assertEquals(first.guest(), second.guest());
        assertEquals(first.console(), second.console());
      }
      try (Launch third = launch(RequestBuilder.ofSnapshot(folder.resolve("fork")).bootsAgain(true).build())) {
        assertEquals(first.machine().digest(), third.machine().digest());
      }
    }
  }
}
