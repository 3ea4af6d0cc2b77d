// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.testkit.efi.FatImage;

/** Files are written, as the next who mounts the volume finds them (UEFI 2.10, 13.5; Microsoft, FAT 1.03). */
class FilesWrittenTest {
  private static final int DELETE = 24;
  private static final int FLUSH = 80;

  private RandomWrites on(FatImage image) {
    return new RandomWrites(image.bytes(), 1);
  }

  @ParameterizedTest @ValueSource(ints = {12, 16, 32})
  void whateverIsWrittenIsThereAndTheVolumeIsConsistent(int bits) {
    FatImage image = new FatImage(bits, true).file("EFI/BOOT/BOOTAA64.EFI", FatLayerTest.random(9000)).file("grub/grubenv", new byte[1024])
        .file("empty", new byte[0]);
    byte[] bytes = image.bytes();
    byte[] whole = bits == 32 ? withInfo(bytes) : bytes;
    RandomWrites writes = new RandomWrites(whole, bits);
    int before = writes.bench.firmware.allocated();
    for (int i = 0; i < 300; i++) {
      writes.step();
      if (i % 10 == 0) {
        writes.check(writes.bench.image());
      }
    }
    writes.check(writes.bench.image());
    assertTrue(writes.expected.size() > 8, "files that there are");
    assertEquals(before, writes.bench.firmware.allocated(), "pages and files");
  }

  /** A sector that tells how many clusters are free, which FatImage makes none of. */
  static byte[] withInfo(byte[] image) {
    ByteBuffer out = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    Volume volume = Volume.of(image, image.length).orElseThrow();
    int free = 0;
    for (int i = 2; i < volume.clusters() + 2; i++) {
      free += (out.getInt((int) volume.tableAt() + 4 * i) & 0x0FFF_FFFF) == 0 ? 1 : 0;
    }
    out.putShort(48, (short) 1).putInt(512, 0x4161_5252).putInt(512 + 484, 0x6141_7272).putInt(512 + 488, free).putInt(512 + 492, 2)
        .putShort(
            512 + 510, (short) 0xAA55);
    return image;
  }

  @Test
  void aFullVolumeSaysSoAndLosesNothing() {
    RandomWrites writes = on(new FatImage(12, false).file("f", new byte[10]));
    long file = writes.opened("f", 3, 0);
    byte[] much = FatLayerTest.random(1_500_000);
    assertEquals(EfiStatus.SUCCESS, writes.write(file, much));
    int done = writes.bench.writes.size();
    assertEquals(EfiStatus.VOLUME_FULL, writes.write(file, much), "more than there is");
    assertEquals(done, writes.bench.writes.size(), "nothing is written of it");
    assertEquals(EfiStatus.SUCCESS, writes.write(file, Arrays.copyOf(much, 500)));
    byte[] expected = Arrays.copyOf(much, much.length + 500);
    System.arraycopy(much, 0, expected, much.length, 500);
    writes.expected.put("f", expected);
    writes.check(writes.bench.image());
  }

  @Test
  void aRootDirectoryWithAnEndBecomesFull() {
    RandomWrites writes = on(new FatImage(16, false).file("f", new byte[1]));
    int made = 0;
    while (writes.full() == 0) {
      assertTrue(made < 600, "the root has room for 512");
      String name = "FILE" + made + ".TXT";
      if (writes.opened(name, RandomWrites.CREATING, 0) != 0) {
        writes.expected.put(name, new byte[0]);
        made++;
      }
    }
    assertEquals(512 - 2, made, "f has a long name");
    writes.check(writes.bench.image());
  }

