// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.devicepath;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** Paths put together, taken apart, written and read, by the functions that a guest calls. */
class PathLayerTest {
  /** A text of each form; edk2 writes the same (texts of its Shell, on QEMU and on our machines). */
  private static final List<String> TEXTS = List.of("PciRoot(0x0)/Pci(0x1F,0x2)/Sata(0x0,0xFFFF,0x0)",
      "VenHw(837DCA9E-E874-4D82-B29A-23FE0E23D1E2,003E000A00000000)/HD(1,GPT,6F2A3C0E-1D2B-4C5D-8E9F-001122334455,0x800,0x40000)/\\EFI\\BOOT\\X.EFI",
      "VenHw(D3987D4B-971A-435F-8CAF-4967EB627241,0000000900000000)/Uart(38400,8,N,1)/VenPcAnsi()",
      "VenMsg(EBA4E8D2-3858-41EC-A281-2647BA9660D0)",
      "MemoryMapped(0xB,0x1000,0x1FFFFF)/FvFile(7C04A583-9E3E-4F1C-AD65-E05268D0B4D1)", "Fv(64074AFE-340A-4BE6-94BA-91B5B4D0F71E)",
      "PciRoot(0x0)/Pci(0x2,0x0)/Pci(0x0,0x0)/NVMe(0x1,00-00-00-00-00-00-00-00)",
      "PciRoot(0x0)/Pci(0x1,0x0)/Scsi(0x0,0x0)/CDROM(0x0,0x14,0x1000)",
      "PciRoot(0x0)/Pci(0x3,0x0)/MAC(525400123456,0x1)/Uri(http://host/file,2)", "Acpi(PNP0F13,0x0)", "Acpi(0x12345678,0x1)/Ctrl(0x3)",
      "HD(1,MBR,0x12345678,0x3F,0x1000)", "USB(0x1,0x0),PciRoot(0x1)", "Path(3,99,0102)", "VenMedia(5568E427-68FC-4F3D-AC74-CA555231CC68)");

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private EfiStatus pool = EfiStatus.SUCCESS;

  @BeforeEach
  void begin() {
    firmware.service(BootService.ALLOCATE_POOL, call -> {
      firmware.memory().put64(call.argument(2), firmware.room((int) call.argument(1)));
      return EfiStep.done(pool);
    });
    new PathLayer().begin(firmware);
  }

  private long call(EfiGuid protocol, int function, long... arguments) {
    long handle = firmware.handles().handles(protocol).getFirst();
    return firmware.call(firmware.memory().get64(firmware.handles().find(handle, protocol) + 8L * function), arguments);
  }

  private long utility(int function, long... arguments) {
    return call(Protocol.DEVICE_PATH_UTILITIES, function, arguments);
  }

  private long place(byte[] bytes) {
    long at = firmware.room(bytes.length);
    firmware.memory().write(at, bytes);
    return at;
  }

  private long path(String text) {
    return place(DevicePathText.parse(text));
  }

  private String text(long path) {
    return DevicePathText.of(DevicePath.read(firmware.memory(), path));
  }

  @Test
  void textsAreReadAndWrittenAlike() {
    for (String text : TEXTS) {
      long path = call(Protocol.DEVICE_PATH_FROM_TEXT, 1, place((text + '\0').getBytes(StandardCharsets.UTF_16LE)));
      assertNotEquals(0, path, text);
      assertEquals(text, firmware.memory().text(call(Protocol.DEVICE_PATH_TO_TEXT, 1, path, 0, 0), 300));
    }
  }

  @Test
  void aNodeIsOneOfAPath() {
    long node = call(Protocol.DEVICE_PATH_FROM_TEXT, 0, place("Pci(0x2,0x1)\0".getBytes(StandardCharsets.UTF_16LE)));
    assertArrayEquals(new byte[] {1, 1, 6, 0, 1, 2}, firmware.memory().read(node, 6));
    assertEquals("Pci(0x2,0x1)", firmware.memory().text(call(Protocol.DEVICE_PATH_TO_TEXT, 0, node, 0, 0), 40));
    assertEquals("PciRoot(0x0)/Pci(0x2,0x1)", text(utility(3, path("PciRoot(0x0)"), node)));
    assertEquals("Pci(0x2,0x1)", text(utility(3, 0, node)));
    assertEquals("PciRoot(0x0)", text(utility(3, path("PciRoot(0x0)"), 0)));
  }

