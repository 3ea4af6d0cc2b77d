// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.machine.kit.PageStore;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamImages;
import org.xenolith.testkit.a64.BareMachine;
import org.xenolith.testkit.a64.CallingGuest;
import org.xenolith.testkit.a64.EngineComparison;
import org.xenolith.testkit.a64.GuestCount;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.TameGuest;

/** An engine of a fork takes code over from the one whose memory its own is, comes to the same state, and neither notices the other. */
class ForkedCodeTest {
  private static final int PAGE = 4096;
  private static final int ADD_X0_1 = 0x9100_0400;
  private static final int TO_THE_NEXT_PAGE = 0x1400_0000 | (PAGE - 4) / 4;
  private static final int HVC = 0xD400_0002;

  /** A guest with its engine, which goes on in several parts. */
  private static final class Guest {
    private MachineCodeEngine engine;
    private final RandomGuest guest;
    private final Random cut = new Random(1);

    Guest(long seed, RandomGuest.Shape shape) {
      guest = new RandomGuest(seed, shape, cpu -> engine = new MachineCodeEngine(cpu.as(Cpu.class), null));
    }

    Ram ram() {
      return guest.ram(SmallProgram.RAM);
    }

    String runTo(long end) {
      guest.runTo(end, cut);
      return EngineComparison.state(guest);
    }
  }

  private static String interpreted(long seed, RandomGuest.Shape shape, int length) {
    return EngineComparison.outcome(seed, shape, Interpreter::on, 1, length, false, part -> {});
  }

  @Test
  void guestsComeToTheSameStateWithCodeOfTheMachineThatTheyAreForksOf() {
    int taken = 0;
    for (long seed = 1; seed <= GuestCount.of(60); seed++) {
      taken += compare(seed, () -> new TameGuest(insn -> true));
      taken += compare(seed, () -> new CallingGuest(insn -> true));
    }
    assertTrue(taken > GuestCount.of(60) / 4, taken + " pages taken over");
  }

  private static int compare(long seed, Supplier<RandomGuest.Shape> shape) {
    Guest first = new Guest(seed, shape.get());
    try (RamImages began = RamImages.of(List.of(first.ram()), new PageStore())) {
      first.runTo(6_000);
      Guest second = new Guest(seed, shape.get());
      began.restore(0, second.ram());
      // Each in turn, so that both have code that they share, and write it.
      assertEquals(interpreted(seed, shape.get(), 3_000), second.runTo(3_000), () -> "seed " + seed);
      assertEquals(interpreted(seed, shape.get(), 9_000), first.runTo(9_000), () -> "seed " + seed);
      assertEquals(interpreted(seed, shape.get(), 12_000), second.runTo(12_000), () -> "seed " + seed);
      Guest third = new Guest(seed, shape.get());
      began.restore(0, third.ram());
      first.engine.close();
      assertEquals(interpreted(seed, shape.get(), 12_000), third.runTo(12_000), () -> "seed " + seed);
      int taken = second.engine.translations.taken();
      second.engine.close();
      assertEquals(interpreted(seed, shape.get(), 15_000), third.runTo(15_000), () -> "seed " + seed);
      third.engine.close();
      return taken;
    }
  }

  @Test
  void thisHostHandsCodeOver() {
    assertTrue(HostCode.hands(), "the tests of bundles run where a process may write its own memory by /proc/self/mem");
  }

  /** The engine of a fork, or that which it has code from, is full and drops all, while the other one executes on. */
  @Test
  void whoHasNoRoomForMoreCodeLeavesTheOthers() {
    Ram ram = new Ram(0, 1 << 27);
    int pages = Translations.MOST_PAGES + 3000;
    chain(ram, pages, 99);
    ram.write(pages * PAGE, 4, HVC);
    Lone first = new Lone(ram);
    first.run(0, 100);
    try (RamImages began = RamImages.of(List.of(ram), new PageStore())) {
      Lone second = new Lone(began.make(0));
      second.run(0, 100);
      assertEquals(100, second.engine.translations.taken());
      first.run(100 * PAGE, pages - 100);
      first.run(0, 100);
      second.run(0, 100);
      Lone third = new Lone(began.make(0));
      third.run(0, 100);
      second.run(100 * PAGE, pages - 100);
      second.run(0, 100);
      third.run(0, 100);
      first.run(0, 100);
    }
  }

