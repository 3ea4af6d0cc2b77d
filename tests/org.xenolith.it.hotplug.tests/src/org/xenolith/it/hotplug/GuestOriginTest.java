// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
import org.xenolith.machine.control.StoredRegister;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.origin.api.LastWrite;
import org.xenolith.origin.api.OriginStep;
import org.xenolith.origin.api.OriginStep.Kind;
import org.xenolith.origin.api.ValueOrigins;
import org.xenolith.testkit.FullLane;

/**
 * The way that bytes have come through a Debian, on Arm and on a PC: sectors that it read of a virtio disk and of an NVMe controller, what was typed at its shell, and frames from one network card to another, wherever they
 * are in memory then. Each has random content, so that what is planted can be found.
 */
@FullLane
class GuestOriginTest {
  private static final int DISK = 1 << 20;
  private static final int SECTOR = 512;
  /** Bytes that are looked for; of these the first one is asked for. */
  private static final int PATTERN = 16;
  /** Copies of one pattern whose ways are asked for. */
  private static final int COPIES = 2;
  private static final int COPIES_OF_FRAMES = 8;
  private static final int SECTORS = Integer.getInteger("xenolith.test.sectors", 100);
  private static final int TYPED = Integer.getInteger("xenolith.test.typed", 50);
  private static final int FRAMES = Integer.getInteger("xenolith.test.frames", 50);
  /** Bytes of an entry of an NVMe completion queue. */
  private static final int ENTRY = 16;
  /** Sectors of the virtio disk that go from card to card. */
  private static final int SENT = 128;
  private static final long LATE = TimeUnit.SECONDS.toNanos(900);

  /** A frame that was delivered. */
  private record Delivered(String station, byte[] bytes) {}

  @TempDir
  private Path folder;
  private final GuestConsole console = new GuestConsole();
  private final Random random = new Random(65);
  private final List<Double> seconds = new ArrayList<>();
  /** Of the thread's own, whatever else the host does meanwhile. */
  private final List<Double> own = new ArrayList<>();
  /** When each entry of a completion queue was written last, by its address. */
  private final Map<Long, Long> completed = new TreeMap<>();
  private final List<Delivered> delivered = new ArrayList<>();
  private final byte[] virtio = new byte[DISK];
  private final byte[] nvme = new byte[DISK];
  private String board;
  private Launch launch;
  /** What is in RAM since the last command; empty until somebody looks. */
  private byte[] ram = new byte[0];
  private MachineHistory history;

  private void until(String text) {
    console.when(text, launch.machine()::stop);
    assertEquals(StopReason.STOPPED, launch.machine().run(new RunLimit(LATE, Long.MAX_VALUE)), console::text);
  }

  private void command(String line) {
    ram = new byte[0];
    launch.machine().input("serial", launch.console(), (line + "\n").getBytes(StandardCharsets.US_ASCII));
    until(ShellGuest.PROMPT);
  }

  /** Where bytes are in RAM. */
  private List<Long> found(byte[] wanted) {
    List<Long> all = new ArrayList<>();
    long base = launch.platform().memory().getFirst().base();
    if (ram.length == 0) {
      ram = launch.machine().peek(base, (int) launch.platform().memory().getFirst().size());
    }
    for (int i = 0; i <= ram.length - wanted.length; i++) {
      if (ram[i] == wanted[0] && Arrays.equals(ram, i, i + wanted.length, wanted, 0, wanted.length)) {
        all.add(base + i);
      }
    }
    return all;
  }

  private List<OriginStep> way(long address) {
    return timed(() -> InstalledProduct.get().service(ValueOrigins.class).origin(history, List.of("physical", "0x" + Long.toHexString(
        address),
        "1")));
  }

  private <T> T timed(Supplier<T> question) {
    long began = System.nanoTime();
    long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    T answer = question.get();
    seconds.add((System.nanoTime() - began) / 1e9);
    own.add((ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - used) / 1e9);
    return answer;
  }

  private static String told(long place, List<OriginStep> steps) {
    return "0x" + Long.toHexString(place) + ": " + steps.stream().map(OriginStep::toString).collect(Collectors.joining("\n  "));
  }

  private void times(String what, int planted) {
    System.out.printf("%s, %s: %d planted, %d ways, %s; of the thread's own %s%n", board,
        what, planted, seconds.size(), spread(seconds), spread(own));
    seconds.clear();
    own.clear();
  }

  private static String spread(List<Double> all) {
    double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return "median %.2f s, worst %.2f s".formatted(sorted[sorted.length / 2], sorted[sorted.length - 1]);
  }

  @Test
  void eachWayOnArmEndsAtWhatWasPlanted() throws IOException {
    planted("Arm", RequestBuilder.of("virt").guest("debian").boardOption("gic", "3"));
  }

