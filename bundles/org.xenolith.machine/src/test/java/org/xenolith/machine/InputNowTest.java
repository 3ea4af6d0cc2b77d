// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.control.InputKind;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.platform.api.Platform.Timing;

/** Inputs that are taken at once, by kinds that are offered to every machine. */
final class InputNowTest {
  private static final long END = 50_000;

  @TempDir
  Path folder;

  /** Mixes the payload into a register; refuses to do so with a zero. */
  private record Mixing(String name) implements InputKind {
    @Override
    public int apply(Machine machine, String place, byte[] bytes) {
      if (bytes[0] == 0) {
        throw new IllegalArgumentException(place + ": a zero");
      }
      Cpu cpu = ToyMachine.cpu((CoreMachine) machine, 0);
      cpu.x[2] = cpu.x[2] * 31 + bytes[0];
      return bytes.length;
    }
  }

  private static CoreMachine machine(Runnable[] inside) {
    ToyMachine toy = new ToyMachine(1, new Timing(333, 1000), cpu -> {
      cpu.x[1] = cpu.x[1] * 31 + cpu.x[2] + 1;
      if (inside[0] != null) {
        inside[0].run();
      }
    });
    toy.offers.add(new Mixing("mix"));
    return toy.build();
  }

  private static CoreMachine machine() {
    return machine(new Runnable[1]);
  }

  private static void runTo(CoreMachine machine, long instructions) {
    assertEquals(StopReason.LIMIT, machine.run(new RunLimit(Long.MAX_VALUE, instructions)));
  }

  @Test
  void theyAreThereAtOnceAndComeAgainInAReplay() throws Exception {
    Path file = folder.resolve("run.journal");
    CoreMachine recorded = machine();
    recorded.record(file);
    recorded.start(new ArmEntry(ToyMachine.RAM, 0));
    recorded.inputNow("mix", "here", new byte[] {3});
    for (int i = 1; i < 40; i++) {
      runTo(recorded, 997L * i);
      long before = ToyMachine.cpu(recorded, 0).x[2];
      byte payload = (byte) i;
      if (i % 3 == 0) {
        recorded.post(() -> recorded.inputNow("mix", "posted", new byte[] {payload}));
      } else {
        recorded.inputNow("mix", "still", new byte[] {payload});
        assertEquals(before * 31 + i, ToyMachine.cpu(recorded, 0).x[2]);
      }
    }
    runTo(recorded, END);
    String digest = recorded.digest();
    recorded.close();

    CoreMachine replayed = machine();
    replayed.replay(file);
    replayed.start(new ArmEntry(ToyMachine.RAM, 0));
    runTo(replayed, END);
    assertEquals(digest, replayed.digest());

    CoreMachine without = machine();
    without.start(new ArmEntry(ToyMachine.RAM, 0));
    runTo(without, END);
    assertNotEquals(digest, without.digest());
  }

  @Test
  void whatIsRefusedIsToldAndNotJournalled() throws Exception {
    Path file = folder.resolve("run.journal");
    CoreMachine machine = machine();
    machine.record(file);
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    runTo(machine, 100);
    String digest = machine.digest();
    assertEquals("there: a zero", assertThrows(IllegalArgumentException.class, () -> machine.inputNow("mix", "there", new byte[1]))
        .getMessage());
    assertEquals("there: nobody takes inputs of the kind other", assertThrows(IllegalArgumentException.class, () -> machine.inputNow(
        "other",
        "there", new byte[1])).getMessage());
    assertEquals(digest, machine.digest());
    machine.close();
    assertFalse(Files.readString(file).contains(" input "));
  }

  @Test
  void aHandlerOfTheMachineComesFirst() {
    CoreMachine machine = machine();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.inputHandler("mix", (place, bytes) -> {
      ToyMachine.cpu(machine, 0).x[5] = 77;
      return bytes.length;
    });
    machine.inputNow("mix", "here", new byte[1]);
    assertEquals(77, ToyMachine.cpu(machine, 0).x[5]);
  }

  @Test
  void aMachineThatReplaysTakesNone() throws Exception {
    Path file = folder.resolve("run.journal");
    CoreMachine recorded = machine();
    recorded.record(file);
    recorded.close();
    CoreMachine replayed = machine();
    replayed.replay(file);
    assertTrue(assertThrows(IllegalStateException.class, () -> replayed.inputNow("mix", "here", new byte[] {1})).getMessage().contains(
        "replays a journal"));
  }

  @Test
  void thereIsNoneInTheMiddleOfASlice() {
    Runnable[] inside = new Runnable[1];
    CoreMachine machine = machine(inside);
    String[] told = new String[1];
    inside[0] = () -> told[0] = assertThrows(IllegalStateException.class, () -> machine.inputNow("mix", "here", new byte[] {1}))
        .getMessage();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    runTo(machine, 10);
    assertTrue(told[0].contains("in the middle of its run"), told[0]);
  }

  @Test
  void noRamIsTheEndOfAddresses() {
    CoreMachine machine = machine();
    for (long address : new long[] {Long.MAX_VALUE - 7, -8, 0, ToyMachine.RAM - 1, ToyMachine.RAM + (32 << 20) - 1}) {
      assertThrows(IllegalArgumentException.class, () -> machine.peek(address, 16), () -> Long.toHexString(address));
      assertThrows(IllegalArgumentException.class, () -> machine.load(address, new byte[16], 0, 16), () -> Long.toHexString(address));
    }
  }
}
