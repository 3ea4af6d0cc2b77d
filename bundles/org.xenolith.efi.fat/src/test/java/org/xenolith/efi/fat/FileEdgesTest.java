// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeRam;
import org.xenolith.testkit.efi.FatImage;

/** Where files, directories, paths and volumes end, lie in pieces, or aren't what they are taken for. */
class FileEdgesTest {
  private static final int SECTOR = 512;
  private static final int ENTRY = 32;
  private static final int RESERVED = 32;
  private static final int PER_TABLE = 25; // FatImage's with 16 bits
  private static final int ROOT_AT = (RESERVED + 2 * PER_TABLE) * SECTOR;
  private static final int ROOT_SIZE = 512 * ENTRY;
  private static final long READING = 1;
  private static final long WRITING = 2;
  private static final long CREATING = 1L << 63;
  private static final int GET_INFO = 64;
  private static final int OPEN_EX = 88;
  private static final EfiGuid FILE = EfiGuid.of("09576e92-6d3f-11d2-8e39-00a0c969723b");
  private static final EfiGuid SYSTEM = EfiGuid.of("09576e93-6d3f-11d2-8e39-00a0c969723b");
  private static final EfiGuid LABEL = EfiGuid.of("db47d7d3-fe81-11d3-9a35-0090273fc14d");
  private static final long NOWHERE = FakeRam.BASE + (1L << 40);

  private final FatLayerTest bench = new FatLayerTest();

  private FileEdgesTest mount(FatImage image) {
    return mount(image.bytes());
  }

  private FileEdgesTest mount(byte[] image) {
    assertEquals(EfiStatus.SUCCESS, EfiStatus.of(bench.mount(image)));
    return this;
  }

  private EfiStatus open(long from, String path, long mode, long to) {
    long text = bench.firmware.room(2 * path.length() + 2);
    bench.firmware.memory().write(text, (path + '\0').getBytes(StandardCharsets.UTF_16LE));
    return EfiStatus.of(bench.call(from, FatLayerTest.OPEN, to, text, mode, 0));
  }

