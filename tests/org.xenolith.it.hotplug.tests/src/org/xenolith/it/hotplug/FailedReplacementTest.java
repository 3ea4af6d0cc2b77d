// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.FullLane;

/** A new version that can't take over leaves the old one running, and the guest sees nothing. */
@FullLane
class FailedReplacementTest {
  private static final String LOOP =
      "i=0; while [ $i -lt %d ]; do i=$((i+1)); busybox date; busybox hwclock; echo step $i.; done; echo finis''hed\n";
  private static final String RTC = "org.xenolith.hw.pl031";
  private static final String UART = "org.xenolith.hw.pl011";

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

  @Test
  void clockThatCannotTakeOverLeavesTheOldOneTicking() throws IOException {
    guestSeesNothing(RTC, BrokenVersions.ofClock(product.jar(RTC)).all());
  }

  @Test
  void consoleThatCannotTakeOverLeavesTheOldOneTalking() throws IOException {
    guestSeesNothing(UART, BrokenVersions.ofConsole(product.jar(UART)).all());
  }

  @Test
  void engineThatCannotTakeOverLeavesTheOldOneRunning() throws IOException {
    String engine = product.engine();
    boolean regions = engine.endsWith("regions");
    String classes = engine.replace('.', '/') + '/' + (regions ? "Regions" : "MachineCode");
    byte[] jar = product.jar(engine);
    Map<String, byte[]> versions = new LinkedHashMap<>();
    versions.put("it has no components", JarEdit.of(jar).version("1.0.3").header("Service-Component", "OSGI-INF/none.xml").bytes());
    versions.put("its class is damaged", JarEdit.of(jar).version("1.0.3")
        .put(classes + "Component.class", new byte[] {1, 2, 3}).bytes());
    if (regions) {
      versions.put("it has another name", JarEdit.of(jar).version("1.0.3")
          .edit("OSGI-INF/org.xenolith.cpu.a64.regions.RegionsComponent.xml", xml -> xml.replace("\"regions\"", "\"other\"")).bytes());
    } else {
      versions.put("its engine is damaged", JarEdit.of(jar).version("1.0.3").put(classes + "Engine.class", new byte[] {1, 2, 3}).bytes());
    }
    guestSeesNothing(engine, versions);
  }

  @Test
  void whatIsNoBundleIsRefused() throws IOException {
    String before = product.bundle(RTC).getVersion().toString();
    assertThrows(IOException.class, () -> product.change().replace(RTC, new ByteArrayInputStream(new byte[100])));
    Change other = product.change().replace(RTC, new ByteArrayInputStream(product.jar(UART)));
    assertFalse(other.done());
    assertTrue(other.reason().contains(UART) && other.reason().contains(RTC), other.reason());
    Change absent = product.change().replace("org.xenolith.nowhere", new ByteArrayInputStream(product.jar(UART)));
    assertFalse(absent.done());
    assertEquals(before, product.bundle(RTC).getVersion().toString());
  }

  /** Tries each version between two lines of the guest, and compares with a run where nobody tries anything. */
  private void guestSeesNothing(String bundle, Map<String, byte[]> versions) throws IOException {
    String before = product.bundle(bundle).getVersion().toString();
    String console;
    String digest;
    try (GuestMachine undisturbed = ShellGuest.resume(disk)) {
      undisturbed.type(LOOP.formatted(versions.size()));
      undisturbed.runUntil("finished");
      console = undisturbed.console().text();
      digest = undisturbed.machine().digest();
    }
    KernelLog.assertClean(console);
    try (GuestMachine guest = ShellGuest.resume(disk)) {
      guest.type(LOOP.formatted(versions.size()));
      int step = 0;
      for (Map.Entry<String, byte[]> version : versions.entrySet()) {
        guest.runUntil("step " + ++step + ".");
        Change change = product.change().replace(bundle, new ByteArrayInputStream(version.getValue()));
        assertFalse(change.done(), version.getKey());
        assertFalse(change.reason().isBlank(), version.getKey());
        assertFalse(change.reason().contains("did not come back") || change.reason().contains("Cannot invoke"), change.reason());
        assertEquals(before, change.version(), version.getKey());
        assertEquals(before, product.bundle(bundle).getVersion().toString(), version.getKey());
      }
      guest.runUntil("finished");
      assertEquals(console, guest.console().text());
      assertEquals(digest, guest.machine().digest());
    }
  }
}
