// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** A guest that resets its machine again and again has one past: moments of each of its lives are reached, and places are met from one life back into the one before. */
class PastResetsTest {
  private static final int LIVES = 4;
  private static final int MOMENTS = 12;
  /** Has another CPU write a letter into memory, counts for four million instructions; then it resets the machine, or, in the fourth second, powers it off. */
  private static final String PROGRAM = """
      mov w0, #3
      movk w0, #0xc400, lsl #16
      mov x1, #1
      adr x2, other
      mov x3, #0x43
      hvc #0
      mov x1, #0
      movk x1, #0x20, lsl #16
      loop: subs x1, x1, #1
      b.ne loop
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

  @TempDir
  Path folder;

  private Launch launch(String history) throws IOException {
    RequestBuilder request = RequestBuilder.of("virt").cpus(2).memory(64L << 20).kernel(Files.write(folder.resolve("Image"), GuestResetTest
        .image(PROGRAM))).bootsAgain(true);
    Launch launch = InstalledProduct.get().service(Launcher.class).launch((history.isEmpty() ? request : request.option("history", history))
        .build(), line -> {}, (kind, place, text) -> {});
    launch.debug(new UnhaltedRun(), line -> {});
    return launch;
  }

  @Test
  void momentsOfEachLifeAreReachedBothWays() throws IOException {
    long seed = System.nanoTime();
    try (Launch kept = launch("64,every=1"); Launch alone = launch("")) {
      assertEquals(StopReason.POWER_OFF, kept.machine().run(RunLimit.NONE));
      assertEquals(LIVES - 1, kept.machine().events().get("machine-reset"), "resets");
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(kept.machine()).orElseThrow();
      List<Long> counts = new Random(seed).longs(MOMENTS, 0, kept.machine().instructions()).sorted().boxed().toList();
      List<String> digests = new ArrayList<>();
      for (long count : counts) {
        alone.machine().run(new RunLimit(Long.MAX_VALUE, count));
        digests.add(alone.machine().digest());
      }
      try (PastMachine past = history.at(new Goal.Exactly(history.present()))) {
        assertEquals(kept.machine().digest(), past.machine().digest(), "the present");
        for (int i = MOMENTS - 1; i >= 0; i--) {
          past.go(new Goal.Instruction(counts.get(i)));
          assertEquals(digests.get(i), past.machine().digest(), "backwards, seed " + seed);
        }
        for (int i = 0; i < MOMENTS; i++) {
          past.go(new Goal.Instruction(counts.get(i)));
          assertEquals(digests.get(i), past.machine().digest(), "forwards, seed " + seed);
        }
      }
    }
  }

  @Test
  void placesAreMetInEachLife() throws IOException {
    try (Launch kept = launch("64,every=1")) {
      assertEquals(StopReason.POWER_OFF, kept.machine().run(RunLimit.NONE));
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(kept.machine()).orElseThrow();
      try (PastMachine past = history.at(new Goal.Instruction(0))) {
        List<StopPlace> begin = List.of(new StopPlace.Instruction(InstalledProduct.get().service(MachineInspector.class).of(past.machine())
            .processor(0).orElseThrow().place().address()));
        List<Moment> lives = new ArrayList<>(List.of(past.moment()));
        while (past.forwards(begin, report -> true).why() == Why.STOP) {
          lives.add(past.moment());
        }
        assertEquals(LIVES, lives.size(), lives::toString);
        assertEquals(history.present(), past.moment());
        for (Moment life : lives.reversed()) {
          assertEquals(Why.STOP, past.backwards(begin, report -> true).why());
          assertEquals(life, past.moment());
        }
        past.go(new Goal.Exactly(lives.get(1)));
        assertEquals(Why.THERE, past.step(0, -1).why(), "into the life before");
        assertTrue(past.moment().compareTo(lives.get(1)) < 0);
      }
    }
  }
}
