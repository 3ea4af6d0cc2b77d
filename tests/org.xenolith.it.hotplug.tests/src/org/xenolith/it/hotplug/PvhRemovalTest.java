// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.FullLane;

/** The machine's local APICs and the hypervisor's subsystems go away under a domain of a PC, and come back. */
class PvhRemovalTest {
  private static final long ENOSYS = -38;
  private static final String LAPIC = "hw.lapic";

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private void remove(String bundle) {
    Change done = product.change().remove("org.xenolith." + bundle);
    assertTrue(done.done(), done::toString);
    assertTrue(done.devices() > 0, done::toString);
  }

  private void add(String bundle) throws IOException {
    Change done = product.change().add(new ByteArrayInputStream(product.jar("org.xenolith." + bundle)));
    assertTrue(done.done(), done::toString);
    assertTrue(done.devices() > 0, done::toString);
  }

  private static void goesOn(CallingPvhDomain caller) {
    long rounds = caller.rounds();
    caller.run();
    assertTrue(caller.rounds() > rounds + 10, () -> "after " + rounds + " rounds there are " + caller.rounds());
    assertNull(caller.machine().events().get("model-failed"), () -> caller.machine().events().toString());
  }

  private static void standsStill(CallingPvhDomain caller) {
    long rounds = caller.rounds();
    caller.run();
    assertEquals(rounds, caller.rounds(), "without what could take the CPU from it the guest executes");
  }

  /** Grants, event channels, memory and whatever else has calls of its own. */
  @FullLane
  @Test
  void callsOfARemovedSubsystemAreUnknownUntilItIsBack() throws IOException {
    try (CallingPvhDomain caller = CallingPvhDomain.in(folder)) {
      for (String role : CallingPvhDomain.roles()) {
        long before = caller.answer(role);
        assertNotEquals(ENOSYS, before, role);
        remove("hyp." + role);
        goesOn(caller);
        assertEquals(ENOSYS, caller.answer(role), role);
        for (String other : CallingPvhDomain.roles()) {
          assertTrue(other.equals(role) || caller.answer(other) != ENOSYS, other + " without " + role);
        }
        add("hyp." + role);
        goesOn(caller);
        assertEquals(before, caller.answer(role), role);
      }
    }
  }

  @Test
  void aCpuWithoutALocalApicStandsStillUntilItIsBack() throws IOException {
    try (CallingPvhDomain counter = CallingPvhDomain.counting(folder)) {
      goesOn(counter);
      remove(LAPIC);
      standsStill(counter);
      add(LAPIC);
      goesOn(counter);
    }
  }

  @Test
  void aMachineSavedWithoutItsLocalApicGoesOnWhereItHasOne() throws IOException {
    try (CallingPvhDomain counter = CallingPvhDomain.counting(folder)) {
      remove(LAPIC);
      standsStill(counter);
      try (CallingPvhDomain saved = counter.saved(folder.resolve("without"))) {
        standsStill(saved);
        add(LAPIC);
        goesOn(saved);
        goesOn(counter);
      }
    }
  }

  /** Nothing could make the CPU leave a guest that is no more. */
  @Test
  void aDomainDestroyedWhileTheLocalApicIsAwayExecutesNothingMore() throws IOException {
    try (CallingPvhDomain caller = CallingPvhDomain.in(folder)) {
      remove(LAPIC);
      caller.xl("destroy caller");
      standsStill(caller);
      caller.createAgain();
      standsStill(caller);
      add(LAPIC);
      goesOn(caller);
    }
  }
}