  private ByteBuffer info(long file, EfiGuid kind) {
    long guid = bench.firmware.room(16);
    bench.firmware.memory().write(guid, kind.toBytes());
    long size = bench.firmware.room(8);
    long buffer = bench.firmware.room(1024);
    bench.firmware.memory().put64(size, 1024);
    assertEquals(0, bench.call(file, GET_INFO, guid, size, buffer));
    return ByteBuffer.wrap(bench.firmware.memory().read(buffer, (int) bench.firmware.memory().get64(size))).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String name(long file) {
    ByteBuffer told = info(file, FILE);
    return new String(told.array(), 80, told.capacity() - 82, StandardCharsets.UTF_16LE);
  }

  private long system() {
    return bench.firmware.handles().find(bench.disk.handle(), Protocol.SIMPLE_FILE_SYSTEM);
  }

  private EfiStatus range(long cluster, long offset, long size, long buffer) {
    return EfiStatus.of(bench.firmware.call(bench.firmware.function(bench.layer, "ReadRange"), system(), cluster, offset, size, buffer, 0));
  }

  /** Bytes that are an entry of a file X, as a directory has it. */
  private static byte[] likeADirectory() {
    byte[] bytes = new byte[SECTOR];
    System.arraycopy("X          ".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 11);
    bytes[11] = 0x20;
    return bytes;
  }

  /** Where an entry with a short name, or the last part of such, is; FatImage numbers those of its files. */
  private static int entry(byte[] image, String shortName, int from) {
    byte[] wanted = "%-11s".formatted(shortName).getBytes(StandardCharsets.US_ASCII);
    for (int at = from; at + ENTRY <= image.length; at += ENTRY) {
      if (Arrays.equals(image, at, at + 11, wanted, 0, 11) && image[at + 11] != 0x0F) {
        return at;
      }
    }
    throw new AssertionError(shortName + ": no such entry");
  }

  @Test
  void aFileIsNoDirectoryWhateverIsInIt() {
    mount(new FatImage(16, false).file("f", likeADirectory()));
    long file = bench.open(bench.root, "f", EfiStatus.SUCCESS);
    bench.open(file, "x", EfiStatus.NOT_FOUND);
    bench.open(bench.root, "f\\x", EfiStatus.NOT_FOUND);
    bench.open(file, "\\f", EfiStatus.SUCCESS);
  }

  @Test
  void nothingCanBeMadeAboveTheRoot() {
    mount(new FatImage(16, false).file("d/f", new byte[1]));
    long to = bench.firmware.room(8);
    long all = CREATING | WRITING | READING;
    assertEquals(EfiStatus.NOT_FOUND, open(bench.root, "..", all, to));
    assertEquals(EfiStatus.NOT_FOUND, open(bench.root, "..\\..\\new", all, to));
    assertEquals(EfiStatus.NOT_FOUND, open(bench.root, "none\\new", all, to));
    assertEquals(List.of(), bench.writes);
  }

  @Test
  void whatIsNotOpenedToBeWrittenIsNoFile() {
    byte[] image = new FatImage(16, false).file("f", new byte[1]).bytes();
    image[entry(image, "N000001", ROOT_AT) + 11] |= 1;
    mount(image);
    long to = bench.firmware.room(8);
    bench.firmware.memory().put64(to, 7);
    int before = bench.firmware.allocated();
    assertEquals(EfiStatus.ACCESS_DENIED, open(bench.root, "f", WRITING | READING, to));
    assertEquals(7, bench.firmware.memory().get64(to));
    assertEquals(before, bench.firmware.allocated());
  }

  @Test
  void aParentIsFoundAmongAllOfItsOwnParent() {
    mount(new FatImage(16, false).file("0/f", new byte[1]).file("a/0/f", new byte[1]).file("a/b/0/f", new byte[1]).file("a/b/c/f",
        new byte[1]));
    long deep = bench.open(bench.root, "a\\b\\c", EfiStatus.SUCCESS);
    assertEquals("b", name(bench.open(deep, "..", EfiStatus.SUCCESS)));
    assertEquals("a", name(bench.open(deep, "..\\..", EfiStatus.SUCCESS)));
    assertEquals("", name(bench.open(deep, "..\\..\\..", EfiStatus.SUCCESS)));
  }

  /** As of a volume that was made without them. */
  @Test
  void aDirectoryWithoutAnEntryOfItsParentIsTheRoots() {
    byte[] image = new FatImage(16, false).file("a/b/f", new byte[1]).bytes();
    ByteBuffer out = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    int a = (out.getShort(entry(image, "N000003", ROOT_AT) + 26) - 2) * SECTOR + ROOT_AT + ROOT_SIZE;
    assertEquals('.', image[a + ENTRY + 1]);
    image[a + ENTRY] = (byte) 0xE5;
    mount(image);
    long b = bench.open(bench.root, "a\\b", EfiStatus.SUCCESS);
    assertEquals("a", name(bench.open(b, "..", EfiStatus.SUCCESS)));
  }

  @Test
  void aParentThatNoDirectoryIsIsACorruptedVolume() {
    byte[] image = new FatImage(16, false).file("zeros", new byte[SECTOR]).file("a/f", new byte[1]).bytes();
    ByteBuffer out = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    int dots = entry(image, "..", ROOT_AT);
    out.putShort(dots + 26, out.getShort(entry(image, "N000001", ROOT_AT) + 26));
    mount(image);
    bench.open(bench.open(bench.root, "a", EfiStatus.SUCCESS), "..", EfiStatus.VOLUME_CORRUPTED);
  }

  /** The disk gives each cluster by itself; all of them count, each at its place. */
  @Test
  void aDirectoryInPiecesIsReadWhole() {
    FatImage image = new FatImage(16, true);
    for (int i = 0; i < 60; i++) {
      image.file("d/file " + i, new byte[] {(byte) i});
    }
    mount(image);
    for (int i = 0; i < 60; i++) {
      assertArrayEquals(new byte[] {(byte) i}, bench.read(bench.open(bench.root, "d\\file " + i, EfiStatus.SUCCESS), 9));
    }
  }

  /** Two MiB of a directory, or a cluster more, by links in the table as it is in memory. */
  @Test
  void aDirectoryHasTwoMebibytesAtMost() {
    mount(new FatImage(16, false).file("d/f", new byte[1]));
    long first = bench.firmware.numbers(bench.layer, bench.open(bench.root, "d", EfiStatus.SUCCESS))[Files.CLUSTER];
    long table = bench.firmware.numbers(bench.layer, system())[FatLayer.TABLE];
    int last = (int) first + (2 << 20) / SECTOR - 1;
    for (int i = (int) first; i < last; i++) {
      bench.firmware.memory().put16(table + 2L * i, i + 1);
    }
    bench.firmware.memory().put16(table + 2L * last, 0xFFFF);
    bench.open(bench.root, "d\\f", EfiStatus.SUCCESS);
    bench.firmware.memory().put16(table + 2L * last, last + 1);
    bench.firmware.memory().put16(table + 2L * (last + 1), 0xFFFF);
    bench.open(bench.root, "d\\f", EfiStatus.VOLUME_CORRUPTED);
    bench.firmware.memory().put16(table + 2 * first, 0);
    int before = bench.firmware.allocated();
    bench.open(bench.root, "d\\f", EfiStatus.VOLUME_CORRUPTED);
    assertEquals(before, bench.firmware.allocated(), "a chain into nowhere");
  }

  @Test
  void aDirectoryHasNoSizeWhateverItsEntrySays() {
    byte[] image = new FatImage(16, false).file("d/f", new byte[1]).bytes();
    ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(entry(image, "N000002", ROOT_AT) + 28, 4711);
    mount(image);
    assertEquals(0, info(bench.open(bench.root, "d", EfiStatus.SUCCESS), FILE).getLong(8));
  }

  @Test
  void timesAreDateAndTimeOfDay() {
    int late = (127 << 9 | 12 << 5 | 21) << 16 | 23 << 11 | 58 << 5 | 29;
    int early = (1 << 9 | 3 << 5 | 4) << 16 | 1 << 11 | 2 << 5 | 3;
    ByteBuffer told = ByteBuffer.wrap(FileInformation.of(new Directory.Entry("f", "F", 0x20, 5, 513, late, early, late), SECTOR)).order(
        ByteOrder.LITTLE_ENDIAN);
    int[][] expected = {{2107, 12, 21, 23, 58, 58}, {1981, 3, 4, 1, 2, 6}, {2107, 12, 21, 23, 58, 58}};
    for (int i = 0; i < expected.length; i++) {
      int at = 24 + 16 * i;
      assertArrayEquals(expected[i], new int[] {told.getShort(at), told.get(at + 2), told.get(at + 3), told.get(at + 4), told.get(at + 5),
          told.get(at + 6)}, "time " + i);
    }
  }

  @Test
  void aFileTakesWholeClusters() {
    long[][] sizes = {{0, 0}, {1, 512}, {511, 512}, {512, 512}, {513, 1024}, {0xFFFF_FFFFL, 0x1_0000_0000L}};
    for (long[] size : sizes) {
      ByteBuffer told = ByteBuffer.wrap(FileInformation.of(new Directory.Entry("f", "F", 0x20, 5, size[0], 0, 0, 0), SECTOR)).order(
          ByteOrder.LITTLE_ENDIAN);
      assertEquals(size[0], told.getLong(8));
      assertEquals(size[1], told.getLong(16));
    }
  }

  @Test
  void whatIsFreeIsTold() {
    mount(new FatImage(16, false).file("f", new byte[3 * SECTOR]));
    ByteBuffer told = info(bench.root, SYSTEM);
    assertEquals(6000 * SECTOR, told.getLong(16));
    assertEquals(5997 * SECTOR, told.getLong(24));
    assertEquals(SECTOR, told.getInt(32));
  }

  /** Those of the second revision: its number says that they aren't there, who calls them nevertheless is told. */
  @Test
  void functionsOfTheSecondRevisionAreNotSupported() {
    mount(new FatImage(16, false).file("f", new byte[1]));
    for (int function = OPEN_EX; function <= OPEN_EX + 24; function += 8) {
      assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(bench.call(bench.root, function, 0, 0, 0)));
    }
  }

