// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

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
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.Lane;
import org.xenolith.testkit.efi.EfiProgram;
import org.xenolith.testkit.efi.FatImage;
import org.xenolith.testkit.efi.GptImage;

/** Our own UEFI firmware starts Debian's kernel, by its EFI stub, while its core and layers are replaced, removed and put back in the middle of calls. */
class OwnFirmwareTest {
  private static final List<String> BUNDLES = List.of("org.xenolith.firmware.efi.boot", "org.xenolith.efi.manager",
      "org.xenolith.efi.terminal",
      "org.xenolith.efi.pl011");
  private static final List<String> DISK_BUNDLES = List.of("org.xenolith.efi.virtio.mmio", "org.xenolith.efi.virtioblk",
      "org.xenolith.efi.diskio",
      "org.xenolith.efi.partition", "org.xenolith.efi.fat");
  /** Reads 64 KiB of the first disk 40 times, by BlockIo, and says so. */
  private static final String READER = """
          stp x29, x30, [sp, #-64]!
          stp x19, x20, [sp, #16]
          stp x21, x22, [sp, #32]
          str x23, [sp, #48]
          mov x19, x1
          ldr x20, [x1, #96]
          adr x1, greeting
          bl print
          adr x0, block_io
          mov x1, #0
          adr x2, place
          ldr x9, [x20, #320]
          blr x9
          cbnz x0, leave
          adr x21, place
          ldr x21, [x21]
          mov x0, #0
          mov x1, #2
          mov x2, #16
          adr x3, place
          ldr x9, [x20, #40]
          blr x9
          cbnz x0, leave
          adr x22, place
          ldr x22, [x22]
          mov w23, #40
      again:
          mov x0, x21
          mov x1, #0
          mov x2, #2048
          mov x3, #0x10000
          mov x4, x22
          ldr x9, [x21, #24]
          blr x9
          cbnz x0, leave
          adr x1, one
          bl print
          sub w23, w23, #1
          cbnz w23, again
          adr x1, goodbye
          bl print
          mov x0, #0
      leave:
          ldr x23, [sp, #48]
          ldp x21, x22, [sp, #32]
          ldp x19, x20, [sp, #16]
          ldp x29, x30, [sp], #64
          ret
      print:
          stp x29, x30, [sp, #-16]!
          ldr x0, [x19, #64]
          ldr x9, [x0, #8]
          blr x9
          ldp x29, x30, [sp], #16
          ret
      one: """;
  private static final int ROUNDS = Lane.full() ? 50 : 8;
  private static final String LEFT = "Exiting boot services";

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static LaunchRequest request() {
    return RequestBuilder.of("virt").boardOption("gic", "3").memory(256L << 20).guest("debian").append("cryptomgr.notests").option(
        "firmware",
        "xenolith").build();
  }

  private static void runTo(GuestMachine guest, long instructions) {
    guest.machine().run(new RunLimit(Long.MAX_VALUE, instructions));
    assertEquals(instructions, guest.machine().instructions());
  }

