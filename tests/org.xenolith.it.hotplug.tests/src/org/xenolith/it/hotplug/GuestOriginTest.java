// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.console.api.SerialPort;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MachineCodeHost;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.origin.api.OriginStep;
import org.xenolith.origin.api.OriginStep.Kind;
import org.xenolith.origin.api.ValueOrigins;
import org.xenolith.testkit.FullLane;

/** The way that bytes have come through a Debian: what was typed at its shell, and sectors that it read of a disk, wherever they are in memory then. */
@FullLane
class GuestOriginTest {
  private static final int DISK = 1 << 20;
  private static final int SECTOR = 512;
  /** Bytes of a sector that are looked for, and of these the ones that are asked for. */
  private static final int PATTERN = 16;
  private static final int SECTORS = 2;
  private static final long LATE = TimeUnit.SECONDS.toNanos(900);

  @TempDir
  private Path folder;
  private final GuestConsole console = new GuestConsole();
  private final Random random = new Random(65);
  private final List<Double> seconds = new ArrayList<>();
  private Launch launch;
  private MachineHistory history;

  private void until(String text) {
    console.when(text, launch.machine()::stop);
    assertEquals(StopReason.STOPPED, launch.machine().run(new RunLimit(LATE, Long.MAX_VALUE)), console::text);
  }

  private void command(String line) {
    launch.machine().input("serial", launch.console(), (line + "\n").getBytes(StandardCharsets.US_ASCII));
    until(ShellGuest.PROMPT);
  }

  /** Where bytes are in RAM. */
  private List<Long> found(byte[] wanted) {
    List<Long> all = new ArrayList<>();
    long base = launch.platform().memory().getFirst().base();
    byte[] ram = launch.machine().peek(base, (int) launch.platform().memory().getFirst().size());
    for (int i = 0; i <= ram.length - wanted.length; i++) {
      if (ram[i] == wanted[0] && Arrays.equals(ram, i, i + wanted.length, wanted, 0, wanted.length)) {
        all.add(base + i);
      }
    }
    return all;
  }

  private List<OriginStep> way(long address, int length) {
    long began = System.nanoTime();
    List<OriginStep> steps = InstalledProduct.get().service(ValueOrigins.class).origin(history, List.of("physical", "0x" + Long.toHexString(
        address), Integer.toString(length)));
    seconds.add((System.nanoTime() - began) / 1e9);
    return steps;
  }

  private void times(String what) {
    double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    System.out.printf("%s: %d ways, median %.2f s, worst %.2f s%n", what, sorted.length, sorted[sorted.length / 2], sorted[sorted.length
        - 1]);
    seconds.clear();
  }

  @Test
  void sectorsAndTypedBytesAreTheEndOfEachWay() throws IOException {
    byte[] disk = new byte[DISK];
    random.nextBytes(disk);
    Path image = Files.write(folder.resolve("disk.img"), disk);
    RequestBuilder request = RequestBuilder.of("virt").guest("debian").memory(256L << 20).append("quiet cryptomgr.notests xl.disk xl.shell")
        .disks(List.of(image.toString())).engine(MachineCodeHost.here() ? MachineCodeHost.ENGINE : "").option("history", "512,every=10");
    try (Launch opened = InstalledProduct.get().service(Launcher.class).launch(request.build(), line -> {}, (kind, place, text) -> {})) {
      launch = opened;
      Machine machine = launch.machine();
      launch.debug(new UnhaltedRun(), line -> {});
      machine.port(launch.console(), SerialPort.class).connect(console);
      machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
      until(ShellGuest.PROMPT);
      history = InstalledProduct.get().service(MachineHistories.class).of(machine).orElseThrow();
      sectors(disk);
      typed();
    }
  }

  private void sectors(byte[] disk) {
    List<Integer> numbers = random.ints(0, DISK / SECTOR).distinct().limit(SECTORS).boxed().toList();
    for (int number : numbers) {
      command("dd if=/dev/vda of=/s" + number + " bs=512 count=1 skip=" + number + "");
    }
    String digest = launch.machine().digest();
    int copies = 0;
    for (int number : numbers) {
      int at = random.nextInt(SECTOR - PATTERN);
      byte[] pattern = Arrays.copyOfRange(disk, number * SECTOR + at, number * SECTOR + at + PATTERN);
      List<Long> places = found(pattern);
      assertTrue(!places.isEmpty(), () -> "sector " + number + ": " + places + console.text());
      for (long place : places) {
        List<OriginStep> steps = way(place, 1);
        String text = "byte %d of sector %d of the disk at ".formatted(at, number);
        System.out.println(number + " 0x" + Long.toHexString(place) + " " + steps.stream().map(OriginStep::kind).toList());
        assertTrue(steps.getLast().kind() == Kind.SECTOR && steps.getLast().text().startsWith(text) && steps.get(steps.size() - 2).kind()
            == Kind.DMA, () -> text + " isn't the end of 0x" + Long.toHexString(place) + ": " + String.join("\n", steps.stream().map(
                OriginStep::toString).toList()));
        copies += steps.size() > 2 ? 1 : 0;
      }
    }
    assertTrue(copies >= SECTORS, copies + " copies of sectors");
    assertEquals(digest, launch.machine().digest(), "nobody has looked");
    times("sectors");
  }

  private void typed() {
    int before = launch.machine().inputs().of("serial").stream().mapToInt(each -> each.bytes().length).sum();
    String word = "qZ7xWv3LpR9mKt5YbN2cHd8FgJ4sVeU6";
    command("echo " + word + " > /typed");
    String digest = launch.machine().digest();
    List<Long> places = found(word.getBytes(StandardCharsets.US_ASCII));
    System.out.println(places.size() + " copies of what was typed");
    int ways = 0;
    for (long place : places) {
      for (int i = 0; i < word.length() && ways < 4; i += 7) {
        List<OriginStep> steps = way(place + i, 1);
        String text = "byte %d of what came in by the serial line of ".formatted(before + "echo ".length() + i);
        System.out.println(i + " 0x" + Long.toHexString(place) + " " + steps.stream().map(OriginStep::kind).toList());
        assertTrue(steps.getLast().kind() == Kind.TYPED && steps.getLast().text().startsWith(text) && steps.getLast().text().endsWith("'"
            + word
                .charAt(i) + "'"), () -> text + " isn't the end: " + String.join("\n", steps.stream().map(OriginStep::toString).toList()));
        ways++;
      }
    }
    assertTrue(ways > 0);
    assertEquals(digest, launch.machine().digest(), "nobody has looked");
    times("typed bytes");
  }
}
