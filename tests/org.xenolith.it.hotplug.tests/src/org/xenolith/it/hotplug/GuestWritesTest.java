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
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.console.api.SerialPort;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MachineCodeHost;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.control.StoredRegister;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.origin.api.LastWrite;
import org.xenolith.origin.api.ValueOrigins;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FullLane;

/**
 * A Debian with two CPUs that has booted and read its disks: who wrote words of its memory, what a virtio disk and an NVMe controller put there, and registers of its UART and interrupt controller last, is what a
 * second run has seen that writes all down. What is asked is drawn afterwards.
 */
@FullLane
class GuestWritesTest {
  /** Of each kind of memory. */
  private static final int QUESTIONS = Integer.getInteger("xenolith.test.questions", 200);
  /** Of each device. */
  private static final int REGISTERS = Integer.getInteger("xenolith.test.registers", QUESTIONS);
  private static final int DISK = 1 << 20;
  private static final int PAGE = 4096;
  private static final int WORD = 8;
  /** Bytes of an entry of an NVMe completion queue. */
  private static final int ENTRY = 16;
  /** Of registers, at how many moments somebody asks. */
  private static final int MOMENTS = 40;
  private static final long LATE = TimeUnit.SECONDS.toNanos(900);
  private static final long SEED = Long.getLong("xenolith.test.seed", System.nanoTime());

  @TempDir
  private Path folder;
  private final Random random = new Random(SEED);
  private final byte[] virtio = new byte[DISK];
  private LaunchRequest request;

  /** Something to ask for, how, and when it was written in the second run, by which CPU. */
  private record Asked(List<String> words, WatchedAddress where, TreeMap<Long, Integer> writes) {}

  private Launch launch(boolean history) {
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(history ? request.toBuilder().option("history", "512").build()
        : request, line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    return launch;
  }

  private static void until(Launch launch, GuestConsole console) {
    console.when(ShellGuest.PROMPT, launch.machine()::stop);
    assertEquals(StopReason.STOPPED, launch.machine().run(new RunLimit(LATE, Long.MAX_VALUE)), console::text);
  }

  /** A question, and the moment at which it is asked. */
  private record Question(Asked asked, long at) {}

  /** Boots, and has both disks read. */
  private static void run(Launch launch) {
    GuestConsole console = new GuestConsole();
    Machine machine = launch.machine();
    machine.port(launch.console(), SerialPort.class).connect(console);
    machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
    until(launch, console);
    machine.input("serial", launch.console(),
        ("sleep 100000 < /dev/vda & dd if=/dev/vda of=/dev/null bs=64k 2>/dev/null; s=0; while [ $s -lt 240 ]; do "
            + "dd if=/dev/nvme0n1 of=/dev/null bs=4096 count=1 skip=$s 2>/dev/null; s=$((s+1)); done\n").getBytes(
                StandardCharsets.US_ASCII));
    until(launch, console);
  }

  private static Asked memory(long address) {
    return new Asked(List.of("physical", "0x" + Long.toHexString(address)), new WatchedAddress(Kind.WRITE, Space.PHYSICAL, address, WORD),
        new TreeMap<>());
  }

  /** Words that hold something else than at first. */
  private List<Asked> changed(byte[] atFirst, byte[] ram, long base) {
    Set<Integer> words = new HashSet<>();
    while (words.size() < QUESTIONS) {
      int at = random.nextInt(ram.length / WORD) * WORD;
      if (!Arrays.equals(atFirst, at, at + WORD, ram, at, at + WORD)) {
        words.add(at);
      }
    }
    return words.stream().sorted().map(each -> memory(base + each)).toList();
  }

  /** Words of pages into which the virtio disk was read. */
  private List<Asked> buffers(byte[] ram, long base) {
    List<Integer> pages = IntStream.range(0, ram.length / PAGE).filter(page -> IntStream.range(0, DISK / PAGE).anyMatch(block -> Arrays
        .equals(ram, page * PAGE, (page + 1) * PAGE, virtio, block * PAGE, (block + 1) * PAGE))).boxed().toList();
    assertTrue(pages.size() >= DISK / PAGE, () -> pages.size() + " pages hold what is on the disk");
    return IntStream.range(0, QUESTIONS).mapToObj(i -> memory(base + pages.get(random.nextInt(pages.size())) * PAGE + random.nextInt(PAGE
        / WORD) * WORD)).distinct().toList();
  }

  /** Words of entries of completion queues that a controller has written. */
  private static List<Asked> completions(Machine machine) {
    String controller = machine.devices().stream().filter(each -> each.model().equals("pci-nvme")).findFirst().orElseThrow().instance();
    Map<String, Long> queues = machine.registers(controller).stream().filter(each -> each.window().equals("queues")).collect(Collectors
        .toMap(StoredRegister::name, each -> each.value().orElse(0)));
    List<Asked> words = new ArrayList<>();
    for (int queue = 0; queue < 9; queue++) {
      for (long at = 0; at < queues.get("CQSIZE" + queue) * ENTRY; at += ENTRY) {
        long entry = queues.get("CQBASE" + queue) + at;
        if (!Arrays.equals(new byte[ENTRY], machine.peek(entry, ENTRY))) {
          words.add(memory(entry));
          words.add(memory(entry + WORD));
        }
      }
    }
    return words;
  }

  /** Registers of a device, each by window and offset. */
  private static List<Asked> registers(Machine machine, String device) {
    PlatformNode node = machine.platform().node(device).orElseThrow();
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < node.windows().size(); i++) {
      all.add(new Asked(List.of(device, i + ":"), new WatchedAddress(Kind.WRITE, Space.PHYSICAL, node.windows().get(i).base(), node
          .windows().get(i).size()), new TreeMap<>()));
    }
    return all;
  }

