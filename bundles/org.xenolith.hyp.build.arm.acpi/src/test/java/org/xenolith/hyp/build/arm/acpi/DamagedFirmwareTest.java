// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.testkit.Lane;
import org.xenolith.xen.abi.XenErrno;

/** Whatever is in memory, a domain is built, or it isn't and nothing is left of it, with a message; never another exception. */
class DamagedFirmwareTest {
  private static final int ROUNDS = Lane.full() ? 400 : 100;

  private static HypervisorException refused(FirmwareBoard board, Map<String, String> options) {
    return assertThrows(HypervisorException.class, () -> build(board, options));
  }

  private static void build(FirmwareBoard board, Map<String, String> options) {
    DomainSpec spec = new DomainSpec("Domain-0", new UUID(0, 0), 1, 1 << 20, DomainSpec.Kind.DOM0, 16, 256, 0);
    DomainImage image = new DomainImage(SmallArmKernel.file(1 << 20), new byte[0], "", 16 << 20, options);
    board.hypervisor.destroy(board.hypervisor.port(DomainBuildersPort.class).build("", 0, spec, image));
  }

  private static FirmwareBoard board(String ways) {
    FirmwareBoard board = new FirmwareBoard(Map.of("acpi-mmio", ways), GoldenHost.tables(FirmwareBoard.TABLES, SmallNamespace.table()));
    board.hypervisor.install("build.arm.acpi", new AcpiBuilderComponent());
    return board;
  }

  private static String message(int table, int at) {
    FirmwareBoard board = board("batch");
    board.spoil(FirmwareBoard.TABLES + table, at);
    return refused(board, board.options()).getMessage();
  }

  @Test
  void messagesSayWhatIsWrongWhere() {
    String begin = "domain Domain-0: the machine's ACPI: ";
    assertEquals(begin + "the firmware's system table at 0x43c01000: it doesn't begin with IBI SYST", message(0x1000, 0));
    assertTrue(message(0x1000 + 120 + "EDK II".length() * 2 + 24 + 8, 0).contains("names no RSDP"), "its GUID is another");
    assertEquals(begin + "RSDP, offset 0x0: its bytes don't sum up to 0; the table is damaged; a sum that was made anew would hide that",
        message(0x18, 33));
    assertTrue(message(0xfe98, 20).startsWith(begin + "XSDT, offset 0x0: its bytes don't sum up"), message(0xfe98, 20));
    assertTrue(message(0xfa98, 130).startsWith(begin + "FACP, offset 0x0"), message(0xfa98, 130));
    String length = message(0xe898, 6);
    assertTrue(length.contains("which XSDT names, isn't wholly in memory that the firmware's map has for tables"), length);
    assertTrue(message(0xff98, 44).contains("SPCR, offset 0x0"), "whose UART is it?");
    assertTrue(message(0xd898, 60).contains("GTDT, offset 0x0"), message(0xd898, 60));
  }

  @Test
  void optionsThatAreNoAddressesAreRefused() {
    FirmwareBoard board = board("batch");
    Map<String, String> options = new HashMap<>(board.options());
    options.put(DomainImage.EFI_MEMORY_MAP, "here");
    assertTrue(refused(board, options).getMessage().contains("efi-memory-map 'here': expected an address in hexadecimal digits"));
    options.put(DomainImage.EFI_MEMORY_MAP, "ffffffffffffff00");
    assertEquals(-XenErrno.XEN_EINVAL, refused(board, options).errno());
    options.put(DomainImage.EFI_MEMORY_MAP_SIZE, "7fffffff");
    assertTrue(refused(board, options).getMessage().contains("2147483647 bytes, descriptors of 40"));
  }

  @Test
  void anyDamageIsRefusedOrHarmless() {
    long seed = 2015_0804;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int built = 0;
    List<Integer> places = List.of(0x18, 0x1000, 0x2000, 0x7518, 0xd898, 0xe818, 0xe898, 0xfa98, 0xfc18, 0xfe18, 0xfe98, 0xff98);
    FirmwareBoard board = board("prefault");
    long free = board.hypervisor.port(FrameHeapPort.class).free();
    byte[] sound = new byte[0x1_0000];
    for (int at = 0; at < sound.length; at++) {
      sound[at] = board.hypervisor.memory().read8(FirmwareBoard.TABLES + at);
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        long table = FirmwareBoard.TABLES + places.get(random.nextInt(places.size()));
        int at = random.nextInt(100);
        board.hypervisor.memory().write8(table + at, (byte) random.nextInt());
        // A sum that is right makes the reader believe the rest.
        int sum = 0;
        int length = Math.clamp(board.hypervisor.memory().read32(table + 4), 0, 0x2000);
        for (int i = 0; i < length; i++) {
          sum += board.hypervisor.memory().read8(table + i);
        }
        board.hypervisor.memory().write8(table + 9, (byte) (board.hypervisor.memory().read8(table + 9) - sum));
      }
      try {
        build(board, board.options());
        built++;
      } catch (HypervisorException refused) {
        assertEquals(-XenErrno.XEN_EINVAL, refused.errno(), refused.getMessage());
      }
      assertEquals(free, board.hypervisor.port(FrameHeapPort.class).free(), "round " + round);
      board.put(FirmwareBoard.TABLES, sound);
    }
    System.out.println(built + " of " + ROUNDS + " built");
    assertTrue(built > ROUNDS / 20 && built < ROUNDS, "the damage is neither too light nor too heavy: " + built);
  }
}
