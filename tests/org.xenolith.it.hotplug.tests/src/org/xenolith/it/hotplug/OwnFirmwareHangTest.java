// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.it.guest.DiskPrograms;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.hotplug.OwnFirmwareMachine.Way;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.control.Machine.TakenOff;
import org.xenolith.machine.kit.MachineRun;
import org.xenolith.testkit.FullLane;

/** A driver of our own firmware whose Start doesn't end, in whichever way, or which throws: it is named, taken off, and with a right version the boot goes on. */
@FullLane
class OwnFirmwareHangTest {
  private static final long LONG_MILLISECONDS = 180_000;
  private static final long SECOND = 1_000_000_000L;

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeEach
  void installIt() throws IOException {
    Change change = product.change().replace(HostileLayer.BUNDLE, new ByteArrayInputStream(HostileLayer.jar()));
    assertTrue(change.done(), change::reason);
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    System.clearProperty(HostileLayer.PROPERTY);
    System.clearProperty(HostileLayer.END);
    product.restore();
  }

  private OwnFirmwareMachine launch(String hostile) throws IOException {
    System.setProperty(HostileLayer.PROPERTY, hostile);
    return OwnFirmwareMachine.launch(Way.MMIO, DiskPrograms.reader(folder), false);
  }

  private void mend() throws IOException {
    Change change = product.change().replace(HostileLayer.BUNDLE, new ByteArrayInputStream(product.jar(HostileLayer.BUNDLE)));
    assertTrue(change.done(), change::reason);
  }

  private static Hang awaitHang(OwnFirmwareMachine firmware) throws InterruptedException {
    Machine machine = firmware.guest().machine();
    long end = System.currentTimeMillis() + LONG_MILLISECONDS;
    while (machine.hang().isEmpty()) {
      assertTrue(System.currentTimeMillis() < end, () -> "nothing hangs; " + firmware.guest().events());
      Thread.sleep(20);
    }
    Hang hang = machine.hang().orElseThrow();
    assertTrue(hang.instance().startsWith(BootNode.PATH), hang::instance);
    assertEquals(HostileLayer.BUNDLE, hang.bundle());
    assertEquals(HostileLayer.VERSION, hang.version());
    assertTrue(hang.stack().stream().anyMatch(frame -> frame.contains("DiskIoComponent.hostile(")), hang.stack()::toString);
    assertTrue(firmware.guest().events().contains("model-hangs " + BootNode.PATH), () -> firmware.guest().events());
    return hang;
  }

  /** As Object.wait is left when it is interrupted. */
  @Test
  void aStartThatHeedsBeingInterruptedIsTakenOffAndTheBootGoesOn() throws Exception {
    try (OwnFirmwareMachine firmware = launch("Start wait")) {
      Machine machine = firmware.guest().machine();
      MachineRun run = MachineRun.begin(machine, new RunLimit(SECOND, Long.MAX_VALUE));
      awaitHang(firmware);
      TakenOff off = machine.takeOff();
      assertTrue(off.done(), off::text);
      assertEquals(Optional.of(StopReason.LIMIT), run.await(LONG_MILLISECONDS));
      assertTrue(firmware.text().contains("Nothing could be booted"), firmware::tail);
      assertEquals("", machine.devices().stream().filter(each -> each.instance().contains("efi.diskio")).findFirst().map(each -> each
          .bundle())
          .orElse(""));
      mend();
      firmware.runUntil(DiskPrograms.READ_ALL, 1);
    }
  }

  /** A call of firmware is an instruction of the guest's, of which the rest is on the thread that doesn't come back. */
  @Test
  void aStartThatLoopsIsNamedAndTheMachineCanBeLeft() throws Exception {
    OwnFirmwareMachine firmware = launch("Start loop");
    Machine machine = firmware.guest().machine();
    MachineRun run = MachineRun.begin(machine, new RunLimit(SECOND, Long.MAX_VALUE));
    awaitHang(firmware);
    TakenOff off = machine.takeOff();
    assertFalse(off.done());
    assertTrue(off.text().contains("the middle of an instruction"), off::text);
    firmware.close();
    System.setProperty(HostileLayer.END, "");
    run.await(LONG_MILLISECONDS);
  }

  @Test
  void aStartWhoseStepsDontEndIsAnErrorAndTheBootGoesOn() throws IOException {
    try (OwnFirmwareMachine firmware = launch("Start go")) {
      firmware.guest().runFor(1000);
      assertTrue(firmware.guest().events().contains("efi-steps " + BootNode.PATH + ": efi.diskio.Start takes "), firmware::tail);
      assertTrue(firmware.text().contains("Nothing could be booted"), firmware::tail);
      mend();
      firmware.runUntil(DiskPrograms.READ_ALL, 1);
    }
  }

  /** The guest waits, as with real firmware; a person sees in what and for how long, and ends it. */
  @Test
  void aStartThatAlwaysWaitsIsShownAndEndsWithItsBundle() throws IOException {
    try (OwnFirmwareMachine firmware = launch("Start pause")) {
      firmware.guest().runFor(3000);
      List<String> calls = firmware.calls();
      assertTrue(calls.getLast().matches("efi\\.diskio\\.Start step 1, waits, open for [23]\\d\\d\\d ms"), calls::toString);
      Change removed = product.change().remove(HostileLayer.BUNDLE);
      assertTrue(removed.done(), removed::reason);
      firmware.guest().runFor(500);
      assertTrue(firmware.text().contains("Nothing could be booted"), firmware::tail);
      Change added = product.change().add(new ByteArrayInputStream(product.jar(HostileLayer.BUNDLE)));
      assertTrue(added.done(), added::reason);
      firmware.runUntil(DiskPrograms.READ_ALL, 1);
    }
  }

  @Test
  void aDriverThatThrowsIsTakenOffAndTheBootGoesOn() throws IOException {
    for (String function : List.of("Supported", "Start", "ReadDisk")) {
      installIt();
      try (OwnFirmwareMachine firmware = launch(function + " throw")) {
        firmware.guest().runFor(500);
        assertTrue(firmware.guest().events().contains("model-failed " + BootNode.PATH), firmware::tail);
        assertTrue(firmware.text().contains("Nothing could be booted"), firmware::tail);
        mend();
        firmware.runUntil(DiskPrograms.READ_ALL, 1);
      }
    }
  }

  /** Whoever disconnects is told, and the machine goes on. */
  @Test
  void aStopThatThrowsIsADeviceError() throws IOException {
    System.setProperty(HostileLayer.PROPERTY, "Stop throw");
    try (OwnFirmwareMachine firmware = OwnFirmwareMachine.launch(Way.MMIO, DiskPrograms.reconnecter(folder, Protocol.VIRTIO_DEVICE),
        false)) {
      firmware.guest().runFor(1000);
      assertTrue(firmware.guest().events().contains("what was started came back with DEVICE_ERROR"), firmware::tail);
      assertTrue(firmware.guest().events().contains("model-failed " + BootNode.PATH), firmware::tail);
    }
  }
}
