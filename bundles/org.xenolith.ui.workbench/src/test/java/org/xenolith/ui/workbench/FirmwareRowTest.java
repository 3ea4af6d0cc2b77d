// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.DriverFacts;
import org.xenolith.efi.boot.api.FirmwareFacts;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.HandleFacts;
import org.xenolith.efi.boot.api.LayerFacts;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.ProtocolFacts;
import org.xenolith.efi.boot.api.UseFacts;
import org.xenolith.machine.control.Machine.DeviceFact;

/** What the view of firmware says of it. */
class FirmwareRowTest {
  private static final EfiGuid MARK = EfiGuid.of("00112233-4455-6677-8899-aabbccddeeff");
  private static final List<DeviceFact> DEVICES = List.of(new DeviceFact("/efi:blk", "block", "org.xenolith.efi.blk", "1.0.0"));

  private static ProtocolFacts protocol(EfiGuid guid, String name, String layer, UseFacts... uses) {
    return new ProtocolFacts(guid, name, layer, List.of(uses));
  }

  private static FirmwareFacts facts(String name) {
    HandleFacts idle = new HandleFacts(1, 0x10, "VenHw(1)", List.of(protocol(Protocol.DEVICE_PATH, "DevicePath", ""), protocol(MARK, MARK
        .toString(), "")), List.of(), List.of());
    HandleFacts disk = new HandleFacts(10, 0x20, "VenHw(2)", List.of(protocol(Protocol.DEVICE_PATH, "DevicePath", ""), protocol(
        Protocol.VIRTIO_DEVICE, "VirtioDevice", "mmio", new UseFacts(0x90, "Block driver", 0x20, HandleDatabase.BY_DRIVER, 1)), protocol(
            Protocol.BLOCK_IO, "BlockIo", "blk", new UseFacts(0x91, "Partitions", 0x20, HandleDatabase.BY_DRIVER, 1), new UseFacts(0x91,
                "Partitions", 0x30, HandleDatabase.BY_CHILD_CONTROLLER, 1))), List.of(0x30L), List.of());
    HandleFacts partition = new HandleFacts(11, 0x30, "VenHw(2)/HD(1)", List.of(protocol(Protocol.DEVICE_PATH, "DevicePath", "")), List
        .of(),
        List.of(0x20L));
    return new FirmwareFacts(name, List.of(idle, disk, partition), List.of(new DriverFacts(0x90, "Block driver", 10, "blk", List.of(
        0x20L))),
        List.of(new LayerFacts("blk", 1, "/efi:blk")), List.of());
  }

  private static String text(FirmwareRow row) {
    return row.what() + " | " + row.path() + " | " + row.drivers() + " | " + row.bundle();
  }

  @Test
  void controllersHaveTheirProtocolsAndTheseTheirUsersAndIdleOnesAreLast() {
    FirmwareRow board = FirmwareRow.of(facts(""), DEVICES);
    assertEquals("Board | 3 handles | 1 driver | ", text(board));
    assertEquals("Domain one", FirmwareRow.of(facts("one"), DEVICES).what());
    assertEquals(List.of("0A  BlockIo, VirtioDevice | VenHw(2) | Block driver, Partitions | ", "01  no driver | VenHw(1) |  | "), board
        .below().stream().map(FirmwareRowTest::text).toList());
    List<FirmwareRow> disk = board.below().getFirst().below();
    assertEquals(List.of("VirtioDevice |  | mmio | ", "BlockIo |  | Block driver | efi.blk 1.0.0", "0B  no driver | /HD(1) |  | "), disk
        .stream().map(FirmwareRowTest::text).toList());
    assertEquals(List.of("Block driver | by driver |  | efi.blk 1.0.0"), disk.getFirst().below().stream().map(FirmwareRowTest::text)
        .toList());
    assertEquals(List.of("by driver", "by child  0B"), disk.get(1).below().stream().map(FirmwareRow::path).toList());
  }

  @Test
  void theChainHasARowForEachLinkWithItsBundle() {
    FirmwareRow disk = FirmwareRow.of(facts(""), DEVICES).below().getFirst();
    assertEquals(List.of("VirtioDevice | 0A  VenHw(2) | mmio | ", "BlockIo | 0A  VenHw(2) | Block driver | efi.blk 1.0.0"), disk.chain(
        DEVICES)
        .stream().map(FirmwareRowTest::text).toList());
    assertEquals(1, disk.below().getFirst().chain(DEVICES).size(), "of the first protocol");
    assertEquals(Optional.of("org.xenolith.efi.blk"), disk.chain(DEVICES).getLast().provider().map(DeviceFact::bundle));
    assertEquals(List.of(), FirmwareRow.of(facts(""), DEVICES).chain(DEVICES), "of all");
  }

  @Test
  void aRowIsTheSameWhateverIsKnownOfIt() {
    FirmwareRow disk = FirmwareRow.of(facts(""), DEVICES).below().getFirst();
    FirmwareRow later = FirmwareRow.of(facts(""), List.of()).below().getFirst();
    assertEquals(disk, later);
    assertEquals(disk.hashCode(), later.hashCode());
    assertEquals(disk.below().get(1), later.below().get(1));
    assertNotEquals(disk.below().get(1).bundle(), later.below().get(1).bundle());
    assertNotEquals(disk, FirmwareRow.of(facts("one"), DEVICES).below().getFirst(), "another firmware's");
    assertNotEquals(disk, disk.below().getFirst());
  }
}
