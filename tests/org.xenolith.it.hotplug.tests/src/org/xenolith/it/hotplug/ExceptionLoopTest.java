// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MachineCodeHost;
import org.xenolith.it.guest.PvhKernel;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** Programs whose exceptions lead to nothing but exceptions: the run ends and says so; and programs that only look like it, whose runs go on. */
class ExceptionLoopTest {
  private static final int CODE = 64;
  private static final int VECTORS = 2048;
  private static final int SAME_LEVEL = 0x200;
  private static final int IRQ = 0x280;
  private static final String BEST = MachineCodeHost.here() ? MachineCodeHost.ENGINE : "regions";
  private static final String BEGINNING = """
      adr x9, .+1984
      msr vbar_el1, x9
      mov x10, #0xdead0000
      """;
  private static final String OFF = """
      mov w0, #8
      movk w0, #0x8400, lsl #16
      hvc #0
      """;
  private static final String FAULT = "ldr x1, [x10]\n";
  /** Of a PVH kernel: GDT and IDT, one #UD, and a handler that only returns (as --32 of the listing in the method that uses it). */
  private static final String UD_AND_IRET = "0f0115380010000f011d3e001000ea150010000800bc002010000f0bcf8d7600"
      + "0000000000000000ffff0000009bcf00ffff00000093cf001700200010003700480010008d742600"
      + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001c000800008e1000";

  @TempDir
  Path folder;
  private final List<String> events = new ArrayList<>();

  /** How a run ended. */
  private record End(StopReason reason, long instructions, String digest) {}

