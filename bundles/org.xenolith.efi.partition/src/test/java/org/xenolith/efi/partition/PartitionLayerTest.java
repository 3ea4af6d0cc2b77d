// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.partition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.DiscImage;
import org.xenolith.testkit.efi.FakeDisk;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.GptImage;

/** Partitions by both kinds of tables, whole and damaged. */
class PartitionLayerTest {
  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  final PartitionLayer layer = new PartitionLayer();
  private final byte[] volume = new byte[512 * 100];
  FakeDisk disk;

  private long connect(byte[] bytes) {
    return connect(bytes, 512);
  }

  void hardware(byte[] bytes, int blockSize) {
    disk = new FakeDisk(firmware, bytes, blockSize);
    long io = firmware.room(24);
    firmware.memory().put64(io + 8, firmware.guest(call -> {
      call.firmware().memory().write(call.argument(4), Arrays.copyOfRange(bytes, (int) call.argument(2), (int) (call.argument(2) + call
          .argument(
              3))));
      return EfiStep.done();
    }));
    firmware.handles().install(disk.handle(), Protocol.DISK_IO, io);
  }

  private long connect(byte[] bytes, int blockSize) {
    hardware(bytes, blockSize);
    layer.begin(firmware);
    return firmware.connect(layer, disk.handle());
  }

  private List<Long> children() {
    return firmware.handles().handles(Protocol.BLOCK_IO).stream().filter(handle -> handle != disk.handle()).toList();
  }

