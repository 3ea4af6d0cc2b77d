// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.NetworkPrograms;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** A domain's program sends frames from one of its PV interfaces to the other, by our own firmware, while layers and back end are replaced. */
@FullLane
class OwnFirmwareDomUNetTest {
  private static final String NAME = "own";
  private static final int ROUNDS = Lane.full() ? 50 : 6;
  private static final List<String> BUNDLES = List.of("firmware.efi.boot", "efi.xenio.fdt", "efi.xenbus", "efi.xenpvnet", "hyp.efi.boot",
      "hyp.netback", "net.bridge", "hyp.grant", "hyp.evtchn", "hyp.xenstore");

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private LaunchRequest request() throws IOException {
    Path config = Files.writeString(folder.resolve(NAME + ".cfg"), """
        name = "%s"
        firmware = "xenolith"
        memory = 96
        disk = [ '%s,raw,xvda,rw' ]
        vif = [ 'mac=00:16:3e:00:00:01', 'mac=00:16:3e:00:00:02' ]
        """.formatted(NAME, NetworkPrograms.sender(folder)));
    return RequestBuilder.of("virt").boardOption("gic", "3").memory(256L << 20).noDom0(true).hypervisor(true).domUs(List.of(config))
        .build();
  }

  private static void runTo(HypervisorGuest guest, long instructions) {
    guest.machine().run(new RunLimit(Long.MAX_VALUE, instructions));
    assertEquals(instructions, guest.machine().instructions());
  }

  /** And each time that they were shut down nothing is left of them. */
  @Test
  void framesGoAndComeWhileLayersAreReplaced() throws IOException {
    LaunchRequest request = request();
    long end;
    String expected;
    String digest;
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      GuestConsole console = guest.console(NAME);
      guest.runUntil(NAME, NetworkPrograms.FRAME);
      List<String> handles = guest.machine().port(BootNode.PATH, InspectionPort.class).answer("dh");
      assertTrue(handles.stream().anyMatch(line -> line.contains(
          "/VenHw(3D3CA290-B9A5-11E3-B75D-B8AC6F7D65E6,00000100)/MAC(00163E000002,0x1)")), handles::toString);
      Leftovers first = Leftovers.of(guest.machine(), guest.domain(NAME));
      guest.runUntil(NAME, NetworkPrograms.ALL);
      assertEquals(first, Leftovers.of(guest.machine(), guest.domain(NAME)));
      assertEquals(66, first.entries(), "the disk's");
      end = guest.machine().instructions() + 2000;
      runTo(guest, end);
      expected = console.text();
      digest = guest.machine().digest();
      assertFalse(guest.events().contains("model-failed") || guest.events().contains("vif-"), guest::events);
    }
    assertEquals(NetworkPrograms.FRAMES, expected.replace("\r", "").lines().filter(NetworkPrograms.FRAME::equals).count(), expected);
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      GuestConsole console = guest.console(NAME);
      for (int round = 0; round < ROUNDS; round++) {
        runTo(guest, end / (ROUNDS + 1) * (round + 1));
        for (String bundle : BUNDLES) {
          Change done = product.change().replace("org.xenolith." + bundle, new ByteArrayInputStream(product.jar("org.xenolith." + bundle)));
          assertTrue(done.done(), done::reason);
        }
      }
      runTo(guest, end);
      assertEquals(expected, console.text());
      assertEquals(digest, guest.machine().digest());
    }
    withoutTheLayer(request, end);
  }

  private void withoutTheLayer(LaunchRequest request, long end) throws IOException {
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      GuestConsole console = guest.console(NAME);
      guest.runUntil(NAME, NetworkPrograms.FRAME);
      assertTrue(product.change().remove("org.xenolith.efi.xenpvnet").done());
      guest.run(500);
      assertFalse(console.text().contains(NetworkPrograms.ALL), console::text);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.efi.xenpvnet"))).done());
      guest.xl("destroy " + NAME);
      guest.xl("create " + folder.resolve(NAME + ".cfg"));
      guest.runUntil(console, NetworkPrograms.ALL, console.length());
    }
  }
}
