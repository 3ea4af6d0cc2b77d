// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.Platform.Timing;

/** The memory of a closed machine is the host's again: zeros in the place of what was there would pass for it. */
class ClosedMachineTest {
  @Test
  void nobodyIsGivenZerosForWhatWasInMemory(@TempDir Path folder) throws IOException {
    CoreMachine machine = new ToyMachine(1, new Timing(700, 50), cpu -> {}).build();
    byte[] bytes = {1, 2, 3};
    machine.load(ToyMachine.RAM, bytes, 0, 3);
    assertArrayEquals(bytes, machine.peek(ToyMachine.RAM, 3));
    Path snapshot = folder.resolve("before");
    machine.save(snapshot);
    machine.close();
    machine.close();
    Path after = folder.resolve("after");
    Executable[] all = {() -> machine.run(RunLimit.NONE), () -> machine.load(ToyMachine.RAM, bytes, 0, 3), () -> machine.peek(
        ToyMachine.RAM, 3), machine::digest, () -> machine.save(after), () -> machine.restore(snapshot)};
    for (Executable each : all) {
      String said = assertThrows(IllegalStateException.class, each).getMessage();
      assertTrue(said.contains("toy: the machine is closed"), said);
    }
    assertFalse(Files.exists(after));
  }
}
