// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;

/** What EFI_RNG_PROTOCOL must keep (UEFI 2.10, 37.5). */
public abstract class RngContract {
  private static final int GET_INFO = 0;
  private static final int GET_RNG = 8;
  private static final byte FILL = (byte) 0xA5;
  private static final long NOWHERE = 0x10;
  /** No algorithm of the specification, nor of anybody. */
  private static final EfiGuid MADE_UP = EfiGuid.of("5c1b5e37-98f2-4a54-8a73-7d2b6f7bd1d1");
  /** Bytes of which nobody draws the same twice. */
  private static final int PIECE = 16;
  private static final int GUARD = 32;
  private static final int LARGE = 5000;
  private static final int MOST = 2 * GUARD + LARGE;

  /** A generator of random numbers. */
  public interface Generator {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of EFI_RNG_PROTOCOL. */
    long protocol();

    /** What it draws from gives nothing from now on. */
    void fails();
  }

  /** A new one, whose source gives other bytes each time. */
  protected abstract Generator generator();

  private static final class Bench {
    final Generator generator;
    final EfiRam memory;
    final long room;

    Bench(Generator generator) {
      this.generator = generator;
      memory = generator.firmware().memory();
      room = generator.firmware().room(MOST);
    }

    EfiStatus call(int function, long... arguments) {
      return ProtocolCall.status(generator.firmware(), generator.protocol(), function, arguments);
    }

    void fill() {
      byte[] bytes = new byte[MOST];
      Arrays.fill(bytes, FILL);
      memory.write(room, bytes);
    }

    void untouched(long from, long end, String what) {
      for (byte each : memory.read(from, (int) (end - from))) {
        assertEquals(FILL, each, what);
      }
    }

    /** Asks for the list in a room of that size; the size that the answer says. */
    long list(EfiStatus expected, long size) {
      fill();
      memory.put64(room, size);
      assertEquals(expected, call(GET_INFO, room, room + GUARD), "GetInfo with " + size + " bytes of room");
      long said = memory.get64(room);
      untouched(room + 8, room + GUARD, "before the list");
      untouched(room + GUARD + (expected == EfiStatus.SUCCESS ? said : 0), room + MOST, "behind the list");
      return said;
    }

    List<EfiGuid> algorithms() {
      long size = list(EfiStatus.SUCCESS, LARGE);
      List<EfiGuid> found = new ArrayList<>();
      for (long at = 0; at < size; at += EfiGuid.SIZE) {
        found.add(memory.guid(room + GUARD + at));
      }
      return found;
    }

    /** Draws as many bytes and sees that only they are written. @param algorithm null: the generator's own choice */
    byte[] drawn(@Nullable EfiGuid algorithm, int size) {
      fill();
      assertEquals(EfiStatus.SUCCESS, draw(algorithm, size, room + GUARD), "GetRNG of " + size + " bytes");
      untouched(room, room + GUARD, "before the value");
      untouched(room + GUARD + size, room + MOST, "behind the value");
      return memory.read(room + GUARD, size);
    }

    EfiStatus draw(@Nullable EfiGuid algorithm, long size, long place) {
      long name = 0;
      if (algorithm != null) {
        name = generator.firmware().room(EfiGuid.SIZE);
        memory.write(name, algorithm.toBytes());
      }
      return call(GET_RNG, name, size, place);
    }
  }

  @Test
  void theListTakesTheRoomThatItSays() {
    Bench bench = new Bench(generator());
    long size = bench.list(EfiStatus.BUFFER_TOO_SMALL, 0);
    assertTrue(size > 0 && size % EfiGuid.SIZE == 0, "a list of " + size + " bytes");
    assertEquals(size, bench.list(EfiStatus.BUFFER_TOO_SMALL, size - 1));
    assertEquals(size, bench.list(EfiStatus.SUCCESS, size));
    assertEquals(size, bench.list(EfiStatus.SUCCESS, size + 2 * EfiGuid.SIZE));
  }

  @Test
  void eachAlgorithmIsListedOnce() {
    List<EfiGuid> algorithms = new Bench(generator()).algorithms();
    assertEquals(algorithms.size(), new HashSet<>(algorithms).size(), algorithms::toString);
    assertTrue(algorithms.stream().allMatch(each -> !Arrays.equals(new byte[EfiGuid.SIZE], each.toBytes())), algorithms::toString);
  }

