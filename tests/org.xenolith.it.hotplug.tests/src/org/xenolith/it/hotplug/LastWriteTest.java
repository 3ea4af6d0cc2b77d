// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;
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
    LaunchRequest request = RequestBuilder.of("virt").cpus(4).memory(256L << 20).append("earlycon").build();
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
      assertEquals(digest, launch.machine().digest(), "nobody has looked");
      long untouched = zeros.stream().filter(each -> !last.containsKey(each)).findFirst().orElseThrow();
      String never = word.execute(launch.machine(), List.of("physical", "0x" + Long.toHexString(untouched)));
      assertTrue(never.startsWith("nobody has written "), never);
      refused(word, launch, "8 bytes: they aren't all in RAM", "physical", "0x4");
      refused(word, launch, "'bytes' is no number of bytes", "physical", "0x40000000", "bytes");
      refused(word, second, "no past is kept of this machine; launch it with ", "0x40000000");
    }
  }

  private static void refused(MonitorCommand word, Launch launch, String part, String... words) {
    String says = assertThrows(BadInput.class, () -> word.execute(launch.machine(), List.of(words))).getMessage();
    assertTrue(says.startsWith("last-write: ") && says.contains(part), says);
  }
}
