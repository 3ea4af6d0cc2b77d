// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.diskio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeDisk;
import org.xenolith.testkit.efi.FakeFirmware;

/** Bytes of a disk, wherever they begin and end. */
class DiskIoLayerTest {
  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final DiskIoLayer layer = new DiskIoLayer();
  private final byte[] bytes = new byte[64 << 10];
  private final FakeDisk disk = new FakeDisk(firmware, bytes, 512);

  private long connect() {
    layer.begin(firmware);
    assertEquals(0, firmware.connect(layer, disk.handle()));
    return firmware.handles().find(disk.handle(), Protocol.DISK_IO);
  }

  private long transfer(long io, int function, long at, long size, long buffer) {
    return firmware.call(firmware.memory().get64(io + function), io, 0, at, size, buffer);
  }

  @Test
  void whatIsReadAndWrittenIsWhatAnArrayHas() {
    long io = connect();
    Random random = new Random(7);
    random.nextBytes(bytes);
    byte[] expected = bytes.clone();
    long buffer = firmware.room(8192);
    for (int i = 0; i < 2000; i++) {
      int size = random.nextInt(4000);
      int at = random.nextInt(bytes.length - size);
      byte[] piece = new byte[size];
      if (random.nextBoolean()) {
        random.nextBytes(piece);
        firmware.memory().write(buffer, piece);
        assertEquals(0, transfer(io, 16, at, size, buffer));
        System.arraycopy(piece, 0, expected, at, size);
      } else {
        assertEquals(0, transfer(io, 8, at, size, buffer));
        assertArrayEquals(Arrays.copyOfRange(expected, at, at + size), firmware.memory().read(buffer, size));
      }
    }
    assertArrayEquals(expected, bytes);
  }

  @Test
  void buffersMayBeAnywhereWhateverTheDiskWants() {
    long io = connect();
    BlockMedia.align(firmware.memory(), firmware.handles().find(disk.handle(), Protocol.BLOCK_IO), 64);
    new Random(9).nextBytes(bytes);
    long buffer = firmware.room(16384);
    for (int off : new int[] {0, 1, 8, 63, 64}) {
      for (int at : new int[] {0, 100, 512}) {
        byte[] expected = bytes.clone();
        assertEquals(0, transfer(io, 8, at, 2000, buffer + off), off + " off");
        assertArrayEquals(Arrays.copyOfRange(bytes, at, at + 2000), firmware.memory().read(buffer + off, 2000), off + " off");
        System.arraycopy(expected, at, expected, at + 3000, 2000);
        assertEquals(0, transfer(io, 16, at + 3000, 2000, buffer + off), off + " off");
        assertArrayEquals(expected, bytes, off + " off");
      }
    }
  }

  @Test
  void wholeBlocksAreReadAtOnce() {
    long io = connect();
    assertEquals(0, transfer(io, 8, 100, 5000, firmware.room(8192)));
    assertEquals(List.of("read 0 1", "read 1 8", "read 9 1"), disk.requests());
  }

  @Test
  void errorsOfTheDiskAreTheCallers() {
    long io = connect();
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(transfer(io, 8, bytes.length - 100, 200, firmware.room(8192))));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(transfer(io, 8, 0, 200, 0)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(transfer(io, 8, -1, 200, firmware.room(8192))));
    disk.fails(true);
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(transfer(io, 16, 0, 200, firmware.room(8192))));
    assertEquals(0, firmware.disconnect(layer, disk.handle()));
    assertEquals(2, firmware.allocated());
  }
}
