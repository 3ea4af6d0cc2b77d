// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;

/** A recording carries the versions that were replaced while it was made: who has others installed replays it with them. */
class RecordedVersionsTest {
  private static final long BEFORE = 1_000;
  private static final long CHANGE = 20_000;
  private static final long END = 40_000;
  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  private Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private void replace(byte[] jar) throws IOException {
    Change done = product.change().replace(OtherUart.BUNDLE, new ByteArrayInputStream(jar));
    assertTrue(done.done(), done::reason);
  }

  private Launch launch() {
    return product.service(Launcher.class).launch(RequestBuilder.of("virt").memory(256L << 20).append("earlycon").build(), line -> {}, (
        kind,
        place, text) -> {});
  }

  private static void run(Machine machine, long instructions) {
    machine.run(new RunLimit(Long.MAX_VALUE, instructions));
  }

  private static long reset(Machine machine) {
    return machine.registers(OtherUart.NODE).stream().filter(each -> each.name().equals(OtherUart.REGISTER)).findFirst().orElseThrow()
        .value().orElseThrow();
  }

  @Test
  void aRunIsReplayedWithTheVersionsThatItBeganWith() throws IOException {
    Path journal = folder.resolve("run.journal");
    String before;
    String end;
    replace(OtherUart.jar("1.5.0"));
    try (Launch recorded = launch()) {
      recorded.machine().record(journal);
      run(recorded.machine(), BEFORE);
      assertEquals(OtherUart.OTHER_RESET, reset(recorded.machine()));
      before = recorded.machine().digest();
      run(recorded.machine(), CHANGE);
      replace(product.jar(OtherUart.BUNDLE));
      run(recorded.machine(), END);
      end = recorded.machine().digest();
    }
    try (Stream<Path> jars = Files.list(folder.resolve("run.journal.jars"))) {
      assertEquals(2, jars.count(), "the version before, and the one since");
    }
    // By now the product has what took over.
    try (Launch unlike = launch()) {
      run(unlike.machine(), BEFORE);
      assertEquals(OtherUart.RESET, reset(unlike.machine()));
    }
    List<String> told = new ArrayList<>();
    product.change().begin(journal, told::add);
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.getFirst().startsWith("the recorded run began with " + OtherUart.BUNDLE + " 1.5.0, which the recording carries"),
        told::toString);
    try (Launch replayed = launch()) {
      replayed.machine().replay(journal);
      run(replayed.machine(), BEFORE);
      assertEquals(before, replayed.machine().digest());
      run(replayed.machine(), END);
      assertEquals(end, replayed.machine().digest());
    }
    product.change().begin(journal, told::add);
    assertEquals(2, told.size(), "the run has put in the version since, and another replay begins with the one before again");
    product.change().begin(journal, told::add);
    assertEquals(2, told.size(), "it is there");
  }
}
