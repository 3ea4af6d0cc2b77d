// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.GuestSetup;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.profile.api.Profile;
import org.xenolith.profile.api.ProfileRequest;
import org.xenolith.profile.api.Profiler;
import org.xenolith.testkit.FullLane;

/** Debian that checks its disk is profiled, from its start or from somewhere on, and its profiler comes and goes: it sees nothing. */
@FullLane
class ProfilerChangeTest {
  private static final String PROFILER = "org.xenolith.profile";
  private static final ProfileRequest OFTEN = new ProfileRequest(10_007, List.of());

  @TempDir
  static Path folder;
  private static GuestSetup request;
  private static String digest;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void runUndisturbed() throws IOException {
    request = GuestSetup.debian("xl.disk xl.lines=16 xl.chunk=1024").with(new RandomDisk(7, 32 << 20).write(folder.resolve("disk.raw")));
    try (GuestMachine guest = request.executedBy("regions").boot()) {
      assertEquals(StopReason.POWER_OFF, guest.run(), guest::events);
      digest = guest.machine().digest();
    }
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private Profile begin(GuestMachine guest) {
    return product.service(Profiler.class).begin(guest.machine(), OFTEN);
  }

  @Test
  void guestSeesNothingOfAProfilersReplacementAndRemoval() throws IOException {
    try (GuestMachine guest = request.executedBy("regions").boot()) {
      Profile first = begin(guest);
      guest.runUntil("LINE 1 ");
      guest.begin();
      assertTrue(product.change().replace(PROFILER, new ByteArrayInputStream(JarEdit.version(product.jar(PROFILER), "1.0.1"))).done());
      guest.console().await("LINE 4 ", 0);
      CompletableFuture<Profile> second = new CompletableFuture<>();
      guest.machine().post(() -> second.complete(begin(guest)));
      second.join();
      guest.console().await("LINE 8 ", 0);
      assertTrue(product.change().remove(PROFILER).done());
      assertEquals(StopReason.POWER_OFF, guest.end(), guest::events);
      assertEquals(digest, guest.machine().digest());
      assertNull(guest.machine().events().get("watcher-failed"), guest::events);
      for (Profile lost : List.of(first, second.join())) {
        assertTrue(assertThrows(IOException.class, () -> lost.write(folder.resolve("lost"))).getMessage().contains("removed or replaced"));
        lost.close();
      }
    }
  }

  @Test
  void aProfileMayBeginAndEndInTheMiddle() throws IOException {
    try (GuestMachine guest = request.executedBy("regions").boot()) {
      guest.runUntil("LINE 4 ");
      try (Profile profile = begin(guest)) {
        guest.runUntil("LINE 8 ");
        profile.write(folder.resolve("middle"));
      }
      assertEquals(StopReason.POWER_OFF, guest.run(), guest::events);
      assertEquals(digest, guest.machine().digest());
    }
    String text = Files.readString(folder.resolve("middle/profile.txt"));
    assertTrue(text.contains("symbols of its own") && text.contains("Executed in regions") && text.contains("/virtio"), text);
  }
}