  @Test
  void pathsArePutTogetherAndTakenApart() {
    long one = path("PciRoot(0x0)/Pci(0x1,0x0)");
    long two = path("Scsi(0x0,0x0)");
    assertEquals(12 + 6 + 4, utility(0, one));
    assertEquals(0, utility(0, 0));
    assertEquals(text(one), text(utility(1, one)));
    assertEquals(0, utility(1, 0));
    assertEquals("PciRoot(0x0)/Pci(0x1,0x0)/Scsi(0x0,0x0)", text(utility(2, one, two)));
    assertEquals(4, utility(0, utility(2, 0, 0)), "an end");
    long both = utility(4, one, two);
    assertEquals("PciRoot(0x0)/Pci(0x1,0x0),Scsi(0x0,0x0)", text(both));
    assertEquals(List.of(0L, 1L), List.of(utility(6, one), utility(6, both)));
    long at = firmware.room(16);
    firmware.memory().put64(at, both);
    assertEquals(text(one), text(utility(5, at, at + 8)));
    assertEquals(22, firmware.memory().get64(at + 8));
    assertEquals(text(two), text(utility(5, at, 0)));
    assertEquals(0, firmware.memory().get64(at));
    assertEquals(0, utility(5, at, 0));
    assertArrayEquals(new byte[] {4, 3, 20, 0}, firmware.memory().read(utility(7, 4, 3, 20), 4));
    assertEquals(0, utility(7, 4, 3, 3));
  }

  @Test
  void whatIsNoPathOrTextIsNothing() {
    long broken = place(new byte[] {1, 1, 2, 0, 0, 0, 0, 0});
    assertEquals(List.of(0L, 0L), List.of(utility(1, broken), utility(2, broken, 0)));
    assertEquals(0, utility(0, 16), "no memory there");
    for (String text : List.of("Pci(x)", "HD(1,GPT,nonsense,0,0)", "VenHw(1,2)", "Path(1,2,3)", "MAC(zz,1)", "Acpi(PNPxyz,0)")) {
      assertEquals(0, call(Protocol.DEVICE_PATH_FROM_TEXT, 1, place((text + '\0').getBytes(StandardCharsets.UTF_16LE))), text);
    }
    assertEquals(0, call(Protocol.DEVICE_PATH_FROM_TEXT, 1, 0));
    assertEquals(0, call(Protocol.DEVICE_PATH_TO_TEXT, 1, 0));
    pool = EfiStatus.OUT_OF_RESOURCES;
    assertEquals(0, utility(1, path("PciRoot(0x0)")));
  }

  /** AllocatePool is a pointer that a guest may hook: what it makes longer there doesn't fit any more. */
  @Test
  void aPathThatChangesWhileItIsCopiedIsNothing() {
    long path = path("PciRoot(0x0)");
    byte[] longer = DevicePathText.parse("PciRoot(0x0)/Pci(0x1,0x0)");
    byte[] before = new byte[64];
    Arrays.fill(before, (byte) 0x11);
    long[] places = new long[2];
    firmware.service(BootService.ALLOCATE_POOL, call -> {
      places[0] = place(before);
      firmware.memory().put64(call.argument(2), places[0]);
      firmware.memory().write(path, longer);
      return EfiStep.done();
    });
    firmware.service(BootService.FREE_POOL, call -> {
      places[1] = call.argument(0);
      return EfiStep.done();
    });
    firmware.room(64);
    assertEquals(0, utility(1, path));
    assertArrayEquals(before, firmware.memory().read(places[0], before.length));
    assertEquals(places[0], places[1], "what was allocated is free again");
    long pointer = firmware.room(16);
    firmware.memory().put64(pointer, path(""));
    firmware.service(BootService.ALLOCATE_POOL, call -> {
      places[0] = place(before);
      firmware.memory().put64(call.argument(2), places[0]);
      firmware.memory().put64(pointer, 0);
      return EfiStep.done();
    });
    assertEquals(0, utility(5, pointer, 0));
    assertEquals(places[0], places[1], "what was allocated is free again");
  }

  /** Marks and ends have 4 bytes (UEFI 2.10, 10.3.1); of others the rest is no node. */
  @Test
  void marksAndEndsOfOtherLengthsAreNotCutInTwo() {
    long path = place(new byte[] {1, 5, 8, 0, 1, 0, 0, 0, 0x7F, 1, 6, 0, 9, 9, 1, 5, 8, 0, 2, 0, 0, 0, 0x7F, -1, 9, 0, 7, 7, 7, 7, 7});
    assertEquals("Ctrl(0x1),Ctrl(0x2)", text(path));
    long copy = utility(1, path);
    assertArrayEquals(new byte[] {0x7F, -1, 4, 0}, firmware.memory().read(copy + 22, 4));
    long pointer = firmware.room(16);
    firmware.memory().put64(pointer, path);
    assertEquals("Ctrl(0x1)", text(utility(5, pointer, pointer + 8)));
    assertEquals(path + 14, firmware.memory().get64(pointer));
    assertEquals("Ctrl(0x2)", text(utility(5, pointer, pointer + 8)));
    assertEquals(12, firmware.memory().get64(pointer + 8));
  }

  /** Whatever the bytes of a node are, its text is one that comes to the same bytes. */
  @Test
  void randomNodesSurviveTheirText() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] data = new byte[random.nextInt(44)];
      random.nextBytes(data);
      int type = 1 + random.nextInt(5);
      int subtype = 1 + random.nextInt(31);
      byte[] path = new DevicePath().node(type, subtype, data).bytes();
      String text = DevicePathText.exact(path);
      assertArrayEquals(path, DevicePathText.parse(text), text);
    }
  }
}
