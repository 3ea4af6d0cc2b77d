// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.StoredRegister;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.Lane;

/** Who wrote a word last, of a kernel that boots on four CPUs: what {@code last-write} says is what a second run, which writes all of it down as it goes, had seen. */
class LastWriteTest {
  private static final long END = Lane.full() ? 400_000_000 : 40_000_000;
  private static final int WORDS = Lane.full() ? 200 : 12;
  private static final int BYTES = 8;
  private static final int PAGE = 4096;

  /** What the second run has seen of a word: how many instructions had been executed, and by which CPU. */
  private record Written(long instructions, int cpu) {}

  private static Launch launch(boolean history) {
    return launch(RequestBuilder.of("virt").cpus(4).memory(256L << 20).append("earlycon").build(), history);
  }

  /** A kernel of Debian's sets up its interrupt controller late: in the quick lane it's a small program. */
  private static Launch launchOfRegisters(boolean history) {
    return Lane.full() ? launch(history) : launch(RequestBuilder.of("virt").guest("tiny").memory(64L << 20).build(), history);
  }

  private static Launch launch(LaunchRequest asked, boolean history) {
    LaunchRequest request = asked;
    request = history ? request.toBuilder().option("history", "256").build() : request;
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    return launch;
  }

  private static MonitorCommand word() {
    return InstalledProduct.get().services(MonitorCommand.class).stream().filter(each -> each.name().equals("last-write")).findFirst()
        .orElseThrow();
  }

  private static void run(Machine machine) {
    machine.run(new RunLimit(Long.MAX_VALUE, END));
  }

  /** Words that hold something at the end and held something else at the begin, wherever they are. */
  private static List<Long> words(Launch launch, byte[] atFirst, long base, Random random) {
    byte[] atLast = launch.machine().peek(base, atFirst.length);
    List<Long> changed = new ArrayList<>();
    for (int page = 0; page < atFirst.length; page += PAGE) {
      List<Integer> here = new ArrayList<>();
      for (int at = page; at < page + PAGE; at += BYTES) {
        if (!Arrays.equals(atFirst, at, at + BYTES, atLast, at, at + BYTES)) {
          here.add(at);
        }
      }
      if (!here.isEmpty()) {
        changed.add(base + here.get(random.nextInt(here.size())));
      }
    }
    Collections.shuffle(changed, random);
    return changed.subList(0, Math.min(WORDS, changed.size()));
  }

  @Test
  void whoWroteLastIsWhatARunThatWritesAllDownHasSeen() {
    long seed = System.nanoTime();
    try (Launch launch = launch(true); Launch second = launch(false)) {
      long base = launch.platform().memory().getFirst().base();
      byte[] atFirst = launch.machine().peek(base, 256 << 20);
      run(launch.machine());
      String digest = launch.machine().digest();
      List<Long> words = words(launch, atFirst, base, new Random(seed));
      assertEquals(WORDS, words.size(), "words that were written");
      List<Long> zeros = LongStream.range(0, 64).map(each -> base + (each << 22) + PAGE).boxed().toList();
      Map<Long, Written> last = new TreeMap<>();
      second.machine().watch((cpu, watched, address, size, write) -> last.put(watched.first(), new Written(second.machine().instructions(),
          cpu.map(each -> each.index()).orElse(-1))), Stream.concat(words.stream(), zeros.stream()).map(each -> new WatchedAddress(
              Kind.WRITE, Space.PHYSICAL, each,
              BYTES)).toList());
      run(second.machine());
      assertEquals(digest, second.machine().digest());
      MonitorCommand word = word();
      int seen = 0;
      for (long each : words) {
        String says = word.execute(launch.machine(), List.of("physical", "0x" + Long.toHexString(each)));
        Written written = last.get(each);
        String where = says + ", 0x" + Long.toHexString(each) + ", seed " + seed;
        assertTrue(written != null && says.startsWith("written at " + written.instructions() + "@"), () -> written + ": " + where);
        assertTrue(says.contains("\n  cpu" + written.cpu() + " at 0x"), () -> written + ": " + where);
        assertTrue(says.endsWith("\n  after:  " + HexFormat.ofDelimiter(" ").formatHex(launch.machine().peek(each, BYTES)) + "\n"), where);
        seen++;
      }
      assertEquals(WORDS, seen);
      assertTrue(!Lane.full() || words.stream().map(each -> last.get(each).cpu()).distinct().count() > 1, "only one CPU has written");
      justBehind(word, launch, words.subList(0, 1), last);
      tableEntry(word, launch);
      assertEquals(digest, launch.machine().digest(), "nobody has looked");
      long untouched = zeros.stream().filter(each -> !last.containsKey(each)).findFirst().orElseThrow();
      String never = word.execute(launch.machine(), List.of("physical", "0x" + Long.toHexString(untouched)));
      assertTrue(never.startsWith("nobody has written "), never);
      refused(word, launch, "8 bytes: they aren't all in RAM", "physical", "0x4");
      refused(word, launch, "'bytes' is no number of bytes", "physical", "0x40000000", "bytes");
      refused(word, second, "no past is kept of this machine; launch it with ", "0x40000000");
    }
  }

