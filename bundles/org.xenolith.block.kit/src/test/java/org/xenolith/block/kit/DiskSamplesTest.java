// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.api.DiskFingerprint;

class DiskSamplesTest {
  private static final long MEBIBYTE = 1 << 20;

  /** Zeros, but for one byte at each of some places. */
  private static final class Sparse implements DiskContent {
    private final long length;
    private final boolean remote;
    private final List<Long> ones;
    private final List<Long> read = new ArrayList<>();

    Sparse(long length, boolean remote, Long... ones) {
      this.length = length;
      this.remote = remote;
      this.ones = List.of(ones);
    }

    @Override
    public String name() {
      return "sparse.img";
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public boolean isRemote() { return remote; }

    @Override
    public void read(long position, byte[] into, int offset, int bytes) {
      read.add(position);
      Arrays.fill(into, offset, offset + bytes, (byte) 0);
      ones.stream().filter(one -> one >= position && one < position + bytes).forEach(one -> into[offset + (int) (one - position)] = 1);
    }

    @Override
    public String digest() {
      throw new AssertionError("that of all files, which a snapshot has");
    }

    @Override
    public void close() {}

    DiskFingerprint fingerprint() {
      try {
        return DiskSamples.of(this).fingerprint(this);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static DiskFingerprint of(long length, Long... ones) {
    return new Sparse(length, false, ones).fingerprint();
  }

  @Test
  void ofADiskEachByteAndItsPlaceCounts() {
    long length = 3 * MEBIBYTE + 100;
    DiskFingerprint one = of(length, 5L);
    assertEquals(one, of(length, 5L));
    assertEquals("sparse.img", one.source());
    assertEquals("", one.samples());
    for (long other : new long[] {6, MEBIBYTE + 5, 2 * MEBIBYTE + 5, length - 1}) {
      assertNotEquals(one.digest(), of(length, other).digest(), () -> "a byte at " + other);
    }
    assertNotEquals(of(length).bytes(), of(length + 1).bytes());
  }

  /** The digest is kept in recordings: another way to make it would refuse all of them. */
  @Test
  void theDigestIsTheOneThatRecordingsHave() {
    assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", of(DiskSamples.WHOLE).digest(),
        "of zeros: of nothing");
    assertEquals("e6e739d75a07963d0b361d635360a064047c7e3864e35771be4e048539fe6221", of(2 * MEBIBYTE, MEBIBYTE).digest());
  }

  @Test
  void aLargeDiskIsKnownByItsFirstItsLastAndPiecesBetween() {
    long length = DiskSamples.WHOLE + 1;
    Sparse disk = new Sparse(length, false);
    assertEquals("1024x1048576", disk.fingerprint().samples());
    assertEquals(1024, disk.read.size());
    assertEquals(0, disk.read.getFirst());
    assertEquals(DiskSamples.WHOLE, disk.read.getLast());
    assertEquals(disk.read.stream().distinct().toList(), disk.read);
    assertNotEquals(of(length).digest(), of(length, 0L).digest());
    assertNotEquals(of(length).digest(), of(length, length - 1).digest());
    assertEquals(of(length).digest(), of(length, 2 * MEBIBYTE).digest(), "between two samples");
    assertEquals("", of(DiskSamples.WHOLE).samples());
  }

  @Test
  void ofARemoteDiskLittleIsRead() {
    Sparse disk = new Sparse(1 << 30, true);
    assertEquals("16x65536", disk.fingerprint().samples());
    assertEquals(16, disk.read.size());
    assertEquals("", new Sparse(1 << 16, true).fingerprint().samples(), "all of it is less");
  }

  @Test
  void whatAGuestWroteIsNoPartOfItButOfADiskThatIsWritten() throws Exception {
    byte[] sector = new byte[512];
    sector[0] = 7;
    Sparse content = new Sparse(MEBIBYTE, false);
    ContentDisk overlay = new ContentDisk(content, Mode.OVERLAY);
    DiskFingerprint before = overlay.fingerprint().orElseThrow();
    overlay.write(3, sector, 0, 1);
    assertEquals(before, overlay.fingerprint().orElseThrow());
  }
}
