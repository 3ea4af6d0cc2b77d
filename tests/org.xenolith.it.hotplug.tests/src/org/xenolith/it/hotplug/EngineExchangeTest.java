// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.GuestSetup;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.MachineCodeHost;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** The engines under Debian that checks its disk: exchanged, replaced, removed and added, it comes to the same state. */
@FullLane
class EngineExchangeTest {
  private static final String REGIONS = "org.xenolith.cpu.a64.regions";
  private static final String INTERPRETER = "org.xenolith.cpu.a64.interpreter";
  private static final String MACHINE_CODE = "org.xenolith.cpu.a64.machinecode";
  private static final int LINES = 32;
  private static final int REPLACEMENTS = 24;

  @TempDir
  static Path folder;
  private static GuestSetup request;
  private static String console;
  private static String digest;
  private static long instructions;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void runUndisturbed() throws IOException {
    request = GuestSetup.debian("xl.disk xl.lines=" + LINES + " xl.chunk=1024").with(new RandomDisk(7, 32 << 20).write(folder.resolve(
        "disk.raw")));
    try (GuestMachine interpreted = request.executedBy("interpreter").boot()) {
      assertEquals(StopReason.POWER_OFF, interpreted.run(), interpreted::events);
      console = interpreted.console().text();
      digest = interpreted.machine().digest();
      instructions = interpreted.machine().instructions();
    }
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private void assertSame(GuestMachine guest) {
    assertEquals(StopReason.POWER_OFF, guest.end(), guest::events);
    assertEquals(console, guest.console().text());
    assertEquals(instructions, guest.machine().instructions());
    assertEquals(digest, guest.machine().digest());
    assertNull(guest.machine().events().get("translation-failed"), guest::events);
  }

  @Test
  void guestOnRegionsSeesNothingOfTheirReplacements() throws IOException {
    replace("regions", REGIONS);
  }

  @TestFactory
  List<DynamicTest> interpretedGuestSeesNothingOfReplacements() {
    return Lane.onlyFull(DynamicTest.dynamicTest("interpreter", () -> replace("interpreter", INTERPRETER)));
  }

  private void replace(String engine, String bundle) throws IOException {
    try (GuestMachine guest = request.executedBy(engine).boot()) {
      guest.runUntil("LINE 1 ");
      guest.begin();
      for (int i = 0; i < REPLACEMENTS; i++) {
        assertTrue(guest.running(), () -> "the guest's work ended before the replacements: " + guest.console().text());
        guest.console().await("LINE " + (2 + i) + " ", 0);
        Change done = product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0." + (1 + i
            % 2))));
        assertTrue(done.done() && done.devices() > 0, done::toString);
      }
      assertSame(guest);
    }
  }

  @TestFactory
  List<DynamicTest> guestInMachineCodeSeesNothingOfItsReplacements() {
    // Where the host can't have it EnginesTest says so.
    return MachineCodeHost.here() ? List.of(DynamicTest.dynamicTest(MachineCodeHost.ENGINE, () -> replace(MachineCodeHost.ENGINE,
        MACHINE_CODE))) : List.of();
  }

  @Test
  void guestGoesOnWithTheOtherEngineWhenOneIsRemoved() throws IOException {
    try (GuestMachine guest = request.boot()) {
      guest.runUntil("LINE 1 ");
      guest.begin();
      guest.console().await("LINE 4 ", 0);
      // What is best where the host can have it.
      assertTrue(product.change().remove(MACHINE_CODE).done());
      guest.console().await("LINE 8 ", 0);
      assertTrue(product.change().remove(REGIONS).done());
      guest.console().await("LINE 12 ", 0);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar(REGIONS))).done());
      assertTrue(product.change().remove(INTERPRETER).done());
      guest.console().await("LINE 16 ", 0);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar(MACHINE_CODE))).done());
      guest.console().await("LINE 20 ", 0);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar(INTERPRETER))).done());
      assertSame(guest);
    }
  }
}