  /** Code is taken over from an engine that translates, drops and links meanwhile, on another thread. */
  @Test
  void codeIsTakenOverFromAnEngineThatExecutes() throws InterruptedException {
    Ram ram = new Ram(0, 1 << 24);
    int pages = 2000;
    for (int page = 0; page < pages; page++) {
      ram.write(page * PAGE, 4, ADD_X0_1);
      ram.write(page * PAGE + 4, 4, TO_THE_NEXT_PAGE);
    }
    ram.write(pages * PAGE, 4, HVC);
    Lone first = new Lone(ram);
    first.run(0, pages);
    try (RamImages began = RamImages.of(List.of(ram), new PageStore())) {
      AtomicBoolean enough = new AtomicBoolean();
      AtomicReference<Throwable> failed = new AtomicReference<>();
      Thread other = Thread.ofPlatform().start(() -> {
        Random random = new Random(1);
        try {
          while (!enough.get()) {
            for (int i = 0; i < 100; i++) {
              ram.write(random.nextInt(pages) * PAGE, 4, ADD_X0_1);
            }
            first.run(0, pages);
          }
        } catch (Throwable e) {
          failed.set(e);
        }
      });
      int taken = 0;
      for (int i = 0; i < 20; i++) {
        Lone fork = new Lone(began.make(0));
        fork.run(0, pages);
        fork.run(0, pages);
        taken += fork.engine.translations.taken();
        fork.engine.close();
      }
      enough.set(true);
      other.join();
      assertNull(failed.get());
      assertTrue(taken > 20 * 100, taken + " pages taken over");
    }
  }

  /** What has a breakpoint is left to the interpreter, whatever instruction it is, by who knows of the breakpoint: the fork has none. */
  @Test
  void codeOfAPageWithABreakpointIsNotTakenOver() {
    Ram ram = new Ram(0, 1 << 24);
    chain(ram, 3, 2);
    ram.setBreakpoint(PAGE);
    Lone first = new Lone(ram);
    first.run(0, 3);
    try (RamImages began = RamImages.of(List.of(ram), new PageStore())) {
      Lone second = new Lone(began.make(0));
      second.run(0, 3);
      assertEquals(2, second.engine.translations.taken());
    }
  }

  /** Each page adds 1 and leads to the next; one ends it. */
  private static void chain(Ram ram, int pages, int last) {
    for (int page = 0; page < pages; page++) {
      ram.write(page * PAGE, 4, ADD_X0_1);
      ram.write(page * PAGE + 4, 4, page == last ? HVC : TO_THE_NEXT_PAGE);
    }
  }

  /** A machine of one CPU that adds 1 in each page. */
  private static final class Lone {
    private final BareMachine machine;
    private final Cpu cpu;
    private final MachineCodeEngine engine;

    Lone(Ram ram) {
      machine = new BareMachine(ram);
      cpu = machine.add(CpuConfig.cortexA57(0));
      engine = new MachineCodeEngine(cpu, null);
      cpu.powerOn(0, 0);
      cpu.begin(0);
      cpu.end();
    }

    void run(long from, int expected) {
      cpu.pc = from;
      cpu.x[0] = 0;
      assertTrue(machine.runToEnd(engine, 10L * Translations.MOST_PAGES), () -> "X0 %d, PC %x".formatted(cpu.x[0], cpu.pc));
      assertEquals(expected, cpu.x[0]);
    }
  }
}
