// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.CoreMachine;
import org.xenolith.machine.ToyMachine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.control.MachineInputs.Change;
import org.xenolith.machine.journal.JournalEntry.Operation;
import org.xenolith.machine.run.ChangedBundle;
import org.xenolith.platform.api.Platform.Timing;

class KeptInputsTest {
  @TempDir
  private Path folder;

  private static Optional<byte[]> jar(String version) {
    return Optional.of(version.getBytes(StandardCharsets.UTF_8));
  }

  private static void replace(CoreMachine machine, String before, String now) {
    machine.loop().source().changed(new ChangedBundle(Operation.REPLACE, "org.x", now, jar(now), before, jar(before)));
  }

  @Test
  void whatWasTakenBeforeAChangeIsAJournalWithItsJars() throws IOException {
    CoreMachine machine = new ToyMachine(1, new Timing(1000, 100), cpu -> cpu.x[1]++).build();
    MachineInputs inputs = machine.inputs();
    replace(machine, "1", "2");
    replace(machine, "2", "3");
    List<Change> changes = inputs.changes();
    assertEquals(List.of("replace of org.x 2", "replace of org.x 3"), changes.stream().map(Change::text).toList());
    assertEquals(List.of("org.x 1", "org.x 2"), changes.stream().map(Change::before).toList());
    assertEquals(Optional.of(changes.getLast()), inputs.latestChange());
    Path file = folder.resolve("run.journal");
    inputs.write(file, "command - virt", changes.getLast());
    List<String> lines = Files.readAllLines(file);
    int end = lines.indexOf("end");
    assertTrue(lines.get(end - 1).contains(" replace org.x 2 "), lines::toString);
    JournalEntry.Change behind = (JournalEntry.Change) JournalEntry.of(lines.get(end + 1));
    assertEquals("", behind.jar(), "nothing is put in any more");
    assertEquals("2", Files.readString(folder.resolve(behind.before().jar())));
    machine.replay(file); // as far as the end
    assertEquals(0, machine.loop().source().nextInstructions());
  }

  @Test
  void aChangeHasTheDigestOfWhatItFound() {
    CoreMachine machine = new ToyMachine(1, new Timing(1000, 100), cpu -> cpu.x[1]++).build();
    MachineInputs inputs = machine.inputs();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    replace(machine, "1", "2");
    machine.loop().source().changing();
    String found = machine.digest();
    machine.run(new RunLimit(Long.MAX_VALUE, 1000));
    replace(machine, "2", "3");
    replace(machine, "3", "4");
    assertEquals(List.of("", found, ""), inputs.changes().stream().map(Change::digest).toList());
    assertNotEquals(found, machine.digest());
  }

  @Test
  void aVersionThatThereWasNoRoomForIsNamed() {
    KeptJars jars = new KeptJars(1 << 20);
    JournalEntry.Change change = jars.kept(1, 2, new ChangedBundle(Operation.REPLACE, "org.x", "2", Optional.of(new byte[700_000]), "1",
        Optional.of(new byte[600_000])));
    String message = assertThrows(IOException.class, () -> jars.written(change, folder, true)).getMessage();
    assertEquals("the jar of org.x 1 wasn't kept: more than 1 MiB of jars were replaced", message);
  }
}