  @Test
  void whoWroteLastIsWhatARunThatWritesAllDownHasSeen() throws IOException {
    random.nextBytes(virtio);
    request = RequestBuilder.of("virt").guest("debian").boardOption("gic", "3").cpus(2).memory(256L << 20).append(
        "quiet cryptomgr.notests xl.disk xl.pci xl.shell").disks(List.of(Files.write(folder.resolve("virtio.img"), virtio).toString(), Files
            .write(folder.resolve("nvme.img"), new byte[DISK]) + ",pci=1.0")).option("pci", "1.0=nvme").engine(MachineCodeHost.here()
                ? MachineCodeHost.ENGINE
                : "").build();
    try (Launch launch = launch(true); Launch second = launch(false)) {
      Machine machine = launch.machine();
      long base = launch.platform().memory().getFirst().base();
      int size = (int) launch.platform().memory().getFirst().size();
      byte[] atFirst = machine.peek(base, size);
      run(launch);
      String digest = machine.digest();
      byte[] ram = machine.peek(base, size);
      List<Asked> kernel = changed(atFirst, ram, base);
      List<Asked> buffers = buffers(ram, base);
      List<Asked> completions = completions(machine);
      List<Asked> pl011 = registers(machine, "/pl011@9000000");
      List<Asked> gic = registers(machine, "/intc@8000000");
      Map<String, Map<String, Asked>> written = new TreeMap<>();
      log(second.machine(), List.of(kernel, buffers, completions), List.of(pl011, gic), written);
      run(second);
      assertEquals(digest, second.machine().digest(), "both runs are the same");
      System.out.printf("%,d instructions, seed %d%n", machine.instructions(), SEED);
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(machine).orElseThrow();
      ask("words of memory", history, kernel);
      ask("words of a virtio disk's buffers", history, buffers);
      ask("words of NVMe completions", history, completions);
      askRegisters(history, written);
      assertEquals(digest, machine.digest(), "nobody has looked");
    }
  }

