// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.kit.DevicePath;

/** What EFI_LOAD_FILE2_PROTOCOL must keep (UEFI 2.10, 13.2). */
public abstract class LoadFile2Contract {
  private static final int GUARD = 64;
  private static final byte FILL = (byte) 0xA5;
  private static final long NOWHERE = 0x10;
  private static final long END = FakeRam.BASE + FakeRam.SIZE;
  /** What nobody has. */
  private static final EfiGuid MADE_UP = EfiGuid.of("5c1b5e37-98f2-4a54-8a73-7d2b6f7bd1d1");
  /** BootPolicy is one byte; the register's others may have anything (Arm AAPCS64, 6.8.2). */
  private static final long OTHER_BYTES = 0xA5A5_A5A5_A5A5_A500L;

  /**
   * What a file is loaded from.
   *
   * @param firmware that it is in
   * @param protocol address of its EFI_LOAD_FILE2_PROTOCOL
   * @param path     the file's, with the end: what is behind the path of the protocol's handle
   * @param bytes    the file's, at least two and at most 4 MiB
   */
  public record Source(FakeFirmware firmware, long protocol, byte[] path, byte[] bytes) {}

  /** A new one. */
  protected abstract Source source();

  private static final class Bench {
    final Source source;
    final EfiRam memory;
    final PathBench paths;
    final int file;
    final long path;
    private final long room;
    /** Where the buffer is. */
    final long buffer;
    /** Where its size is. */
    final long size;

    Bench(Source source) {
      this.source = source;
      memory = source.firmware.memory();
      paths = new PathBench(source.firmware);
      file = source.bytes.length;
      path = paths.place(source.path);
      room = source.firmware.room(file + 3 * GUARD);
      buffer = room + GUARD;
      size = source.firmware.room(8 + GUARD);
    }

    EfiStatus load(long from, long policy, long sizeAt, long to) {
      return ProtocolCall.status(source.firmware, source.protocol, 0, from, policy, sizeAt, to);
    }

    void fill(long said) {
      byte[] bytes = new byte[file + 3 * GUARD];
      Arrays.fill(bytes, FILL);
      memory.write(room, bytes);
      memory.write(size, Arrays.copyOf(bytes, 8 + GUARD));
      memory.put64(size, said);
    }

    /** That the room has a file at a place and nothing else, and that nothing is behind the size. */
    void written(byte[] there, long at, String what) {
      byte[] expected = new byte[file + 3 * GUARD];
      Arrays.fill(expected, FILL);
      System.arraycopy(there, 0, expected, (int) (at - room), there.length);
      assertArrayEquals(expected, memory.read(room, expected.length), what);
      assertArrayEquals(Arrays.copyOf(expected, GUARD), memory.read(size + 8, GUARD), what + ": behind the size");
    }

    /** Loads the file into a buffer that is said to have so many bytes. */
    void loaded(long said, long policy, long at) {
      String what = "0x" + Long.toHexString(said) + " bytes at 0x" + Long.toHexString(at);
      fill(said);
      assertEquals(EfiStatus.SUCCESS, load(path, policy, size, at), what);
      assertEquals(file, memory.get64(size), what);
      written(source.bytes, at, what);
    }

    /** That the file is loaded as if nothing had been before. */
    void afterwards() {
      loaded(file, 0, buffer);
    }

    /** Loads nothing. */
    void refused(EfiStatus expected, long from, long policy, long sizeAt, long said, long to, String what) {
      fill(said);
      assertEquals(expected, load(from, policy, sizeAt, to), what);
      written(new byte[0], room, what);
    }

    /** Is told the size, and nothing else. */
    void tooSmall(long said, long to) {
      String what = "0x" + Long.toHexString(said) + " bytes at 0x" + Long.toHexString(to);
      refused(EfiStatus.BUFFER_TOO_SMALL, path, 0, size, said, to, what);
      assertEquals(file, memory.get64(size), what);
    }

    /** Is answered with an error, and one that doesn't say that there is a size. */
    void error(long sizeAt, long to, String what) {
      fill(file);
      EfiStatus status = load(path, 0, sizeAt, to);
      assertTrue(status != null && status.isError() && status != EfiStatus.BUFFER_TOO_SMALL, what + ": " + status);
    }
  }

  @Test
  void theFileIsLoadedWholeAndNothingBesides() {
    Bench bench = new Bench(source());
    for (int offset : new int[] {0, 1, 7}) {
      bench.loaded(bench.file, 0, bench.buffer + offset);
    }
  }