  private void isThePartition() {
    assertEquals(1, children().size());
    long child = children().getFirst();
    assertTrue(firmware.handles().has(child, Protocol.ESP));
    long block = firmware.handles().find(child, Protocol.BLOCK_IO);
    assertEquals(100, BlockMedia.blocks(firmware.memory(), block));
    long buffer = firmware.room(1024);
    long read = firmware.memory().get64(block + BlockMedia.READ);
    assertEquals(0, firmware.call(read, block, 0, 98, 1024, buffer));
    assertArrayEquals(Arrays.copyOfRange(volume, 98 * 512, 100 * 512), firmware.memory().read(buffer, 1024));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(read, block, 0, 99, 1024, buffer)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(read, block, 0, -1, 512, buffer)));
    assertEquals(EfiStatus.BAD_BUFFER_SIZE, EfiStatus.of(firmware.call(read, block, 0, 0, 100, buffer)));
    byte[] path = DevicePath.read(firmware.memory(), firmware.handles().find(child, Protocol.DEVICE_PATH));
    ByteBuffer node = ByteBuffer.wrap(path, 6, 42).slice().order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0x002A_0104, node.getInt(0));
    assertEquals(1, node.getInt(4));
    assertEquals(GptImage.FIRST, node.getLong(8));
    assertEquals(100, node.getLong(16));
    assertEquals(0x0202, node.getShort(40));
    long information = firmware.handles().find(child, Protocol.PARTITION_INFO);
    assertEquals(List.of(0x1000L, 2L, 1L), List.of(firmware.memory().get32(information), firmware.memory().get32(information + 4), firmware
        .memory()
        .get64(information + 8)));
    assertArrayEquals(Protocol.ESP.toBytes(), firmware.memory().read(information + 16, 16));
    assertEquals(GptImage.FIRST, firmware.memory().get64(information + 16 + 32));
  }

  @Test
  void partitionsOfAGptAreChildren() {
    new Random(1).nextBytes(volume);
    assertEquals(0, connect(GptImage.of(volume)));
    isThePartition();
    assertEquals(List.of(), firmware.reports());
    assertEquals(0, firmware.disconnect(layer, disk.handle(), children().getFirst()));
    assertEquals(List.of(), children());
    assertEquals(2, firmware.allocated(), "the driver's binding and its name");
    assertEquals(0, firmware.connect(layer, disk.handle()));
  }

  @Test
  void theTableAtTheEndStandsInAndItIsSaid() {
    for (int damaged : new int[] {512 + 20, 512 + 88, 1024 + 40}) {
      byte[] bytes = GptImage.of(volume);
      bytes[damaged] ^= 1;
      PartitionLayerTest fresh = new PartitionLayerTest();
      System.arraycopy(volume, 0, fresh.volume, 0, volume.length);
      assertEquals(0, fresh.connect(bytes));
      fresh.isThePartition();
      assertTrue(fresh.firmware.reports().getFirst().contains("the one at its end is used"), fresh.firmware.reports()::toString);
    }
  }

  @Test
  void aDiskWithoutAWholeTableHasNoPartitions() {
    byte[] bytes = GptImage.of(volume);
    bytes[512 + 20] ^= 1;
    bytes[bytes.length - 512 + 20] ^= 1;
    assertEquals(EfiStatus.NOT_FOUND, EfiStatus.of(connect(bytes)));
    assertEquals(List.of(), children());
    assertEquals(2, firmware.allocated());
    assertEquals(EfiStatus.NOT_FOUND, EfiStatus.of(new PartitionLayerTest().connect(new byte[100 * 512])));
  }

  @Test
  void partitionsOfAnMbrAreChildren() {
    byte[] bytes = new byte[512 * 300];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(440, 0x1234_5678).put(450, (byte) 0xEF).putInt(454, 100).putInt(458, 50)
        .put(466,
            (byte) 0x83).putInt(470, 120).putInt(474, 50).put(482, (byte) 0x83).putInt(486, 200).putInt(490, 100).putShort(510,
                (short) 0xAA55);
    assertEquals(0, connect(bytes));
    assertEquals(2, children().size(), "that which overlaps another isn't one");
    assertTrue(firmware.handles().has(children().getFirst(), Protocol.ESP));
    long information = firmware.handles().find(children().getFirst(), Protocol.PARTITION_INFO);
    assertEquals(List.of(1L, 1L), List.of(firmware.memory().get32(information + 4), firmware.memory().get64(information + 8)));
    assertArrayEquals(Arrays.copyOfRange(bytes, 446, 462), firmware.memory().read(information + 16, 16));
  }

  @Test
  void noTableThrows() {
    byte[] good = GptImage.of(volume);
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] header = Arrays.copyOfRange(good, 512, 1024);
      byte[] first = Arrays.copyOf(good, 512);
      for (int k = random.nextInt(5); k >= 0; k--) {
        header[random.nextInt(92)] = (byte) random.nextInt();
        first[440 + random.nextInt(72)] = (byte) random.nextInt();
      }
      assertTrue(Arrays.equals(header, Arrays.copyOfRange(good, 512, 1024)) || Gpt.header(header, 1, good.length / 512).isEmpty());
      Mbr.partitions(first, good.length / 512).forEach(each -> assertTrue(each.first() > 0));
    }
  }

  @Test
  void aDiscsBootImageIsAPartition() {
    byte[] image = DiscImage.of(volume);
    assertEquals(0, connect(image, DiscImage.BLOCK));
    long child = children().getFirst();
    String path = DevicePathText.of(DevicePath.read(firmware.memory(), firmware.handles().find(child, Protocol.DEVICE_PATH)));
    assertEquals("Pci(0x2,0x1)/CDROM(0x0,0x14,0x19)", path);
    long block = firmware.handles().find(child, Protocol.BLOCK_IO);
    assertEquals(25, BlockMedia.blocks(firmware.memory(), block));
    long buffer = firmware.room(2048);
    assertEquals(0, firmware.call(firmware.memory().get64(block + BlockMedia.READ), block, 0, 24, 2048, buffer));
    assertArrayEquals(Arrays.copyOfRange(volume, 24 * 2048, 25 * 2048), firmware.memory().read(buffer, 2048));
    assertEquals(0, firmware.disconnect(layer, disk.handle(), child));
    assertEquals(2, firmware.allocated());
  }

  /** On a device with blocks of 512 bytes, such as a memory stick that a disc was copied to. */
  @Test
  void aCatalogueThatMakesNoSenseIsNone() {
    assertEquals(0, connect(DiscImage.of(volume)));
    assertEquals(100, BlockMedia.blocks(firmware.memory(), firmware.handles().find(children().getFirst(), Protocol.BLOCK_IO)));
    int catalog = DiscImage.CATALOG * DiscImage.BLOCK;
    for (int[] change : new int[][] {{catalog + 4, 1}, {catalog + 30, 0}, {catalog + 32, 0}, {catalog + 33, 2}, {catalog + 42, 1}, {17
        * 2048 + 0x49, 9}, {17 * 2048 + 10, 'X'}}) {
      PartitionLayerTest other = new PartitionLayerTest();
      byte[] image = DiscImage.of(volume);
      image[change[0]] = (byte) change[1];
      assertEquals(EfiStatus.NOT_FOUND, EfiStatus.of(other.connect(image)), "byte " + change[0]);
    }
  }
}
