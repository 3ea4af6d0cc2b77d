// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.it.guest.DiskPrograms;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.SigningTools;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.FullLane;

/** Programs from a disk on firmware of our own, with keys in its variables and without; Debian's sbsign signs them, efitools make the lists. */
@FullLane
class OwnFirmwareSecureBootTest {
  private static final String BUNDLE = "org.xenolith.efi.signatures";
  private static final String SAYS = "a program that was started";
  private static final String NOTHING = "Nothing could be booted";
  private static final byte[] PROGRAM = DiskPrograms.speaker(SAYS);
  private static final int TIMED = 0x27;
  private static final int ROUNDS = 20;

  @TempDir
  private static Path keys;
  private static SigningTools tools;
  private static byte[] signed;

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void makeKeys() throws IOException {
    tools = new SigningTools(keys).key("PK").key("db").key("other");
    signed = tools.sign("db", PROGRAM);
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private GuestMachine machine(byte[] program) throws IOException {
    return GuestMachine.launch(RequestBuilder.of("virt").memory(128L << 20).option("firmware", "xenolith").disks(List.of(
        DiskPrograms.starting(folder, program).toString())).build());
  }

  private static VariablesPort variables(GuestMachine guest) {
    return guest.machine().port(FirmwareNode.PATH, VariablesPort.class);
  }

  private static void set(GuestMachine guest, EfiGuid vendor, String name, byte[] write) {
    assertEquals(EfiStatus.SUCCESS, variables(guest).setVariable(new VariableName(name, vendor), TIMED, write), name);
  }

  /** Keys as somebody has put them in before: db, and PK last, which ends setup mode. */
  private GuestMachine secure(byte[] program) throws IOException {
    GuestMachine guest = machine(program);
    set(guest, EfiGuid.IMAGE_SECURITY_DATABASE, "db", tools.certificate("PK", "db", "db"));
    set(guest, EfiGuid.GLOBAL_VARIABLE, "PK", tools.certificate("PK", "PK", "PK"));
    return guest;
  }

  private static int secureBoot(GuestMachine guest) {
    return variables(guest).getVariable(VariableName.global("SecureBoot"), 1).data()[0];
  }

  private static void starts(GuestMachine guest, int secureBoot) {
    guest.runUntil(SAYS);
    assertEquals(secureBoot, secureBoot(guest));
    assertFalse(guest.events().contains("efi-signatures"), guest::events);
  }

  private static void refuses(GuestMachine guest, String why) {
    guest.runUntil(NOTHING);
    assertFalse(guest.console().text().contains(SAYS), () -> guest.console().text());
    assertEquals(1, secureBoot(guest));
    assertTrue(guest.events().contains("\\EFI\\BOOT\\BOOTAA64.EFI is not started, as Secure Boot is on: " + why), guest::events);
  }

  @Test
  void programThatIsSignedStarts() throws IOException {
    try (GuestMachine guest = secure(signed)) {
      starts(guest, 1);
    }
    try (GuestMachine guest = secure(tools.sign("db", tools.sign("other", PROGRAM)))) {
      starts(guest, 1);
    }
    try (GuestMachine guest = machine(PROGRAM)) {
      starts(guest, 0);
    }
  }

  @Test
  void othersDont() throws IOException {
    try (GuestMachine guest = secure(PROGRAM)) {
      refuses(guest, "it isn't signed");
    }
    byte[] flipped = signed.clone();
    flipped[PROGRAM.length - 8] ^= 1;
    try (GuestMachine guest = secure(flipped)) {
      refuses(guest, "it isn't the file that was signed");
    }
    try (GuestMachine guest = secure(tools.sign("other", PROGRAM))) {
      refuses(guest, "db has nobody of those who signed it, CN=other");
    }
  }

  @Test
  void databasesDecide() throws IOException {
    try (GuestMachine guest = secure(signed)) {
      set(guest, EfiGuid.IMAGE_SECURITY_DATABASE, "dbx", tools.hash("PK", "dbx", PROGRAM));
      refuses(guest, "dbx has its SHA256");
    }
    try (GuestMachine guest = secure(signed)) {
      set(guest, EfiGuid.IMAGE_SECURITY_DATABASE, "dbx", tools.certificate("PK", "dbx", "db"));
      refuses(guest, "dbx has who signed it, CN=db");
    }
    try (GuestMachine guest = machine(PROGRAM)) {
      set(guest, EfiGuid.IMAGE_SECURITY_DATABASE, "db", tools.hash("PK", "db", PROGRAM));
      set(guest, EfiGuid.GLOBAL_VARIABLE, "PK", tools.certificate("PK", "PK", "PK"));
      starts(guest, 1);
    }
  }

  private void change(int round) throws IOException {
    Change done = product.change().replace(BUNDLE, new ByteArrayInputStream(JarEdit.version(product.jar(BUNDLE), "1.0." + (1 + round
        % 2))));
    assertTrue(done.done(), done::reason);
  }

  @Test
  void replacementsChangeNothing() throws IOException {
    for (boolean good : new boolean[] {true, false}) {
      long end;
      String digest;
      try (GuestMachine guest = secure(good ? signed : PROGRAM)) {
        guest.runUntil(good ? SAYS : NOTHING);
        end = guest.machine().instructions();
        digest = guest.machine().digest();
      }
      try (GuestMachine guest = secure(good ? signed : PROGRAM)) {
        for (int round = 1; round < ROUNDS; round++) {
          guest.machine().run(new RunLimit(Long.MAX_VALUE, end * round / ROUNDS));
          change(round);
        }
        guest.machine().run(new RunLimit(Long.MAX_VALUE, end));
        assertEquals(digest, guest.machine().digest());
        assertEquals(good, guest.console().text().contains(SAYS));
      }
    }
  }

  /** Who goes while the firmware runs leaves nobody who could allow anything; firmware that never had it verifies nothing, and says so. */
  @Test
  void withoutTheLayerNothingIsVerifiedOrNothingStarts() throws IOException {
    try (GuestMachine guest = secure(signed)) {
      guest.runUntil("Xenolith UEFI firmware");
      Change gone = product.change().remove(BUNDLE);
      assertTrue(gone.done(), gone::reason);
      guest.runUntil(NOTHING);
      assertTrue(guest.events().contains("EFI_SECURITY2_ARCH_PROTOCOL) answers NOT_READY"), guest::events);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar(BUNDLE))).done());
      guest.runUntil(SAYS);
    }
    assertTrue(product.change().remove(BUNDLE).done());
    try (GuestMachine guest = secure(PROGRAM)) {
      starts(guest, 0);
    }
  }
}