  private Path image(String program, String vectors) throws IOException {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0000 | CODE / 4).putLong(16, image.capacity()).putLong(24, 0xA).putInt(56, 0x644d5241);
    image.put(CODE, Assembler.program(0, program).bytes());
    image.put(VECTORS + SAME_LEVEL, Assembler.program(0, vectors).bytes());
    return Files.write(folder.resolve("Image"), image.array());
  }

  private End run(LaunchRequest request, long milliseconds) throws IOException {
    return run(request, milliseconds, null);
  }

  /** @param from folder of a snapshot that the run goes on from; null for none */
  private End run(LaunchRequest request, long milliseconds, Path from) throws IOException {
    events.clear();
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {
      if (kind.equals("exception-loop")) {
        events.add(place + ": " + text);
      }
    })) {
      if (from != null) {
        launch.machine().restore(from);
      }
      StopReason reason = launch.machine().run(new RunLimit(TimeUnit.MILLISECONDS.toNanos(milliseconds), Long.MAX_VALUE));
      return new End(reason, launch.machine().instructions(), launch.machine().digest());
    }
  }

  private End run(String program, String vectors, String engine, long milliseconds) throws IOException {
    return run(RequestBuilder.of("virt").memory(64L << 20).engine(engine).kernel(image(program, vectors)).build(), milliseconds);
  }

  private static Stream<String> engines() {
    return MachineCodeHost.here() ? Stream.of("interpreter", "regions", MachineCodeHost.ENGINE) : Stream.of("interpreter", "regions");
  }

  private List<DynamicTest> ends(String program, String vectors, String... said) {
    List<End> ends = new ArrayList<>();
    return engines().map(engine -> DynamicTest.dynamicTest(engine, () -> {
      End end = run(program, vectors, engine, 1000);
      assertEquals(StopReason.EXCEPTION_LOOP, end.reason());
      assertEquals(1, events.size(), events::toString);
      for (String text : said) {
        assertTrue(events.getFirst().contains(text), events.getFirst() + " has " + text);
      }
      ends.add(end);
      assertEquals(ends.getFirst(), end, "as with the first engine");
    })).toList();
  }

  @TestFactory
  List<DynamicTest> aProgramWithoutVectorsEndsItsRun() {
    return ends("mov x10, #0xdead0000\n" + FAULT, "nop",
        "cpu0: it takes the same exception for ever: instruction abort, same level at PC 0x200",
        "it began with data abort, same level at PC 0x40200044 for address 0xdead0000");
  }

  @TestFactory
  List<DynamicTest> vectorsOfZerosEndIt() {
    return ends(BEGINNING + FAULT, ".word 0", "undefined instruction at PC 0x40200a00", "it began with data abort");
  }

  @TestFactory
  List<DynamicTest> aHandlerThatFaultsBehindItsBeginningEndsIt() {
    return ends(BEGINNING + "mov x11, #0xfff0000000000000\nmov sp, x11\n" + FAULT,
        "mov x12, #1\nmov x13, #2\nstp x0, x1, [sp, #-16]!\nb .-12",
        "data abort, same level at PC 0x40200a08", "it began with data abort, same level at PC 0x40200054");
  }

  @TestFactory
  List<DynamicTest> aHandlerThatReturnsToWhatFaultsAgainEndsIt() {
    return ends(BEGINNING + FAULT, "eret", "data abort, same level at PC 0x4020004c for address 0xdead0000");
  }

  /** Each exception takes 272 bytes of a stack that isn't there. */
  @Test
  void aHandlerWhoseStackRunsAwayEndsIt() throws IOException {
    End end = run(BEGINNING + "mov x11, #0xfff0000000000000\nmov sp, x11\n" + FAULT, "sub sp, sp, #272\nstp x0, x1, [sp]",
        BEST, 1000);
    assertEquals(StopReason.EXCEPTION_LOOP, end.reason());
  }

  @TestFactory
  List<DynamicTest> soItIsAtLevelTwo() throws IOException {
    return engines().map(engine -> DynamicTest.dynamicTest(engine, () -> {
      End end = run(RequestBuilder.of("virt").memory(64L << 20).option("el2", "on").engine(engine).kernel(image("mov x10, #0xdead0000\n"
          + FAULT,
          "nop"))
          .build(), 1000);
      assertEquals(StopReason.EXCEPTION_LOOP, end.reason());
      assertTrue(events.getFirst().contains("taken to EL2"), events::toString);
    })).toList();
  }

  /**
   * <pre>
   * lgdt gdtr; lidt idtr; ljmp $8,$1f; 1: mov $0x102000,%esp; ud2; handler: iret
   * </pre>
   */
  @TestFactory
  List<DynamicTest> soItIsOnAPc() throws IOException {
    Path kernel = Files.write(folder.resolve("pvh"), PvhKernel.running(UD_AND_IRET));
    Stream<String> engines = MachineCodeHost.here() ? Stream.of("interpreter", MachineCodeHost.ENGINE) : Stream.of("interpreter");
    return engines.map(engine -> DynamicTest.dynamicTest(engine, () -> {
      End end = run(RequestBuilder.of("pc-pvh").memory(64L << 20).engine(engine).kernel(kernel).build(), 1000);
      assertEquals(StopReason.EXCEPTION_LOOP, end.reason());
      assertTrue(events.getFirst().contains("#UD at RIP 0x10001a"), events::toString);
    })).toList();
  }

  /** What was counted and seen goes on: saved before the first look, and between it and the second. */
  private List<DynamicTest> endsAtTheSameTime(RequestBuilder request) {
    return Stream.of(0.3, 0.75).map(part -> DynamicTest.dynamicTest("at " + part, () -> {
      Path saved = folder.resolve("saved-" + part);
      End whole = run(request.build(), 1000);
      assertEquals(StopReason.EXCEPTION_LOOP, whole.reason());
      List<String> said = List.copyOf(events);
      try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(request.build(), line -> {}, (kind, place, text) -> {})) {
        assertEquals(StopReason.LIMIT, launch.machine().run(new RunLimit(Long.MAX_VALUE, (long) (whole.instructions() * part))));
        launch.machine().save(saved);
      }
      End rest = run(request.build(), 1000, saved);
      assertEquals(whole, rest);
      assertEquals(said, events);
    })).toList();
  }

  @TestFactory
  List<DynamicTest> aRunThatGoesOnFromASnapshotEndsAtTheSameTime() throws IOException {
    return endsAtTheSameTime(RequestBuilder.of("virt").memory(64L << 20).kernel(image(BEGINNING + FAULT, "eret")));
  }

  @TestFactory
  List<DynamicTest> soItDoesOnAPc() throws IOException {
    Path kernel = Files.write(folder.resolve("pvh"), PvhKernel.running(UD_AND_IRET));
    return endsAtTheSameTime(RequestBuilder.of("pc-pvh").memory(64L << 20).kernel(kernel));
  }

  // ---- What only looks like it

  private void powersOff(String program, String vectors) throws IOException {
    assertEquals(StopReason.POWER_OFF, run(program, vectors, BEST, 1000).reason(), events::toString);
    assertTrue(events.isEmpty(), events::toString);
  }

  @Test
  void aHandlerThatCountsInMemoryIsLeftAlone() throws IOException {
    powersOff(BEGINNING + "adr x11, .+1024\n" + FAULT, """
        ldr w12, [x11]
        add w12, w12, #1
        str w12, [x11]
        mov w13, #0x220000
        cmp w12, w13
        mov w12, #0
        b.lo again
        """ + OFF + "again: eret");
  }

  @Test
  void aHandlerThatCountsInARegisterIsLeftAlone() throws IOException {
    powersOff(BEGINNING + FAULT, "add w12, w12, #1\nmov w13, #0x220000\ncmp w12, w13\nb.lo again\n" + OFF + "again: ldr x1, [x10]");
  }

  @Test
  void anInstructionThatIsEmulatedAgainAndAgainIsLeftAlone() throws IOException {
    // Whoever polls a device that a handler stands for waits for something.
    End end = run(BEGINNING + "again: " + FAULT + "b again", "mrs x14, elr_el1\nadd x14, x14, #4\nmsr elr_el1, x14\neret",
        BEST, 15);
    assertEquals(StopReason.LIMIT, end.reason());
    assertTrue(events.isEmpty(), events::toString);
  }

  /** The virtual timer's interrupt comes after 10 ms, in a loop that it may interrupt, and powers off. */
  @Test
  void aLoopThatAnInterruptWillEndIsLeftAlone() throws IOException {
    String vectors = """
        eret
        %s
        """.formatted("nop\n".repeat((IRQ - SAME_LEVEL) / 4 - 1)) + OFF;
    String timer = """
        mov x1, #0x8000000
        mov w2, #1
        str w2, [x1]
        mov w3, #0x8000000
        str w3, [x1, #0x100]
        mov x1, #0x8010000
        str w2, [x1]
        mov w3, #0xff
        str w3, [x1, #4]
        mrs x4, cntfrq_el0
        mov x5, #100
        udiv x4, x4, x5
        msr cntv_tval_el0, x4
        msr cntv_ctl_el0, x2
        msr daifclr, #2
        """;
    assertEquals(StopReason.POWER_OFF, run(BEGINNING + timer + FAULT, vectors, BEST, 1000).reason(), events::toString);
    assertFalse(events.stream().anyMatch(text -> !text.contains("or an interrupt may come")), events::toString);
  }

  /** The second CPU makes the word that isn't one an instruction, after some milliseconds. */
  @Test
  void aLoopThatAnotherCpuEndsIsLeftAlone() throws IOException {
    String program = BEGINNING + """
        mov w0, #3
        movk w0, #0xc400, lsl #16
        mov x1, #1
        adr x2, other
        hvc #0
        word: .word 0
        """ + OFF + """
        other: mov x3, #0x200000
        wait: subs x3, x3, #1
        b.ne wait
        adr x4, word
        mov w5, #0x201f
        movk w5, #0xd503, lsl #16
        str w5, [x4]
        stay: wfi
        b stay
        """;
    End end = run(RequestBuilder.of("virt").cpus(2).memory(64L << 20).kernel(image(program, "eret")).build(), 1000);
    assertEquals(StopReason.POWER_OFF, end.reason(), events::toString);
  }
}
