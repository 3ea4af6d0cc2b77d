// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.control.Machine.TakenOff;
import org.xenolith.machine.kit.MachineRun;

/** A model that doesn't come back is named, and taken off the bus where that is possible; the application stays alive. */
class HangTest {
  private static final long LONG_MILLISECONDS = 180_000;
  private final InstalledProduct product = InstalledProduct.get();
  private final List<String> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void installIt() throws IOException {
    Change change = product.change().replace(HostilePlugin.BUNDLE, new ByteArrayInputStream(HostilePlugin.edit().bytes()));
    assertTrue(change.done(), change::reason);
  }

  @AfterEach
  void restoreTheProduct() throws IOException, InterruptedException {
    System.clearProperty(HostilePlugin.PROPERTY);
    System.setProperty(HostilePlugin.END, "");
    product.restore();
    HostilePlugin.endThreads();
  }

  private Launch launch(String hostile) {
    System.setProperty(HostilePlugin.PROPERTY, hostile);
    return product.service(Launcher.class).launch(RequestBuilder.of("virt").guest("tiny").build(), line -> {},
        (kind, place, text) -> events.add(kind + ' ' + place + ": " + text));
  }

  private static MachineRun begin(Machine machine) {
    return MachineRun.begin(machine, new RunLimit(100_000_000L, Long.MAX_VALUE));
  }

  private Hang awaitHang(Machine machine) throws InterruptedException {
    long end = System.currentTimeMillis() + LONG_MILLISECONDS;
    while (machine.hang().isEmpty()) {
      assertTrue(System.currentTimeMillis() < end, () -> "nothing hangs; events: " + events);
      Thread.sleep(20);
    }
    Hang hang = machine.hang().orElseThrow();
    assertEquals(HostilePlugin.NODE, hang.instance());
    assertEquals(HostilePlugin.BUNDLE, hang.bundle());
    assertEquals(HostilePlugin.VERSION, hang.version());
    assertTrue(hang.stack().stream().anyMatch(frame -> frame.contains("Pl011Component.at(")), hang.stack()::toString);
    assertTrue(events.stream().anyMatch(e -> e.startsWith("model-hangs " + HostilePlugin.NODE + ": ") && e.contains(HostilePlugin.BUNDLE
        + ' '
        + HostilePlugin.VERSION) && e.contains("\n    at org.xenolith.hw.pl011.Pl011Component.at(")), events::toString);
    return hang;
  }

  private static void goesOn(MachineRun run, Machine machine) throws InterruptedException {
    assertEquals(Optional.of(StopReason.LIMIT), run.await(LONG_MILLISECONDS));
    assertEquals(100_000_000L, machine.now());
    assertFalse(machine.digest().isEmpty());
    assertEquals("", machine.devices().stream().filter(d -> d.instance().equals(HostilePlugin.NODE)).findFirst().map(d -> d.bundle())
        .orElse(""));
  }

  @Test
  void modelThatWaitsIsInterruptedAndTheMachineGoesOn() throws InterruptedException {
    takeOffAndGoOn("write wait 20", "");
  }

  @Test
  void loopBetweenTwoInstructionsIsLeftToItselfAndTheMachineGoesOn() throws InterruptedException {
    takeOffAndGoOn("alarm loop", "given up");
  }

  private void takeOffAndGoOn(String hostile, String word) throws InterruptedException {
    try (Launch launch = launch(hostile)) {
      Machine machine = launch.machine();
      MachineRun run = begin(machine);
      awaitHang(machine);
      TakenOff off = machine.takeOff();
      assertTrue(off.done() && off.text().contains(word), off::text);
      // A thread that was given up comes back in the middle of the other one's run, and must have no part in it.
      System.setProperty(HostilePlugin.END, "");
      goesOn(run, machine);
    }
  }

  @Test
  void takingItsBundleAwayTakesItOff() throws InterruptedException {
    try (Launch launch = launch("alarm loop")) {
      Machine machine = launch.machine();
      MachineRun run = begin(machine);
      awaitHang(machine);
      Change change = product.change().remove(HostilePlugin.BUNDLE);
      assertTrue(change.done(), change::reason);
      goesOn(run, machine);
    }
  }

  @Test
  void loopInTheMiddleOfAnInstructionCanOnlyBeLeft() throws IOException, InterruptedException {
    Launch launch = launch("write loop 20");
    Machine machine = launch.machine();
    MachineRun run = begin(machine);
    awaitHang(machine);
    TakenOff off = machine.takeOff();
    assertFalse(off.done());
    assertTrue(off.text().contains("in the middle of an instruction") || off.text().contains("from the middle of an instruction"),
        off::text);
    Change change = product.change().replace(HostilePlugin.BUNDLE, new ByteArrayInputStream(product.jar(HostilePlugin.BUNDLE)));
    assertFalse(change.done());
    assertTrue(change.reason().contains(HostilePlugin.NODE) && change.reason().contains("has not come back"), change::reason);
    assertEquals(Optional.empty(), run.await(0));
    launch.close();
    System.setProperty(HostilePlugin.END, "");
    run.await(LONG_MILLISECONDS);
  }
}