  /** Has a machine write down what is written, from now on. @param written by device and register */
  private static void log(Machine machine, List<List<Asked>> memory, List<List<Asked>> devices, Map<String, Map<String, Asked>> written) {
    Map<WatchedAddress, List<Asked>> asked = memory.stream().flatMap(List::stream).collect(Collectors.groupingBy(Asked::where));
    Map<WatchedAddress, Asked> windows = devices.stream().flatMap(List::stream).collect(Collectors.toMap(Asked::where, each -> each));
    List<WatchedAddress> all = new ArrayList<>(asked.keySet());
    all.addAll(windows.keySet());
    machine.watch((cpu, watched, address, size, write) -> {
      int by = cpu.map(each -> each.index()).orElse(-1);
      asked.getOrDefault(watched, List.of()).forEach(each -> each.writes().put(machine.instructions(), by));
      Asked window = windows.get(watched);
      if (window != null) {
        String register = window.words().getLast() + "0x" + Long.toHexString(address - watched.first());
        written.computeIfAbsent(window.words().getFirst(), each -> new TreeMap<>()).computeIfAbsent(register, each -> new Asked(List.of(
            window.words().getFirst(), register), watched, new TreeMap<>())).writes().put(machine.instructions(), by);
      }
    }, all);
  }

  /** Asks where the machine stands, in any order. */
  private void ask(String what, MachineHistory history, List<Asked> of) {
    List<Asked> asked = new ArrayList<>(of.stream().filter(each -> !each.writes().isEmpty()).toList());
    Collections.shuffle(asked, random);
    long last = history.present().instructions();
    Answers answers = new Answers();
    asked.stream().limit(QUESTIONS).forEach(each -> answers.ask(history, new Question(each, last + 1)));
    System.out.printf("%s: of %d that were written %s%n", what, asked.size(), answers);
  }

  /** Asks at moments of the run, drawn from all of it, for registers that were written at any time: some of them not yet. */
  private void askRegisters(MachineHistory history, Map<String, Map<String, Asked>> written) {
    Map<String, Answers> answers = new TreeMap<>();
    int most = Math.min(MOMENTS, REGISTERS);
    for (int moment = 0; moment < most; moment++) {
      long at = 1 + random.nextLong(history.present().instructions());
      history.show(history.at(new Goal.Instruction(at)));
      int questions = REGISTERS * (moment + 1) / most - REGISTERS * moment / most;
      written.forEach((device, registers) -> {
        List<Asked> all = List.copyOf(registers.values());
        for (int i = 0; i < questions; i++) {
          answers.computeIfAbsent(device, each -> new Answers()).ask(history, new Question(all.get(random.nextInt(all.size())), at));
        }
      });
    }
    history.show(null);
    answers.forEach((device, all) -> System.out.printf("registers of %s: of %d that were written at %d moments %s%n", device, written.get(
        device).size(), most, all));
  }

  /** How long answers took, all of which were right. */
  private static final class Answers {
    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> own = new ArrayList<>();
    private int none;

    void ask(MachineHistory history, Question question) {
      long began = System.nanoTime();
      long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      Optional<LastWrite> found = InstalledProduct.get().service(ValueOrigins.class).lastWrite(history, question.asked.words());
      seconds.add((System.nanoTime() - began) / 1e9);
      own.add((ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - used) / 1e9);
      right(question, found);
      none += found.isEmpty() ? 1 : 0;
    }

    @Override
    public String toString() {
      return "%d were asked, %d had nobody; all as they were; %s; of the thread's own %s".formatted(seconds.size(), none, spread(seconds),
          spread(own));
    }
  }

  private static void right(Question question, Optional<LastWrite> found) {
    String where = question.asked.words() + " at " + question.at + ": " + found + ", seed " + SEED;
    // One at the very moment at which somebody asks may count.
    long moment = found.map(each -> each.moment().instructions()).orElse(0L);
    Map.Entry<Long, Integer> expected = question.asked.writes().floorEntry(moment == question.at ? moment : question.at - 1);
    assertEquals(expected == null ? 0 : expected.getKey(), moment, where);
    assertEquals(expected == null, found.isEmpty(), where);
    assertTrue(expected == null || expected.getValue() < 0 || found.orElseThrow().processor().orElse(-1) == expected.getValue(), where);
  }

  private static String spread(List<Double> all) {
    double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return "median %.2f s, worst %.2f s".formatted(sorted[sorted.length / 2], sorted[sorted.length - 1]);
  }
}
