// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FatImage;

/** Volumes that say they are longer than their partition: 33 sectors where one was made up to a disk's end, which a GPT has its backup at. */
class LongVolumeTest {
  private static final int SECTOR = 512;
  private static final int BACKUP = 33;
  private static final int TABLE = 32 * SECTOR;

  private final FatLayerTest bench = new FatLayerTest();
  private final byte[] content = FatLayerTest.random(3000);
  private final byte[] other = FatLayerTest.random(1500);

  private byte[] whole(int bits) {
    return new FatImage(bits, false).file("a", content).file("b", other).bytes();
  }

  private static byte[] cut(byte[] whole, int sectors) {
    return Arrays.copyOf(whole, whole.length - sectors * SECTOR);
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 16, 32})
  void filesThatAreThereAreRead(int bits) {
    assertEquals(EfiStatus.SUCCESS, EfiStatus.of(bench.mount(cut(whole(bits), BACKUP))));
    assertArrayEquals(content, bench.read(bench.open(bench.root, "a", EfiStatus.SUCCESS), 4000));
  }

  /** Cluster 2 is the first file's; it is made to go on in the volume's last cluster but one, the first behind the partition, or the last inside. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, BACKUP - 1})
  void onlyWhatLiesBehindThePartitionIsCorrupted(int behind) {
    byte[] whole = whole(16);
    ByteBuffer out = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    int last = 2 + 6000 - BACKUP + behind;
    out.putShort(TABLE + 2 * 2, (short) last).putShort(TABLE + 2 * last, (short) 3);
    byte[] image = cut(whole, BACKUP);
    assertEquals(EfiStatus.SUCCESS, EfiStatus.of(bench.mount(image)));
    long file = bench.open(bench.root, "a", EfiStatus.SUCCESS);
    long size = bench.firmware.room(8);
    long buffer = bench.firmware.room(4096);
    bench.firmware.memory().put64(size, 2 * SECTOR);
    assertEquals(behind < 0 ? EfiStatus.SUCCESS : EfiStatus.VOLUME_CORRUPTED, EfiStatus.of(bench.call(file, FatLayerTest.READ, size,
        buffer)));
    assertEquals(0, bench.call(file, FatLayerTest.SET_POSITION, 0));
    assertArrayEquals(Arrays.copyOf(content, SECTOR), bench.read(file, SECTOR), "the cluster before it");
    assertArrayEquals(other, bench.read(bench.open(bench.root, "b", EfiStatus.SUCCESS), 4000), "another file");
  }

  /** What is read ahead ends where the partition does: the disk is asked for nothing behind it. */
  @Test
  void nothingBehindThePartitionIsReadAhead() {
    byte[] whole = whole(16);
    int last = 2 + 6000 - BACKUP - 1;
    ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putShort(TABLE + 2 * 2, (short) last).putShort(TABLE + 2 * last, (short) (last
        + 1)).putShort(TABLE + 2 * (last + 1), (short) -1);
    assertEquals(EfiStatus.SUCCESS, EfiStatus.of(bench.mount(cut(whole, BACKUP))));
    long file = bench.open(bench.root, "a", EfiStatus.SUCCESS);
    assertEquals(0, bench.call(file, FatLayerTest.SET_POSITION, SECTOR));
    int before = bench.requests;
    assertEquals(100, bench.read(file, 100).length);
    assertEquals(before + 1, bench.requests);
  }

  /** What comes before the clusters has to be there. */
  @ParameterizedTest
  @ValueSource(ints = {12, 16, 32})
  void tablesThatArentThereAreNoVolume(int bits) {
    byte[] whole = whole(bits);
    Volume volume = Volume.of(whole, whole.length).orElseThrow();
    assertEquals(volume, Volume.of(whole, volume.dataAt()).orElseThrow());
    assertEquals(true, Volume.of(whole, volume.dataAt() - 1).isEmpty());
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(bench.mount(Arrays.copyOf(whole, (int) volume.dataAt() - SECTOR))));
    assertEquals(0, bench.firmware.handles().find(bench.disk.handle(), Protocol.SIMPLE_FILE_SYSTEM));
  }
}
