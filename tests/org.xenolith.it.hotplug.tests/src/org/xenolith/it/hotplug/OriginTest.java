// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.command.api.BadInput;
import org.xenolith.console.api.SerialPort;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.origin.api.OriginStep;
import org.xenolith.origin.api.OriginStep.Kind;
import org.xenolith.origin.api.ValueOrigins;
import org.xenolith.testkit.FullLane;

/** The way that bytes have come, through a program that moves what is typed by loads and stores of all kinds: each chain has every step, and ends at the byte that was typed. */
@FullLane
class OriginTest {
  private static final int CODE = 64;
  private static final long RAM = 0x4000_0000L;
  /** Of those that were typed each so many is asked for. */
  private static final int STEP = 11;
  private static final int BUFFER = 0x10_0000;
  private static final String TYPED = "0123456789abcdef";
  /** Reads 16 bytes from the UART, then has them go from buffer to buffer: by pairs, by vectors, by bytes through registers, in reverse order; then a sum. */
  private static final String PROGRAM = """
      mov x9, #0x300000
      msr cpacr_el1, x9
      isb
      mov x10, #0x9000000
      mov x20, #0x40100000
      mov x11, #0
      ldr w0, [x10, #0x18]
      tbnz w0, #4, .-4
      ldr w0, [x10]
      orr w0, w0, #0x10000
      strb w0, [x20, x11]
      add x11, x11, #1
      cmp x11, #16
      b.ne .-28
      ldp x0, x1, [x20]
      stp x0, x1, [x20, #0x100]
      ldr q0, [x20, #0x100]
      mov v1.16b, v0.16b
      str q1, [x20, #0x200]
      add x1, x20, #0x200
      add x2, x20, #0x300
      mov x11, #16
      ldrb w3, [x1], #1
      mov w4, w3
      strb w4, [x2], #1
      sub x11, x11, #1
      cbnz x11, .-16
      ldr x3, [x20, #0x300]
      rev x4, x3
      str x4, [x20, #0x400]
      ldrb w3, [x20, #0x300]
      ldrb w4, [x20, #0x301]
      add w5, w3, w4
      strb w5, [x20, #0x500]
      str xzr, [x20, #0x508]
      b .
      """;

  @TempDir
  private Path folder;

  private Path image() throws IOException {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0000 | CODE / 4).putLong(16, image.capacity()).putLong(24, 0xA).putInt(56, 0x644d5241);
    image.put(CODE, Assembler.program(0, PROGRAM).bytes());
    return Files.write(folder.resolve("Image"), image.array());
  }

  private static List<Kind> kinds(List<OriginStep> steps) {
    return steps.stream().map(OriginStep::kind).toList();
  }

  @Test
  void eachWayHasEveryStepAndEndsAtTheByteThatWasTyped() throws IOException {
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(RequestBuilder.of("virt").memory(64L << 20).kernel(image())
        .option("history", "64").build(), line -> {}, (kind, place, text) -> {})) {
      launch.debug(new UnhaltedRun(), line -> {});
      Machine machine = launch.machine();
      machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
      for (int i = 0; i < TYPED.length(); i += 4) {
        machine.input("serial", launch.console(), TYPED.substring(i, i + 4).getBytes(StandardCharsets.US_ASCII));
        machine.run(new RunLimit(machine.now() + TimeUnit.MICROSECONDS.toNanos(50), Long.MAX_VALUE));
      }
      assertEquals(TYPED, new String(machine.peek(RAM + BUFFER + 0x300, 16), StandardCharsets.US_ASCII));
      String digest = machine.digest();
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(machine).orElseThrow();
      ValueOrigins origins = InstalledProduct.get().service(ValueOrigins.class);
      List<Kind> typed = List.of(Kind.STORE, Kind.DEVICE, Kind.TYPED);
      for (int i = 0; i < TYPED.length(); i += STEP) {
        way(origins, history, 0x000 + i, i, typed);
        way(origins, history, 0x100 + i, i, List.of(Kind.STORE, Kind.LOAD, Kind.STORE, Kind.DEVICE, Kind.TYPED));
        way(origins, history, 0x200 + i, i, List.of(Kind.STORE, Kind.LOAD, Kind.STORE, Kind.LOAD, Kind.STORE, Kind.DEVICE, Kind.TYPED));
        way(origins, history, 0x300 + i, i, List.of(Kind.STORE, Kind.LOAD, Kind.STORE, Kind.LOAD, Kind.STORE, Kind.LOAD, Kind.STORE,
            Kind.DEVICE, Kind.TYPED));
      }
      way(origins, history, 0x400, 7, List.of(Kind.STORE, Kind.LOAD, Kind.STORE, Kind.LOAD, Kind.STORE, Kind.LOAD, Kind.STORE, Kind.LOAD,
          Kind.STORE, Kind.DEVICE, Kind.TYPED));
      List<OriginStep> sum = origins.origin(history, List.of("physical", "0x" + Long.toHexString(RAM + BUFFER + 0x500)));
      assertEquals(List.of(Kind.STORE, Kind.COMPUTED), kinds(sum));
      assertEquals("computed from X3 (0x30), X4 (0x31)", sum.getLast().text());
      List<OriginStep> zero = origins.origin(history, List.of("physical", "0x" + Long.toHexString(RAM + BUFFER + 0x508), "8"));
      assertEquals("computed: a constant", zero.getLast().text());
      List<OriginStep> code = origins.origin(history, List.of("physical", "0x" + Long.toHexString(RAM + 0x8_0000)));
      assertEquals(List.of(Kind.FIRST), kinds(code));
      assertEquals(digest, machine.digest(), "nobody has looked");
      assertThrows(BadInput.class, () -> origins.origin(history, List.of("physical", "0x4")));
    }
  }

  private static void way(ValueOrigins origins, MachineHistory history, int offset, int number, List<Kind> kinds) {
    List<OriginStep> steps = origins.origin(history, List.of("physical", "0x" + Long.toHexString(RAM + BUFFER + offset)));
    assertEquals(kinds, kinds(steps), () -> offset + ": " + steps);
    assertTrue(steps.getLast().text().startsWith("byte " + number + " of what came in by the serial line of /pl011@9000000: 0x"),
        () -> steps
            .getLast().text());
    assertTrue(steps.getLast().text().endsWith("'" + TYPED.charAt(number) + "'"), () -> steps.getLast().text());
  }
}