  @Test
  void eachWayOnAPcEndsAtWhatWasPlanted() throws IOException {
    planted("PC", RequestBuilder.of("pc-pvh").guest("debian-amd64").boardOption("pcie", "ecam"));
  }

  private void planted(String name, RequestBuilder of) throws IOException {
    board = name;
    random.nextBytes(virtio);
    random.nextBytes(nvme);
    RequestBuilder request = of.memory(256L << 20).append("quiet cryptomgr.notests xl.disk xl.pci xl.shell").disks(List.of(Files.write(
        folder.resolve("virtio.img"), virtio).toString(), Files.write(folder.resolve("nvme.img"), nvme) + ",pci=1.0")).option("pci",
            "1.0=nvme 2.0=virtio 3.0=virtio").option("nic", "pci=2.0 pci=3.0,mac=52:54:00:aa:bb:cc").engine(MachineCodeHost.here()
                ? MachineCodeHost.ENGINE
                : "").option("history", "512,every=10");
    try (Launch opened = InstalledProduct.get().service(Launcher.class).launch(request.build(), line -> {}, (kind, place, text) -> {})) {
      launch = opened;
      Machine machine = launch.machine();
      launch.debug(new UnhaltedRun(), line -> {});
      machine.port(launch.console(), SerialPort.class).connect(console);
      machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
      until(ShellGuest.PROMPT);
      history = InstalledProduct.get().service(MachineHistories.class).of(machine).orElseThrow();
      machine.ports(EthernetPort.class).values().forEach(port -> port.watch((station, sent, bytes, offset, length) -> {
        if (!sent) {
          delivered.add(new Delivered(station.name(), Arrays.copyOfRange(bytes, offset, offset + length)));
        }
      }));
      frames();
      sectors("/dev/vda", virtio);
      logCompletions();
      sectors("/dev/nvme0n1", nvme);
      completions();
      typed();
    }
  }

  /** Each is read into a file of its own. */
  private void sectors(String device, byte[] disk) {
    List<Integer> numbers = random.ints(SENT + 8, DISK / SECTOR).distinct().limit(SECTORS).boxed().toList();
    command("for s in " + numbers.stream().map(String::valueOf).collect(Collectors.joining(" ")) + "; do dd if=" + device
        + " of=/s$s bs=512 count=1 skip=$s 2>/dev/null; done");
    String digest = launch.machine().digest();
    int copies = 0;
    for (int number : numbers) {
      int at = random.nextInt(SECTOR - PATTERN);
      List<Long> places = found(Arrays.copyOfRange(disk, number * SECTOR + at, number * SECTOR + at + PATTERN));
      assertTrue(!places.isEmpty(), () -> "sector " + number + ": " + places + console.text());
      for (long place : places.subList(0, Math.min(COPIES, places.size()))) {
        List<OriginStep> steps = way(place);
        String text = "byte %d of sector %d of the disk at ".formatted(at, number);
        assertTrue(steps.getLast().kind() == Kind.SECTOR && steps.getLast().text().startsWith(text) && steps.get(steps.size() - 2).kind()
            == Kind.DMA, () -> text + " isn't the end of " + told(place, steps));
        String command = steps.get(steps.size() - 2).text();
        assertTrue(!device.contains("nvme") || reads(command, number), () -> command + " isn't a read of sector " + number);
        copies += steps.size() > 2 ? 1 : 0;
      }
    }
    assertTrue(copies > 0, copies + " copies of sectors");
    assertEquals(digest, launch.machine().digest(), "nobody has looked");
    times("sectors of " + device, SECTORS);
  }

  /** Whether a step of an NVMe controller names the command that has it read a sector. */
  private static boolean reads(String text, int sector) {
    Matcher command = Pattern.compile(
        ", by command 0x[0-9a-f]+ in entry \\d+ of submission queue [1-9]: read of namespace 1, (\\d+) blocks from (\\d+) on$")
        .matcher(text);
    return command.find() && sector >= Integer.parseInt(command.group(2)) && sector < Integer.parseInt(command.group(2)) + Integer.parseInt(
        command.group(1));
  }

  /** Has the run itself write down when each entry of a completion queue is written. */
  private void logCompletions() {
    Machine machine = launch.machine();
    String controller = machine.devices().stream().filter(each -> each.model().equals("pci-nvme")).findFirst().orElseThrow().instance();
    Map<String, Long> queues = machine.registers(controller).stream().filter(each -> each.window().equals("queues")).collect(Collectors
        .toMap(
            StoredRegister::name, each -> each.value().orElse(0)));
    List<WatchedAddress> places = IntStream.range(0, 9).filter(each -> queues.get("CQSIZE" + each) > 0).mapToObj(each -> new WatchedAddress(
        WatchedAddress.Kind.WRITE, WatchedAddress.Space.PHYSICAL, queues.get("CQBASE" + each), ENTRY * queues.get("CQSIZE" + each)))
        .toList();
    machine.watch((cpu, watched, address, size, write) -> completed.put(address, machine.instructions()), places);
  }