  private void change(String bundle, int round) throws IOException {
    Change done = product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0." + (1 + round
        % 2))));
    assertTrue(done.done(), done::reason);
    assertEquals(1, done.devices(), bundle);
  }

  @Test
  void kernelStartsWhileLayersAreReplaced() throws IOException {
    long end;
    String expected;
    String digest;
    try (GuestMachine guest = GuestMachine.launch(request())) {
      guest.runUntil(LEFT);
      end = guest.machine().instructions() + 2000;
      runTo(guest, end);
      expected = guest.console().text();
      digest = guest.machine().digest();
      guest.runUntil("Registered efivars operations");
    }
    assertTrue(expected.startsWith("Xenolith UEFI firmware\nEFI stub: Booting Linux Kernel..."), expected);
    Path saved = folder.resolve("saved");
    try (GuestMachine guest = GuestMachine.launch(request())) {
      for (int round = 0; round < ROUNDS; round++) {
        runTo(guest, end / (ROUNDS + 1) * (round + 1));
        for (String bundle : BUNDLES) {
          change(bundle, round);
        }
        if (round == ROUNDS / 2) {
          guest.save(saved);
        }
      }
      runTo(guest, end);
      assertEquals(expected, guest.console().text());
      assertEquals(digest, guest.machine().digest());
    }
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.ofSnapshot(saved).build())) {
      runTo(guest, end);
      assertEquals(digest, guest.machine().digest());
    }
    layersGoAndComeBack(end);
  }

  private static String text(String text) {
    StringBuilder line = new StringBuilder(".hword ");
    (text + "\r\n").chars().forEach(each -> line.append(each).append(", "));
    return line.append("0\n").toString();
  }

  private Path disk() throws IOException {
    byte[] program = EfiProgram.of(READER + text("read") + "greeting: " + text("a program from a disk") + "goodbye: " + text("read it all")
        + ".balign 8\nplace: .quad 0\nblock_io: .quad 0x11d26459964e5b21, 0x3b7269c9a000398e\n");
    return Files.write(folder.resolve("program.img"), GptImage.of(new FatImage(16, true).file("EFI/BOOT/BOOTAA64.EFI", program).bytes()));
  }

  /** The whole chain, from virtio to the boot manager, while a program that it has loaded reads the disk. */
  @Test
  void programReadsItsDiskWhileDriversAreReplaced() throws IOException {
    LaunchRequest request = RequestBuilder.of("virt").memory(128L << 20).option("firmware", "xenolith").disks(List.of(disk().toString()))
        .build();
    long end;
    String expected;
    String digest;
    try (GuestMachine guest = GuestMachine.launch(request)) {
      guest.runUntil("read it all");
      end = guest.machine().instructions() + 2000;
      runTo(guest, end);
      expected = guest.console().text();
      digest = guest.machine().digest();
      assertEquals(List.of(), List.of("model-failed", "unmodelled-access").stream().filter(guest.machine().events()::containsKey).toList(),
          guest::events);
    }
    assertTrue(expected.startsWith("Xenolith UEFI firmware\na program from a disk\nread\n"), expected);
    assertEquals(40, expected.lines().filter("read"::equals).count(), expected);
    try (GuestMachine guest = GuestMachine.launch(request)) {
      for (int round = 0; round < ROUNDS; round++) {
        runTo(guest, end / (ROUNDS + 1) * (round + 1));
        for (String bundle : BUNDLES) {
          change(bundle, round);
        }
        for (String bundle : DISK_BUNDLES) {
          change(bundle, round);
        }
      }
      runTo(guest, end);
      assertEquals(expected, guest.console().text());
      assertEquals(digest, guest.machine().digest());
    }
  }

  /** Without its console firmware says nothing and goes on; without its manager it waits for one; without its core nobody answers. */
  private void layersGoAndComeBack(long end) throws IOException {
    Change manager = product.change().remove("org.xenolith.efi.manager");
    assertTrue(manager.done(), manager::reason);
    try (GuestMachine guest = GuestMachine.launch(request())) {
      guest.runFor(500);
      assertTrue(guest.events().contains("efi-manager"), guest::events);
      Change terminal = product.change().remove("org.xenolith.efi.terminal");
      assertTrue(terminal.done(), terminal::reason);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.efi.manager"))).done());
      guest.runUntil("Registered efivars operations");
      assertFalse(guest.console().text().contains("EFI stub"), () -> guest.console().text());
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.efi.terminal"))).done());
    }
    try (GuestMachine guest = GuestMachine.launch(request())) {
      runTo(guest, end / 4);
      Change core = product.change().remove("org.xenolith.firmware.efi.boot");
      assertTrue(core.done(), core::reason);
      guest.runFor(100);
      assertFalse(guest.console().text().contains(LEFT), () -> guest.console().text());
    }
  }
}