  /** What was opened twice is one file: what one handle makes of it the other has. */
  @Test
  void handlesOfOneFileAgree() {
    RandomWrites writes = on(new FatImage(16, false).file("f", FatLayerTest.random(600)));
    FatLayerTest bench = writes.bench;
    long one = writes.opened("f", 3, 0);
    long other = writes.opened("f", 3, 0);
    byte[] first = bench.read(other, 600);
    assertEquals(0, bench.call(one, FatLayerTest.SET_POSITION, -1));
    assertEquals(EfiStatus.SUCCESS, writes.write(one, new byte[] {1, 2, 3}));
    assertArrayEquals(new byte[] {1, 2, 3}, bench.read(other, 600), "what was written behind the old end");
    assertEquals(EfiStatus.SUCCESS, writes.write(other, new byte[] {4}));
    byte[] expected = Arrays.copyOf(first, 604);
    System.arraycopy(new byte[] {1, 2, 3, 4}, 0, expected, 600, 4);
    writes.expected.put("f", expected);
    writes.check(bench.image());
    assertEquals(EfiStatus.SUCCESS, writes.set(other, -1, "another name of it"));
    assertEquals(EfiStatus.SUCCESS, writes.write(one, new byte[] {5}), "by the handle that had the old name");
    assertEquals(0, bench.call(other, DELETE));
    long size = bench.firmware.room(8);
    bench.firmware.memory().put64(size, 1);
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(bench.call(one, FatLayerTest.READ, size, bench.firmware.room(8))), "what is gone");
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(bench.call(one, 40, size, bench.firmware.room(8))), "what is gone");
    assertEquals(0, bench.call(one, FatLayerTest.CLOSE));
    writes.expected.remove("f");
    writes.check(bench.image());
  }

  @Test
  void whatWasOpenedToBeReadIsNotWritten() {
    RandomWrites writes = on(new FatImage(16, false).file("d/f", new byte[5]));
    long file = writes.opened("d/f", 1, 0);
    assertEquals(EfiStatus.ACCESS_DENIED, writes.write(file, new byte[1]));
    assertEquals(EfiStatus.ACCESS_DENIED, writes.set(file, 3, null));
    assertEquals(EfiStatus.ACCESS_DENIED, writes.set(file, -1, "g"));
    assertEquals(EfiStatus.UNSUPPORTED, writes.write(writes.opened("d", 3, 0), new byte[1]), "a directory");
    assertEquals(2, writes.bench.call(file, DELETE));
    assertEquals(2, writes.bench.call(writes.bench.open(writes.bench.root, "\\", EfiStatus.SUCCESS), DELETE), "the root");
    assertEquals(0, writes.bench.writes.size());
    writes.check(writes.bench.image());
  }

  @Test
  void noNameIsRefusedAndSoIsOneThatIsTaken() {
    RandomWrites writes = on(new FatImage(16, false).file("f", new byte[5]).file("g", new byte[1]));
    long to = writes.bench.firmware.room(8);
    for (String name : new String[] {"a:b", "what?", "a*", "end.", "end ", "a\tb", "x".repeat(256)}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, writes.open(name, RandomWrites.CREATING, 0, to), name);
    }
    long file = writes.opened("f", 3, 0);
    assertEquals(EfiStatus.ACCESS_DENIED, writes.set(file, -1, "G"));
    assertEquals(EfiStatus.INVALID_PARAMETER, writes.set(file, -1, "a|b"));
    assertEquals(0, writes.bench.writes.size());
    assertEquals(EfiStatus.SUCCESS, writes.set(file, -1, "F"), "the same in capitals");
    writes.expected.put("F", writes.expected.remove("f"));
    writes.check(writes.bench.image());
  }

  /** Entries get the machine's time; without a clock the first day that they can have. */
  @Test
  void entriesHaveTheClocksTime() {
    RandomWrites writes = on(new FatImage(16, false).file("f", new byte[5]));
    FatLayerTest bench = writes.bench;
    long services = bench.firmware.room(64);
    bench.firmware.memory().put64(bench.firmware.systemTable() + 88, services);
    bench.firmware.memory().put64(services + 24, bench.firmware.guest(call -> {
      call.firmware().memory().write(call.argument(0), new byte[] {(byte) 0xEA, 7, 12, 1, 13, 37, 42, 0, 0, 0, 0, 0, 0, 0, 0, 0});
      return org.xenolith.efi.boot.api.EfiStep.done();
    }));
    long file = writes.opened("NEW.TXT", RandomWrites.CREATING, 0);
    assertEquals(EfiStatus.SUCCESS, writes.write(file, "x".getBytes(StandardCharsets.US_ASCII)));
    Volume volume = Volume.of(bench.image(), bench.image().length).orElseThrow();
    ByteBuffer in = ByteBuffer.wrap(bench.image()).order(ByteOrder.LITTLE_ENDIAN);
    int at = (int) volume.rootAt() + 2 * 32;
    assertEquals("NEW     TXT", new String(bench.image(), at, 11, StandardCharsets.US_ASCII));
    int expected = (46 << 9 | 12 << 5 | 1) << 16 | 13 << 11 | 37 << 5 | 21;
    assertEquals(expected, in.getInt(at + 14), "when it was made");
    assertEquals(expected, in.getInt(at + 22), "when it was changed");
    assertEquals(0x20, in.get(at + 11), "to be archived");
  }

  /** Data, both tables, entry: who loses power in between has clusters that nobody has, never a file with somebody else's. */
  @Test
  void theEntryIsWrittenLastAndWhatShrinksFirst() {
    RandomWrites writes = on(new FatImage(16, false).file("f", new byte[5]));
    FatLayerTest bench = writes.bench;
    Volume volume = Volume.of(bench.image(), bench.image().length).orElseThrow();
    long file = writes.opened("f", 3, 0);
    assertEquals(EfiStatus.SUCCESS, writes.write(file, new byte[3000]));
    assertTrue(bench.writes.getFirst() >= volume.dataAt(), "data");
    assertTrue(bench.writes.getLast() >= volume.rootAt() && bench.writes.getLast() < volume.dataAt(), "the entry");
    bench.writes.clear();
    assertEquals(EfiStatus.SUCCESS, writes.set(file, 0, null));
    assertTrue(bench.writes.getFirst() >= volume.rootAt() && bench.writes.getFirst() < volume.dataAt(), "the entry");
  }

  @Test
  void aDiskThatFailsIsAnErrorAndNothingStaysAllocated() {
    RandomWrites writes = on(new FatImage(16, false).file("f", new byte[5]));
    FatLayerTest bench = writes.bench;
    long file = writes.opened("f", 3, 0);
    int before = bench.firmware.allocated();
    bench.bad = 32 * 512;
    assertEquals(EfiStatus.DEVICE_ERROR, writes.write(file, new byte[3000]));
    long to = bench.firmware.room(8);
    assertEquals(EfiStatus.DEVICE_ERROR, writes.open("dir", RandomWrites.CREATING, 0x10, to));
    assertEquals(before, bench.firmware.allocated());
  }

  @Test
  void flushReachesTheDisk() {
    RandomWrites writes = on(new FatImage(16, false).file("f", new byte[5]));
    FatLayerTest bench = writes.bench;
    long block = bench.firmware.handles().find(bench.disk.handle(), Protocol.BLOCK_IO);
    int[] flushed = new int[1];
    bench.firmware.memory().put64(block + BlockMedia.FLUSH, bench.firmware.guest(call -> {
      flushed[0]++;
      return org.xenolith.efi.boot.api.EfiStep.done(EfiStatus.DEVICE_ERROR);
    }));
    assertEquals(0, bench.call(writes.opened("f", 1, 0), FLUSH), "nothing was written by it");
    assertEquals(0, flushed[0]);
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(bench.call(writes.opened("f", 3, 0), FLUSH)));
    assertEquals(1, flushed[0]);
  }
}