  /** Who asks where the machine stands when it was written, and an instruction or two later, is told of that write. */
  private static void justBehind(MonitorCommand word, Launch launch, List<Long> words, Map<Long, Written> last) {
    MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(launch.machine()).orElseThrow();
    for (long each : words) {
      long written = last.get(each).instructions();
      for (long at = written; at <= Math.min(written + 2, END); at++) {
        history.show(history.at(new Goal.Instruction(at)));
        String says = word.execute(launch.machine(), List.of("physical", "0x" + Long.toHexString(each)));
        assertTrue(says.startsWith("written at " + written + "@"), at + ": " + says);
      }
    }
    history.show(null);
  }

  /** The entry that maps where the first CPU is. */
  private static void tableEntry(MonitorCommand word, Launch launch) {
    InspectedProcessor cpu = InstalledProduct.get().service(MachineInspector.class).of(launch.machine()).processors().getFirst();
    String says = word.execute(launch.machine(), List.of("table-entry", "cpu0", "0x" + Long.toHexString(cpu.place().address())));
    long entry = cpu.memory().walk(cpu.place().address()).getLast().address();
    assertTrue(says.startsWith("written at ") && says.contains("\n  cpu0 at 0x") && says.endsWith("\n  after:  " + HexFormat.ofDelimiter(
        " ")
        .formatHex(launch.machine().peek(entry, BYTES)) + "\n"), says);
  }

  /** A register of a device that was written, as one asks for it. */
  private record Register(String device, String name) {}

  /** By name where the model's only table has one for it, else by window and offset. */
  private static Register register(Machine machine, PlatformNode node, int window, long offset) {
    List<StoredRegister> registers = node.windows().size() > 1 ? List.of() : machine.registers(node.path());
    return new Register(node.path(), registers.stream().filter(each -> each.offset() == offset).map(StoredRegister::name).findFirst()
        .orElse("%d:0x%x".formatted(window, offset)));
  }

  @Test
  void whoWroteARegisterLastIsWhatARunThatWritesAllDownHasSeen() {
    long seed = System.nanoTime();
    try (Launch launch = launchOfRegisters(true); Launch second = launchOfRegisters(false)) {
      Machine machine = second.machine();
      Map<Register, TreeMap<Long, Integer>> writes = new LinkedHashMap<>();
      List<PlatformNode> nodes = machine.platform().nodes().stream().filter(each -> machine.devices().stream().anyMatch(fact -> fact
          .instance().equals(each.path()))).toList();
      machine.watch((cpu, watched, address, size, write) -> nodes.forEach(node -> {
        for (int i = 0; i < node.windows().size(); i++) {
          if (node.windows().get(i).base() == watched.first()) {
            writes.computeIfAbsent(register(machine, node, i, address - watched.first()), each -> new TreeMap<>()).put(machine
                .instructions(), cpu.map(at -> at.index()).orElse(-1));
          }
        }
      }), nodes.stream().flatMap(each -> each.windows().stream()).map(each -> new WatchedAddress(Kind.WRITE, Space.PHYSICAL, each.base(),
          each.size())).toList());
      run(launch.machine());
      run(machine);
      String digest = launch.machine().digest();
      assertEquals(digest, machine.digest());
      List<Register> written = List.copyOf(writes.keySet());
      System.out.printf("%d registers were written: %s%n", written.size(), written);
      assertTrue(written.contains(new Register("/pl011@9000000", "UARTDR")) && written.stream().anyMatch(each -> each.name.startsWith(
          "1:")),
          written::toString);
      Random random = new Random(seed);
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(launch.machine()).orElseThrow();
      for (int i = 0; i < WORDS; i++) {
        Register each = written.get(random.nextInt(written.size()));
        TreeMap<Long, Integer> all = writes.get(each);
        long at = all.firstKey() + random.nextLong(machine.instructions() - all.firstKey() + 1);
        history.show(history.at(new Goal.Instruction(at)));
        String says = word().execute(launch.machine(), List.of(each.device, each.name));
        Map.Entry<Long, Integer> last = all.floorEntry(says.startsWith("written at " + at + "@") ? at : at - 1);
        String expected = last == null ? "nobody has written " + each.device : "written at " + last.getKey() + "@";
        assertTrue(says.startsWith(expected), () -> expected + " at " + at + ": " + each + says + ", seed " + seed);
        assertTrue(last == null || says.contains("\n  cpu" + last.getValue() + " at 0x") && says.contains("guest exit (WRITE) to "
            + each.device), says);
      }
      history.show(null);
      assertEquals(digest, launch.machine().digest(), "nobody has looked");
      refused(word(), launch, "has no register 'UARTDRR'; did you mean UARTDR", "pl011", "UARTDRR");
    }
  }

  private static void refused(MonitorCommand word, Launch launch, String part, String... words) {
    String says = assertThrows(BadInput.class, () -> word.execute(launch.machine(), List.of(words))).getMessage();
    assertTrue(says.startsWith("last-write: ") && says.contains(part), says);
  }
}
