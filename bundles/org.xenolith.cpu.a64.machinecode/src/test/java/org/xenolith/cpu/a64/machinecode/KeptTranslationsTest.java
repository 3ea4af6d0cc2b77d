// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.TranslationFolder;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.CallingGuest;
import org.xenolith.testkit.a64.EngineComparison;
import org.xenolith.testkit.a64.GuestCount;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.TameGuest;

/** An engine that goes on with code of an earlier one comes to the same state, and makes nothing that it has. */
class KeptTranslationsTest {
  /** Instructions that have more code than is kept. */
  private static final int MANY = 260_000;

  @TempDir
  private Path temporary;

  private CpuEngineFactory keeping(Path folder) {
    return cpu -> new MachineCodeEngine(cpu.as(Cpu.class), new TranslationFolder(folder, "this"));
  }

  @Test
  void guestsComeToTheSameStateWithCodeOfAnEarlierRun() throws IOException {
    int same = 0;
    for (long seed = 1; seed <= GuestCount.of(20); seed++) {
      same += compare(seed, () -> new TameGuest(insn -> true));
      same += compare(seed, () -> new CallingGuest(insn -> true));
    }
    assertEquals(2 * GuestCount.of(20), same, "files that a second run left as they were");
  }

  /** Returns 1 if the second run left the file as it was. */
  private int compare(long seed, Supplier<RandomGuest.Shape> shape) throws IOException {
    Path folder = temporary.resolve(shape.get().getClass().getSimpleName() + seed);
    String expected = EngineComparison.outcome(seed, shape.get(), Interpreter::on, 1, 12_000, false, _ -> {});
    run(seed, shape.get(), folder);
    List<Path> files = files(folder);
    Object first = files.isEmpty() ? "" : Files.getAttribute(files.getFirst(), "unix:ino");
    assertEquals(expected, EngineComparison.outcome(seed, shape.get(), keeping(folder), 1, 12_000, false, _ -> {}), "seed " + seed);
    assertEquals(expected, EngineComparison.outcome(seed, shape.get(), keeping(folder), 1, 12_000, true, _ -> {}), "seed " + seed);
    run(seed, shape.get(), folder);
    return !files.isEmpty() && first.equals(Files.getAttribute(files.getFirst(), "unix:ino")) ? 1 : 0;
  }

  private void run(long seed, RandomGuest.Shape shape, Path folder) {
    RandomGuest guest = new RandomGuest(seed, shape, keeping(folder));
    guest.runTo(12_000, null);
    guest.exchangeEngine();
  }

  /** A kept block got a way to code of this process, which then became void with its page: the next page is as the block's, but not as that. */
  @Test
  void whatCodeWasLinkedToIsVoidWithItsPage() {
    int[] words = {0x1400_0400};
    int[] both = Arrays.copyOf(words, NativePage.WORDS + 17);
    // MOV X0, #1; CBZ X1, behind; B .; behind: ADD X0, X0, #1; B .
    both[NativePage.WORDS] = 0xD280_0020;
    both[NativePage.WORDS + 1] = 0xB400_00E1;
    both[NativePage.WORDS + 2] = 0x1400_0000;
    both[NativePage.WORDS + 8] = 0x9100_0400;
    both[NativePage.WORDS + 9] = 0x1400_0000;
    RandomGuest first = new RandomGuest(1, new SmallProgram(both), keeping(temporary));
    first.cpu().x[1] = 1;
    first.runTo(10, null);
    first.exchangeEngine();
    RandomGuest second = new RandomGuest(1, new SmallProgram(both), keeping(temporary));
    second.cpu().x[1] = 0;
    second.runTo(10, null);
    assertEquals(2, second.cpu().x[0]);
    // ADD X0, X0, #2
    second.ram(SmallProgram.RAM).write(4 * (NativePage.WORDS + 8), 4, 0x9100_0800);
    second.cpu().pc = SmallProgram.RAM + 4096;
    second.runTo(20, null);
    assertEquals(3, second.cpu().x[0]);
  }

  @Test
  void aPageThatIsLeftAtItsEndIsLeftThereAgain() {
    int[] words = new int[NativePage.WORDS + 1];
    // ADD X0, X0, #1; B .
    Arrays.fill(words, 0x9100_0400);
    words[NativePage.WORDS] = 0x1400_0000;
    for (int i = 0; i < 2; i++) {
      RandomGuest guest = new RandomGuest(1, new SmallProgram(words), keeping(temporary));
      guest.runTo(NativePage.WORDS, null);
      assertEquals(SmallProgram.RAM + 4096, guest.cpu().pc);
      guest.exchangeEngine();
    }
  }

  /** More code than is kept, as of Debian to its login. */
  @Test
  void aGuestWithMuchCodeFindsThatOfItsBeginning() throws IOException {
    for (int i = 0; i < 2; i++) {
      RandomGuest guest = new RandomGuest(1, new SmallProgram(), keeping(temporary));
      Ram ram = guest.ram(SmallProgram.RAM);
      for (int at = 0; at < MANY - 1; at++) {
        // LDP X18, X19, [X10], #0
        ram.write(4 * at, 4, 0xA8C0_4D52);
      }
      // B .
      ram.write(4 * (MANY - 1), 4, 0x1400_0000);
      guest.cpu().x[10] = SmallProgram.RAM;
      guest.runTo(MANY, null);
      assertEquals(SmallProgram.RAM + 4L * (MANY - 1), guest.cpu().pc);
      guest.exchangeEngine();
      assertEquals(1, files(temporary).size(), "files");
      long size = Files.size(files(temporary).getFirst());
      assertTrue(size > Translations.SIZE / 2, size + " bytes");
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var all = Files.list(folder)) {
      return all.toList();
    }
  }
}
