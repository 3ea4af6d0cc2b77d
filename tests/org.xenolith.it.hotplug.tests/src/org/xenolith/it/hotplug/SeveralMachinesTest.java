// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** A bundle is changed under all machines at once; changes, machines and replays do not wait for each other for ever. */
@FullLane
class SeveralMachinesTest {
  private static final String WORK = "for i in 1 2 3 4 5 6; do busybox md5sum /bin/busybox; echo step $i.; done; echo finis''hed\n";
  private static final String END = "finished\n";
  private static final String UART = "org.xenolith.hw.pl011";
  private static final String RTC = "org.xenolith.hw.pl031";
  private static final String GIC = "org.xenolith.hw.gicv2";

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;
  private Path disk;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = new RandomDisk(1, 1 << 20).write(folder.resolve("disk.raw"));
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private Change replace(String bundle, int round) throws IOException {
    Change done = product.change().replace(bundle,
        new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0." + (1 + round % 2))));
    assertTrue(done.done(), done::toString);
    return done;
  }

  private GuestMachine begin() throws IOException {
    GuestMachine guest = ShellGuest.resume(disk);
    guest.type(WORK);
    guest.console().when(END, guest.machine()::stop);
    guest.begin();
    return guest;
  }

  @Test
  void twoRunningAndOneRestingMachineAreChangedTogether() throws IOException {
    String digest;
    try (GuestMachine undisturbed = ShellGuest.resume(disk)) {
      undisturbed.type(WORK);
      undisturbed.runUntil(END);
      digest = undisturbed.machine().digest();
    }
    try (GuestMachine resting = ShellGuest.resume(disk); GuestMachine one = begin(); GuestMachine two = begin()) {
      for (int round = 0; one.running() || two.running(); round++) {
        assertEquals(3, replace(UART, round).devices());
        assertEquals(3, replace(GIC, round).devices());
      }
      assertEquals(StopReason.STOPPED, one.end(), one::events);
      assertEquals(StopReason.STOPPED, two.end(), two::events);
      assertEquals(digest, one.machine().digest());
      assertEquals(digest, two.machine().digest());
      assertEquals("fine\n", resting.command("echo fine"));
    }
  }

  @Test
  void twoReplaysWithChangesAndChangesFromOutsideAllEnd() throws Exception {
    Path journal = folder.resolve("run.journal");
    String digest;
    try (GuestMachine recorded = ShellGuest.resume(disk)) {
      recorded.machine().record(journal);
      recorded.type(WORK);
      for (int step = 1; step <= 6; step++) {
        recorded.runUntil("step " + step + ".");
        replace(RTC, step);
      }
      recorded.runUntil(END);
      digest = recorded.machine().digest();
    }
    product.restore();
    try (GuestMachine one = ShellGuest.resume(disk); GuestMachine two = ShellGuest.resume(disk)) {
      List<GuestMachine> both = List.of(one, two);
      for (GuestMachine guest : both) {
        guest.machine().replay(journal);
        guest.console().when(END, guest.machine()::stop);
      }
      both.forEach(GuestMachine::begin);
      CompletableFuture<Integer> outside = CompletableFuture.supplyAsync(() -> changeUntilTheyEnd(both));
      List<StopReason> reasons = new ArrayList<>();
      both.forEach(guest -> reasons.add(guest.end()));
      System.out.println(outside.get() + " changes from outside");
      assertEquals(List.of(StopReason.STOPPED, StopReason.STOPPED), reasons, () -> one.events() + two.events());
      assertEquals(digest, one.machine().digest());
      assertEquals(digest, two.machine().digest());
    }
  }

  private int changeUntilTheyEnd(List<GuestMachine> guests) {
    int round = 0;
    try {
      while (guests.stream().anyMatch(GuestMachine::running)) {
        replace(UART, round++);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return round;
  }
}
