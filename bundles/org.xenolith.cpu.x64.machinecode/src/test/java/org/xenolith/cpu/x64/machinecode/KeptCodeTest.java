// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hostcode.kit.pages.TranslationFolder;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuModel;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.RandomInstructions;

/** An engine that goes on with code of an earlier one comes to the interpreter's state, and makes nothing that it has. */
class KeptCodeTest {
  private static final int BYTES = 48;
  private static final int PROGRAMS = 300;

  @TempDir
  private Path temporary;

  /** xor eax,eax; mov ecx,3; L: add eax,[constant]; dec ecx; jnz L; hlt, or any other byte. */
  private static byte[] program(int constant) {
    return HexFormat.of().parseHex("31c0" + "b903000000" + "05" + "%02x000000".formatted(constant) + "ffc9" + "75f7" + "f4");
  }

  private static X64TestMachine machine(TranslationFolder folder) {
    X64TestMachine machine = new X64TestMachine(cpu -> new MachineCodeEngine(cpu, folder));
    machine.code.fill(0, machine.code.size, (byte) 0xCC);
    machine.user();
    return machine;
  }

  private static long sum(int constant, int at, Path folder) {
    X64TestMachine machine = machine(new TranslationFolder(folder, "this"));
    byte[] program = program(constant);
    machine.code.write(at, program, 0, program.length);
    machine.cpu.pc += at;
    machine.engine.run(11);
    machine.engine.close();
    return machine.cpu.r[CpuState.RAX];
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> keptCode() {
    return HostMemory.OUTSIDE ? Stream.of(DynamicTest.dynamicTest("another run has the same code and writes nothing",
        this::anotherRunHasTheSameCodeAndWritesNothing),
        DynamicTest.dynamicTest("another constant is translated anew", this::anotherConstantIsTranslatedAnew), DynamicTest.dynamicTest(
            "any program comes to the same state",
            this::anyProgramComesToTheSameState)) : Stream.empty();
  }

  private void anotherRunHasTheSameCodeAndWritesNothing() throws IOException {
    Path folder = temporary.resolve("one");
    assertEquals(15, sum(5, 0, folder));
    List<Path> files = files(folder);
    assertEquals(1, files.size());
    Object first = Files.getAttribute(files.getFirst(), "unix:ino");
    assertEquals(15, sum(5, 0, folder));
    assertEquals(files, files(folder));
    assertEquals(first, Files.getAttribute(files.getFirst(), "unix:ino"));
  }

  /** Its beginning is as another page's whose code is kept; the rest isn't. */
  private void anotherConstantIsTranslatedAnew() throws IOException {
    Path folder = temporary.resolve("two");
    // The page that a guest begins with names its file.
    X64TestMachine machine = machine(new TranslationFolder(folder, "this"));
    two(machine, 5);
    assertEquals(15, machine.cpu.r[CpuState.RAX]);
    machine = machine(new TranslationFolder(folder, "this"));
    two(machine, 7);
    assertEquals(21, machine.cpu.r[CpuState.RAX]);
    assertEquals(1, files(folder).size());
  }

  /** A first page that jumps to one in other memory, which has the program. */
  private static void two(X64TestMachine machine, int constant) {
    byte[] program = program(constant);
    // jmp rdx
    machine.code.write(0, 2, 0xE2FF);
    machine.cpu.r[CpuState.RDX] = X64TestMachine.DATA;
    machine.data.write(0, program, 0, program.length);
    machine.engine.run(12);
    machine.engine.close();
  }

  /** Any instructions at any places of a page, executed in slices by an engine that keeps, then by one that has what was kept. */
  private void anyProgramComesToTheSameState() throws IOException {
    Decoder decoder = new Decoder(CpuModel.BASELINE.features());
    RandomInstructions encodings = new RandomInstructions(5, decoder, DecodeMode.LONG_64, RandomInstructions.ANYTHING);
    SplittableRandom random = new SplittableRandom(5);
    int taken = 0;
    for (int i = 0; i < PROGRAMS; i++) {
      Path own = temporary.resolve("p" + i);
      byte[] bytes = some(random, encodings);
      int at = random.nextInt(4) == 0 ? 4096 - random.nextInt(1, BYTES) : 0;
      long[] registers = random.longs(16).map(value -> (value & 3) == 0 ? value >>> 57 : X64TestMachine.DATA + (value >>> 8) % 4200)
          .toArray();
      Object before = null;
      for (int run = 0; run < 2; run++) {
        TwoEngines engines = new TwoEngines(new TranslationFolder(own, "this"));
        engines.begin(machine -> {
          machine.code.write(at, bytes, 0, Math.min(BYTES, 4096 - at));
          machine.cpu.pc += at;
          System.arraycopy(registers, 0, machine.cpu.r, 0, 16);
        });
        assertEquals("", engines.run(300, i), "program " + i + ", run " + run + ": " + HexFormat.of().formatHex(bytes) + " at " + at);
        engines.close();
        List<Path> files = files(own);
        Object now = files.isEmpty() ? null : Files.getAttribute(files.getFirst(), "unix:ino");
        if (run == 1 && now != null && now.equals(before)) {
          taken++;
        }
        before = now;
      }
    }
    assertTrue(taken > PROGRAMS * 9 / 10, taken + " of " + PROGRAMS + " left their file as it was");
  }

  private static byte[] some(SplittableRandom random, RandomInstructions encodings) {
    Insn[] forms = Insn.values();
    byte[] bytes = new byte[BYTES];
    for (int at = 0; at < bytes.length;) {
      byte[] one = encodings.next(forms[random.nextInt(forms.length)], random.nextBoolean());
      if (one != null) {
        int length = Math.min(one.length, bytes.length - at);
        System.arraycopy(one, 0, bytes, at, length);
        at += length;
      }
    }
    return bytes;
  }
}
