// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** What somebody who looks into a machine writes is an input: the machine's journal has it, and a replay comes to the same. */
class WrittenMachineTest {
  private static final long MIDDLE = 60_000_000;
  private static final long END = 80_000_000;

  @TempDir
  Path folder;

  @Test
  void anArmKernelThatSomebodyWritesToComesToTheSameInAReplay() throws IOException {
    writes("virt", "SP", "X9", "PSTATE", 0xF000_0000L, "TPIDRRO_EL0", "CURRENTEL");
  }

  @Test
  void aPcsKernelThatSomebodyWritesToComesToTheSameInAReplay() throws IOException {
    writes("pc-pvh", "RSP", "R11", "RFLAGS", 0x8D5, "IA32_CSTAR", "CS_BASE");
  }

  private static GuestMachine launch(String board) {
    return GuestMachine.launch(RequestBuilder.of(board).cpus(1).memory(256L << 20).append("earlycon").build());
  }

  private void writes(String board, String stack, String general, String flags, long conditions, String system, String constant)
      throws IOException {
    Path journal = folder.resolve(board + ".journal");
    List<String> digests = new ArrayList<>();
    try (GuestMachine guest = launch(board)) {
      Machine machine = guest.machine();
      machine.record(journal);
      InspectedMachine inspected = InstalledProduct.get().service(MachineInspector.class).of(machine);
      InspectedProcessor processor = inspected.processors().getFirst();
      machine.run(new RunLimit(Long.MAX_VALUE, MIDDLE));
      long low = processor.value(stack)[0] - 0x800;
      inspected.physical().write(processor.memory().physical(low).orElseThrow(), new byte[] {1, 2, 3});
      // Below the stack, across two of its pages if it is at one's end.
      processor.memory().write(low + 3, new byte[] {4, 5, 6, 7});
      assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7}, processor.memory().read(low, 7).orElseThrow(), "at once");
      processor.set(system, 0x1234_5678L);
      assertEquals(0x1234_5678L, processor.value(system)[0]);
      // At a breakpoint, where an instruction is the next one: it gets others' values, is passed, and they come back.
      StopPoint point = inspected.stops().add(new StopPlace.Instruction(processor.place().address()));
      assertEquals(StopReason.STOPPED, machine.run(new RunLimit(Long.MAX_VALUE, END)), guest::events);
      point.close();
      processor.set(general, 0x7777_0000_1111L);
      processor.set(flags, processor.value(flags)[0] ^ conditions);
      assertEquals(0x7777_0000_1111L, processor.value(general)[0]);
      refuses(processor, inspected, constant, machine);
      machine.run(new RunLimit(Long.MAX_VALUE, END));
      digests.add(machine.digest());
    }
    try (GuestMachine guest = launch(board)) {
      guest.machine().replay(journal);
      guest.machine().run(new RunLimit(Long.MAX_VALUE, END));
      assertEquals(digests.getFirst(), guest.machine().digest(), guest::events);
      InspectedMachine inspected = InstalledProduct.get().service(MachineInspector.class).of(guest.machine());
      assertThrows(IllegalStateException.class, () -> inspected.processors().getFirst().set(general, 1), "it replays");
    }
    try (GuestMachine guest = launch(board)) {
      guest.machine().run(new RunLimit(Long.MAX_VALUE, END));
      assertNotEquals(digests.getFirst(), guest.machine().digest(), "what was written matters");
    }
  }

  private static void refuses(InspectedProcessor processor, InspectedMachine inspected, String constant, Machine machine) {
    String before = machine.digest();
    for (Runnable wrong : List.<Runnable>of(() -> processor.set(constant, 1), () -> processor.set("NONE", 1), () -> processor.set(processor
        .registers().getFirst().name(), 1, 2), () -> inspected.physical().write(-16, new byte[32]), () -> processor.memory().write(0x10,
            new byte[4]))) {
      assertThrows(IllegalArgumentException.class, wrong::run);
    }
    assertEquals(before, machine.digest());
  }
}