  private void completions() {
    launch.machine().watch((cpu, watched, address, size, write) -> {}, List.of());
    String digest = launch.machine().digest();
    completed.forEach((address, instructions) -> {
      long word = address + 8 * random.nextInt(2);
      LastWrite write = timed(() -> InstalledProduct.get().service(ValueOrigins.class).lastWrite(history, List.of("physical", "0x" + Long
          .toHexString(word)))).orElseThrow();
      assertEquals(instructions, write.moment().instructions(), write::toString);
      assertTrue(write.by().stream().anyMatch(each -> each.matches("DMA of /pcie@[0-9a-f]+#8, 16 bytes at 0x" + Long.toHexString(address)))
          && write.by().stream().anyMatch(each -> each.matches(
              "entry \\d+ of completion queue [1-9]: command 0x[0-9a-f]+ of submission queue [1-9], status 0x0")), write::toString);
    });
    assertEquals(digest, launch.machine().digest(), "nobody has looked");
    times("words of NVMe completions", completed.size());
    assertTrue(completed.size() >= SECTORS, completed::toString);
  }

  private void typed() {
    int before = launch.machine().inputs().of("serial").stream().mapToInt(each -> each.bytes().length).sum();
    String word = random.ints(TYPED, 'A', 'Z' + 1).mapToObj(each -> "" + (char) each).collect(Collectors.joining());
    command("echo " + word + " > /typed");
    String digest = launch.machine().digest();
    for (int i = 0; i < word.length(); i++) {
      // What is around a byte tells it from others of its value.
      int from = Math.min(i, word.length() - PATTERN);
      List<Long> places = found(word.substring(from, from + PATTERN).getBytes(StandardCharsets.US_ASCII));
      assertTrue(!places.isEmpty(), word);
      long place = places.get(i % places.size()) + i - from;
      List<OriginStep> steps = way(place);
      String text = "byte %d of what came in by the serial line of ".formatted(before + "echo ".length() + i);
      assertTrue(steps.getLast().kind() == Kind.TYPED && steps.getLast().text().startsWith(text) && steps.getLast().text().endsWith("'"
          + word.charAt(i) + "'"), () -> text + " isn't the end of " + told(place, steps));
    }
    assertEquals(digest, launch.machine().digest(), "nobody has looked");
    times("typed bytes", word.length());
  }

  /** The first sectors of the virtio disk go from a network namespace of the second card's to the first card's. */
  private void frames() {
    command(
        "unshare -n sleep 100000 & p=$!; sleep 0.2; ip link set eth1 netns $p; n=\"nsenter -t $p -n\"; ip addr add 10.0.0.1/24 dev eth0; "
            + "ip link set eth0 up; $n ip addr add 10.0.0.2/24 dev eth1; $n ip link set eth1 up");
    command("nc -l -p 5001 > /received & dd if=/dev/vda bs=512 count=" + SENT + " 2>/dev/null | $n nc 10.0.0.1 5001; wait $!");
    String digest = launch.machine().digest();
    int planted = 0;
    for (int i = 0; i < FRAMES; i++) {
      int at = random.nextInt(SENT * SECTOR - PATTERN);
      byte[] pattern = Arrays.copyOfRange(virtio, at, at + PATTERN);
      List<Long> places = found(pattern);
      boolean seen = false;
      for (int k = places.size() - 1; k >= 0 && k >= places.size() - COPIES_OF_FRAMES && !seen; k--) {
        long place = places.get(k);
        List<OriginStep> steps = way(place);
        seen = steps.getLast().kind() == Kind.FRAME;
        assertTrue(seen ? delivered(steps.getLast().text(), pattern) : steps.getLast().kind() == Kind.SECTOR && steps.getLast().text()
            .startsWith("byte %d of sector %d of the disk at ".formatted(at % SECTOR, at / SECTOR)), () -> at + " isn't the end of " + told(
                place, steps));
      }
      planted += seen ? 1 : 0;
    }
    assertEquals(digest, launch.machine().digest(), "nobody has looked");
    times("frames", planted);
    assertTrue(planted > FRAMES * 3 / 4, planted + " of " + FRAMES);
  }

  /** Whether a frame that the run itself has seen has the pattern where the text says. */
  private boolean delivered(String text, byte[] pattern) {
    return delivered.stream().anyMatch(each -> {
      for (int i = 0; i + PATTERN <= each.bytes.length; i++) {
        if (Arrays.equals(each.bytes, i, i + PATTERN, pattern, 0, PATTERN)) {
          return text.startsWith("byte %d of a frame of %d bytes that is delivered to %s".formatted(i, each.bytes.length, each.station));
        }
      }
      return false;
    });
  }
}
