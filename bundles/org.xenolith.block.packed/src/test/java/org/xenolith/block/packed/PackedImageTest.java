// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.packed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.regs.StateRecord;

class PackedImageTest {
  /** Not a whole number of sectors, pieces or blocks, with zeros between. */
  private static final int SIZE = 700_001;

  @TempDir
  private Path folder;
  private final List<String> told = new ArrayList<>();

  private static byte[] content(long seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    Arrays.fill(bytes, 8192, 400_000, (byte) 0);
    bytes[0] = 'x';
    return bytes;
  }

  /** In two members, as two files one after the other. */
  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int half = 0; half < 2; half++) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(bytes, half * (bytes.length / 2), half == 0 ? bytes.length / 2 : bytes.length - bytes.length / 2);
      }
    }
    return out.toByteArray();
  }

  private static byte[] xz(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(out, new LZMA2Options(1))) {
      xz.write(bytes);
    }
    return out.toByteArray();
  }

  /** In blocks as they are (RFC 8878, 3.1.1). */
  private static byte[] zstd(byte[] bytes) {
    ByteBuffer out = ByteBuffer.allocate(bytes.length + 1000).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0xFD2F_B528).put((byte) 0x80).put((byte) (10 << 3)).putInt(bytes.length);
    for (int at = 0; at < bytes.length; at += 100_000) {
      int size = Math.min(100_000, bytes.length - at);
      int header = size << 3 | (at + size == bytes.length ? 1 : 0);
      out.put((byte) header).put((byte) (header >> 8)).put((byte) (header >> 16)).put(bytes, at, size);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private PackedComponent format() {
    return new PackedComponent(folder.resolve("cache"));
  }

  private BlockDevice open(Path file) throws IOException {
    return format().open(file.toString(), Mode.OVERLAY, Map.of(), told::add);
  }

  private String refused(Path file, Mode mode, Map<String, String> settings) throws IOException {
    String says = assertThrows(IOException.class, () -> format().open(file.toString(), mode, settings, told::add)).getMessage();
    assertTrue(says.startsWith(file.toString() + ": "), says);
    assertEquals(List.of(), images());
    return says;
  }

  /** What is kept, and anything that was left. */
  private List<String> images() throws IOException {
    if (!Files.exists(folder.resolve("cache"))) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder.resolve("cache"))) {
      return all.map(one -> one.getFileName().toString()).filter(name -> !name.equals("lock")).toList();
    }
  }

  private static byte[] all(BlockDevice disk) throws IOException {
    byte[] bytes = new byte[(int) disk.sectors() * BlockDevice.SECTOR];
    disk.read(0, bytes, 0, (int) disk.sectors());
    return bytes;
  }

  @Test
  void eachPackingReadsAsWhatWasPackedAndIsUnpackedOnce() throws IOException {
    byte[] content = content(1);
    byte[] disk = Arrays.copyOf(content, (SIZE + 511) / 512 * 512);
    for (byte[] packed : List.of(gzip(content), xz(content), zstd(content))) {
      Path file = Files.write(folder.resolve("disk.img.packed"), packed);
      assertTrue(format().recognises(Arrays.copyOf(packed, 512), new byte[0]));
      told.clear();
      try (BlockDevice first = open(file)) {
        assertArrayEquals(disk, all(first));
        assertTrue(told.getFirst().contains("unpacking it once"), told.toString());
        told.clear();
        try (BlockDevice second = open(file)) {
          byte[] sector = new byte[512];
          Arrays.fill(sector, (byte) 7);
          second.write(3, sector, 0, 1);
          byte[] read = new byte[512];
          second.read(3, read, 0, 1);
          assertArrayEquals(sector, read);
        }
        assertEquals(List.of(), told);
        assertArrayEquals(disk, all(first));
      }
    }
  }

  @Test
  void anotherFileOfTheSameNameIsAnotherDiskAlsoToASnapshot() throws IOException {
    Path file = Files.write(folder.resolve("disk.gz"), gzip(content(1)));
    StateRecord record;
    try (BlockDevice disk = open(file)) {
      disk.write(0, new byte[512], 0, 1);
      record = disk.save();
    }
    try (BlockDevice same = open(file)) {
      same.restore(record);
      assertEquals(0, all(same)[0]);
    }
    Files.write(file, gzip(content(2)));
    try (BlockDevice other = open(file)) {
      assertArrayEquals(Arrays.copyOf(content(2), 512), Arrays.copyOf(all(other), 512));
      assertTrue(assertThrows(IOException.class, () -> other.restore(record)).getMessage().contains("another base image"));
    }
  }

  @Test
  void whatCanNotBeADiskIsRefusedAndLeavesNothing() throws IOException {
    Path file = folder.resolve("disk.xz");
    for (byte[] packed : List.of(gzip(content(1)), xz(content(1)), zstd(content(1)))) {
      Files.write(file, Arrays.copyOf(packed, packed.length / 2));
      String says = refused(file, Mode.OVERLAY, Map.of());
      assertTrue(says.contains("can't be unpacked ("), says);
    }
    byte[] qcow2 = content(1);
    ByteBuffer.wrap(qcow2).putInt(0x5146_49FB).putInt(3);
    Files.write(file, xz(qcow2));
    String foreign = refused(file, Mode.OVERLAY, Map.of());
    assertTrue(foreign.contains("what is in it is a qcow2 image") && foreign.endsWith("xz -dk " + file), foreign);
    byte[] vhd = content(1);
    System.arraycopy("conectix".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, vhd, SIZE - 512, 8);
    Files.write(file, xz(vhd));
    assertTrue(refused(file, Mode.OVERLAY, Map.of()).contains("a VHD image"));
    Files.write(file, gzip(new byte[0]));
    assertTrue(refused(file, Mode.OVERLAY, Map.of()).contains("nothing is in it"));
    Files.write(file, xz(content(1)));
    assertTrue(refused(file, Mode.WRITE_THROUGH, Map.of()).contains("leave out write, or unpack it"));
    assertTrue(refused(file, Mode.OVERLAY, Map.of("backing", ".")).contains("no setting 'backing'"));
    Files.write(file, content(1));
    assertTrue(refused(file, Mode.OVERLAY, Map.of("format", "packed")).contains("leave out format=packed"));
    assertFalse(format().recognises(content(1), new byte[0]));
  }

  @Test
  void theThreeUsedLastAreKept() throws IOException {
    for (int i = 0; i < 5; i++) {
      open(Files.write(folder.resolve("disk.gz"), gzip(content(i)))).close();
      try (Stream<Path> all = Files.list(folder.resolve("cache"))) {
        for (Path one : all.toList()) {
          Files.setLastModifiedTime(one, FileTime.fromMillis(Files.getLastModifiedTime(one).toMillis() - 10_000));
        }
      }
    }
    assertEquals(UnpackedImages.KEPT, images().size());
    told.clear();
    open(folder.resolve("disk.gz")).close();
    assertEquals(List.of(), told);
  }
}
