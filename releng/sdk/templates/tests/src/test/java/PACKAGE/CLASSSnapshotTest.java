// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.xenolith.junit.GuestMachine;
import org.xenolith.junit.Machine;

/** Tests that go on from a snapshot, as {@code boot --save} writes one, too; here the first of them does, one after the other. */
@Machine(snapshot = @CLASS@SnapshotTest.FOLDER)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Execution(ExecutionMode.SAME_THREAD)
class @CLASS@SnapshotTest {
  static final String FOLDER = "target/second-tick";

  @BeforeAll
  static void noneIsLeft() throws IOException {
    if (Files.exists(Path.of(FOLDER))) {
      try (Stream<Path> all = Files.walk(Path.of(FOLDER))) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  @Test
  @Order(1)
  @Machine(board = "virt", guest = "tiny", until = "tick 2$")
  void aBootedMachineIsSaved(GuestMachine machine) {
    machine.save(Path.of(FOLDER));
  }

  @RepeatedTest(2)
  @Order(2)
  void anotherGoesOnFromThere(GuestMachine machine) {
    assertFalse(machine.console().contains("tick 1"), "nothing was booted");
    assertEquals("3", machine.expect("^tick (\\d+)$").group(1));
  }
}