  @Test
  void nothingIsReadToNowhere() {
    mount(new FatImage(16, false).file("f", new byte[1000]));
    long file = bench.open(bench.root, "f", EfiStatus.SUCCESS);
    long size = bench.firmware.room(8);
    int before = bench.requests;
    for (long to : new long[] {0, NOWHERE, -1}) {
      bench.firmware.memory().put64(size, 100);
      assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(bench.call(file, FatLayerTest.READ, size, to)));
    }
    assertEquals(before, bench.requests, "nothing was asked of the disk");
    bench.firmware.memory().put64(size, 0);
    assertEquals(0, bench.call(file, FatLayerTest.READ, size, 0), "nothing can be read anywhere");
    assertEquals(before, bench.requests);
    assertEquals(100, bench.read(file, 100).length, "from the beginning");
    assertEquals(0, bench.call(file, FatLayerTest.SET_POSITION, -1));
    bench.firmware.memory().put64(size, 100);
    assertEquals(0, bench.call(file, FatLayerTest.READ, size, 0), "at the end");
    assertEquals(0, bench.firmware.memory().get64(size));
  }

  /** The root directory with 16 bits is no chain, and has an end. */
  @Test
  void theRootDirectoryIsReadFromAnywhereToItsEnd() {
    byte[] image = new FatImage(16, false).file("f", new byte[1]).bytes();
    for (int i = 0; i < ROOT_SIZE; i++) {
      image[ROOT_AT + i] = (byte) (i / SECTOR * 7 + i);
    }
    mount(image);
    long buffer = bench.firmware.room(2 * SECTOR);
    assertEquals(EfiStatus.SUCCESS, range(0, SECTOR, SECTOR, buffer));
    assertArrayEquals(Arrays.copyOfRange(image, ROOT_AT + SECTOR, ROOT_AT + 2 * SECTOR), bench.firmware.memory().read(buffer, SECTOR));
    assertEquals(EfiStatus.SUCCESS, range(0, ROOT_SIZE - SECTOR, SECTOR, buffer));
    assertEquals(EfiStatus.VOLUME_CORRUPTED, range(0, ROOT_SIZE - SECTOR, 2 * SECTOR, buffer));
    assertEquals(EfiStatus.VOLUME_CORRUPTED, range(0, ROOT_SIZE, 1, buffer));
  }

  @Test
  void aTableThatCannotBeReadIsNoVolume() {
    bench.bad = RESERVED * SECTOR + 100;
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(bench.mount(new FatImage(16, false).file("f", new byte[1]).bytes())));
    assertEquals(0, system());
  }

  @Test
  void aTableTakesAsManyPagesAsItFills() {
    byte[] image = new FatImage(16, false).file("f", new byte[1]).bytes();
    ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putShort(22, (short) 24);
    mount(image);
    assertEquals(3, bench.firmware.numbers(bench.layer, system())[FatLayer.PAGES], "24 sectors");
    FatLayerTest other = new FatLayerTest();
    assertEquals(0, other.mount(new FatImage(16, false).file("f", new byte[1]).bytes()));
    long system = other.firmware.handles().find(other.disk.handle(), Protocol.SIMPLE_FILE_SYSTEM);
    assertEquals(4, other.firmware.numbers(other.layer, system)[FatLayer.PAGES], "25 sectors");
  }

  /** More than fits into the memory of the tests, so that one that is not too large fails for that. */
  @Test
  void aTableHasSixtyFourMebibytesAtMost() {
    assertEquals(EfiStatus.OUT_OF_RESOURCES, large(0x2_0000));
    assertEquals(EfiStatus.UNSUPPORTED, large(0x2_0001));
  }

  private static EfiStatus large(int perTable) {
    byte[] sector = new byte[SECTOR];
    ByteBuffer out = ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN).put(0, (byte) 0xEB).putShort(11, (short) SECTOR).put(13,
        (byte) 1)
        .putShort(14, (short) 1).put(16, (byte) 1).putInt(32, 1 + perTable + 70_000).putInt(36, perTable).putInt(44, 2);
    Arrays.fill(sector, 71, 82, (byte) ' ');
    FatLayerTest bench = new FatLayerTest();
    bench.hardware(out.array());
    long block = bench.firmware.handles().find(bench.disk.handle(), Protocol.BLOCK_IO);
    long media = bench.firmware.memory().get64(block + 8);
    bench.firmware.memory().put64(media + 24, perTable + 70_000L);
    bench.layer.begin(bench.firmware);
    EfiStatus status = EfiStatus.of(bench.firmware.connect(bench.layer, bench.disk.handle()));
    assertEquals(0, bench.firmware.handles().find(bench.disk.handle(), Protocol.SIMPLE_FILE_SYSTEM));
    return status;
  }

  /** Where nobody says how large the medium is nothing lies in it. */
  @Test
  void bytesOfNoMediumAreNoVolume() {
    bench.hardware(new FatImage(16, false).file("f", new byte[1]).bytes());
    long io = bench.firmware.handles().find(bench.disk.handle(), Protocol.DISK_IO);
    long other = bench.firmware.handles().install(0, Protocol.DISK_IO, io);
    bench.layer.begin(bench.firmware);
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(bench.firmware.connect(bench.layer, other)));
  }

  @Test
  void aFirstSectorThatWasOverwrittenIsACorruptedVolume() {
    mount(new FatImage(16, false).file("f", new byte[1]));
    bench.firmware.memory().put8(bench.firmware.numbers(bench.layer, system())[FatLayer.SECTOR], 0);
    bench.open(bench.root, "f", EfiStatus.VOLUME_CORRUPTED);
  }

  @Test
  void theLayerHasItsBundlesNameAndAVersion() {
    assertEquals("efi.fat", bench.layer.name());
    assertTrue(bench.layer.version() > 0, "0 is what nobody has");
  }
}