  @Test
  void moreRoomStaysAsItIs() {
    Bench bench = new Bench(source());
    for (long said : new long[] {bench.file + 1, bench.file + GUARD, 1L << 32, (1L << 32) + 1, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      bench.loaded(said, 0, bench.buffer);
    }
  }

  @Test
  void aBufferThatIsTooSmallStaysAsItIs() {
    Bench bench = new Bench(source());
    for (long said : new long[] {0, 1, bench.file - 1}) {
      bench.tooSmall(said, bench.buffer);
    }
    bench.afterwards();
  }

  @Test
  void withoutABufferTheSizeIsSaid() {
    Bench bench = new Bench(source());
    for (long said : new long[] {0, 1, bench.file - 1}) {
      bench.tooSmall(said, 0);
    }
    for (long said : new long[] {bench.file, bench.file + 1, -1}) {
      bench.fill(said);
      EfiStatus status = bench.load(bench.path, 0, bench.size, 0);
      assertTrue(status == EfiStatus.SUCCESS || status == EfiStatus.BUFFER_TOO_SMALL, said + " bytes, and no buffer: " + status);
      assertEquals(bench.file, bench.memory.get64(bench.size), said + " bytes, and no buffer");
    }
    bench.afterwards();
  }

  @Test
  void byTheBootPolicyNothingIsLoaded() {
    Bench bench = new Bench(source());
    for (long policy : new long[] {1, OTHER_BYTES | 1}) {
      bench.refused(EfiStatus.UNSUPPORTED, bench.path, policy, bench.size, bench.file, bench.buffer, "policy 0x" + Long.toHexString(
          policy));
    }
    bench.afterwards();
  }

  @Test
  void aByteSaysWhetherItIsByTheBootPolicy() {
    Bench bench = new Bench(source());
    bench.loaded(bench.file, OTHER_BYTES, bench.buffer);
  }

  @Test
  void anotherFileIsNotFound() {
    Bench bench = new Bench(source());
    byte[] other = new DevicePath().vendor(DevicePath.MEDIA, MADE_UP, new byte[0]).bytes();
    byte[] longer = DevicePath.behind(bench.source.path).vendor(DevicePath.MEDIA, MADE_UP, new byte[0]).bytes();
    for (byte[] each : new byte[][] {other, longer}) {
      long path = bench.paths.place(each);
      bench.refused(EfiStatus.NOT_FOUND, path, 0, bench.size, bench.file, bench.buffer, Arrays.toString(each));
      bench.refused(EfiStatus.NOT_FOUND, path, 0, bench.size, 0, 0, Arrays.toString(each) + " without a buffer");
    }
    bench.afterwards();
  }

  @Test
  void whatIsNoPathIsInvalid() {
    Bench bench = new Bench(source());
    for (Map.Entry<String, Long> each : bench.paths.noPaths().entrySet()) {
      bench.refused(EfiStatus.INVALID_PARAMETER, each.getValue(), 0, bench.size, bench.file, bench.buffer, each.getKey());
    }
    bench.refused(EfiStatus.INVALID_PARAMETER, 0, 0, bench.size, bench.file, bench.buffer, "no path");
    bench.afterwards();
  }

  @Test
  void withoutASizeNothingIsLoaded() {
    Bench bench = new Bench(source());
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.path, 0, 0, bench.file, bench.buffer, "no size");
    bench.refused(EfiStatus.INVALID_PARAMETER, bench.path, 0, 0, bench.file, 0, "neither size nor buffer");
    bench.afterwards();
  }

  @Test
  void placesWhereThereIsNoMemoryAreRefused() {
    Bench bench = new Bench(source());
    for (long place : new long[] {NOWHERE, FakeRam.BASE - 8, FakeRam.BASE - 4, END - 4, END, -8}) {
      bench.error(place, bench.buffer, "a size at 0x" + Long.toHexString(place));
      bench.written(new byte[0], bench.room, "a size at 0x" + Long.toHexString(place));
    }
    for (long place : new long[] {NOWHERE, FakeRam.BASE - bench.file, FakeRam.BASE - 1, END - bench.file + 1, END - 1, END, -bench.file,
        -1}) {
      bench.error(bench.size, place, "a buffer at 0x" + Long.toHexString(place));
      bench.afterwards();
    }
  }
}