  @Test
  void eachAlgorithmGivesAsManyBytesAsWereAskedFor() {
    Bench bench = new Bench(generator());
    List<EfiGuid> algorithms = new ArrayList<>(bench.algorithms());
    algorithms.add(null);
    for (EfiGuid algorithm : algorithms) {
      for (int size : new int[] {1, PIECE - 1, PIECE, 100, LARGE}) {
        byte[] value = bench.drawn(algorithm, size);
        for (int at = 0; at + PIECE <= size; at += PIECE) {
          byte[] piece = Arrays.copyOfRange(value, at, at + PIECE);
          int filled = 0;
          for (byte each : piece) {
            filled += each == FILL ? 1 : 0;
          }
          assertTrue(filled < PIECE / 2, "bytes " + at + " to " + (at + PIECE) + " of " + size + " weren't written");
        }
        // One byte can come out as what was there before; three times it doesn't.
        boolean written = value[size - 1] != FILL || bench.drawn(algorithm, size)[size - 1] != FILL || bench.drawn(algorithm, size)[size
            - 1] != FILL;
        assertTrue(written, "the last of " + size + " bytes wasn't written");
      }
    }
  }

  @Test
  void noValueComesTwice() {
    Bench bench = new Bench(generator());
    Set<String> seen = new HashSet<>();
    for (int size : new int[] {PIECE, 2 * PIECE, LARGE, LARGE}) {
      byte[] value = bench.drawn(null, size);
      for (int at = 0; at + PIECE <= size; at += PIECE) {
        assertTrue(seen.add(Arrays.toString(Arrays.copyOfRange(value, at, at + PIECE))), "bytes " + at + " of " + size + " came before");
      }
    }
  }

  @Test
  void anAlgorithmThatIsntListedIsUnsupported() {
    Bench bench = new Bench(generator());
    for (EfiGuid algorithm : List.of(MADE_UP, EfiGuid.of("00000000-0000-0000-0000-000000000000"))) {
      bench.fill();
      assertEquals(EfiStatus.UNSUPPORTED, bench.draw(algorithm, PIECE, bench.room), algorithm::toString);
      bench.untouched(bench.room, bench.room + MOST, "of an algorithm that isn't there");
    }
  }

  @Test
  void nothingIsNoValue() {
    Bench bench = new Bench(generator());
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.draw(null, 0, bench.room), "no bytes");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.draw(null, PIECE, 0), "no place");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(GET_INFO, 0, bench.room), "no size");
    bench.memory.put64(bench.room, LARGE);
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(GET_INFO, bench.room, 0), "no list");
  }

  @Test
  void placesWhereThereIsNoMemoryAreRefused() {
    Bench bench = new Bench(generator());
    long end = FakeRam.BASE + FakeRam.SIZE;
    for (long place : new long[] {NOWHERE, FakeRam.BASE - PIECE, end, end - PIECE + 1, -PIECE}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.draw(null, PIECE, place), "a value at 0x" + Long.toHexString(place));
    }
    for (long size : new long[] {FakeRam.SIZE, 1L << 32, Long.MAX_VALUE, -1}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.draw(null, size, bench.room), "0x" + Long.toHexString(size) + " bytes");
    }
    long gap = bench.generator.firmware().gap(4096);
    for (int size : new int[] {4096 + PIECE + 1, 4096 + 4096 + PIECE}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.draw(null, size, gap - PIECE), size + " bytes across a gap between memory");
    }
    assertEquals(PIECE, bench.drawn(null, PIECE).length, "afterwards");
    bench.memory.put64(bench.room, LARGE);
    assertNotEquals(EfiStatus.SUCCESS, bench.call(GET_INFO, bench.room, NOWHERE), "a list where nothing is");
    assertNotEquals(EfiStatus.SUCCESS, bench.call(GET_INFO, NOWHERE, bench.room), "a size where nothing is");
  }

  @Test
  void withoutASourceThereIsNoValue() {
    Bench bench = new Bench(generator());
    bench.drawn(null, PIECE);
    bench.generator.fails();
    EfiStatus status = bench.draw(null, PIECE, bench.room);
    assertTrue(status == EfiStatus.DEVICE_ERROR || status == EfiStatus.NOT_READY, "without a source: " + status);
  }
}
