// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.testkit.efi.PathBench.END;
import static org.xenolith.testkit.efi.PathBench.MARK;
import static org.xenolith.testkit.efi.PathBench.NOWHERE;
import static org.xenolith.testkit.efi.PathBench.join;
import static org.xenolith.testkit.efi.PathBench.node;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.Protocol;

/**
 * What EFI_DEVICE_PATH_UTILITIES_PROTOCOL must keep (UEFI 2.10, 10.5). The specification has no word for what isn't a path; as no function
 * has a status, one that answers anything but nothing says an address or a size.
 */
public abstract class DevicePathUtilitiesContract {
  private static final int SIZE = 0;
  private static final int DUPLICATE = 1;
  private static final int APPEND_PATH = 2;
  private static final int APPEND_NODE = 3;
  private static final int APPEND_INSTANCE = 4;
  private static final int NEXT_INSTANCE = 5;
  private static final int IS_MULTI = 6;
  private static final int CREATE_NODE = 7;
  private static final long KEPT = 0x5A5A_5A5A_5A5AL;

  private static final byte[] ONE = join(node(2, 1, 12), node(1, 1, 6), END);
  private static final byte[] OTHER = join(node(3, 2, 8), END);
  private static final byte[] TWO = join(node(2, 1, 12), MARK, node(3, 2, 8), node(4, 4, 9), END);
  private static final byte[] THREE = join(node(2, 1, 12), MARK, node(3, 2, 8), node(4, 4, 9), MARK, node(1, 1, 4), END);
  /** What is in a node is not a mark, nor an end. */
  private static final byte[] LIKE_MARKS = join(new byte[] {1, 4, 16, 0}, MARK, END, MARK, END);
  private static final List<byte[]> PATHS = List.of(END, ONE, OTHER, TWO, THREE, LIKE_MARKS, join(node(5, 1, 4), END), join(node(0x81, 0xFF,
      0x101), END), join(node(1, 4, 0x8003), node(1, 1, 6), END), join(node(3, 10, 0xFFFF), END));

  /** A new EFI_DEVICE_PATH_UTILITIES_PROTOCOL; the pool is the contract's. */
  protected abstract OfferedProtocols utilities();

  private static final class Bench {
    final PathBench paths;
    private final long protocol;

    Bench(OfferedProtocols utilities) {
      paths = new PathBench(utilities.firmware());
      protocol = utilities.protocol(Protocol.DEVICE_PATH_UTILITIES);
    }

    long call(int function, long... arguments) {
      return paths.call(protocol, function, arguments);
    }

    /** A path that is made; what it is made of stays as it is. */
    void makes(byte[] expected, int function, byte @Nullable [] first, byte @Nullable [] second) {
      long one = first == null ? 0 : paths.place(first);
      long other = second == null ? 0 : paths.place(second);
      String what = "function " + function + " of " + text(first) + " and " + text(second);
      byte[] made = paths.madePath(call(function, one, other), what);
      assertEquals(text(expected), text(made), what);
      assertArrayEquals(expected, made, what);
      assertArrayEquals(first == null ? new byte[0] : first, paths.memory.read(one == 0 ? FakeRam.BASE : one, first == null ? 0
          : first.length), what + ": the first is changed");
      assertArrayEquals(second == null ? new byte[0] : second, paths.memory.read(other == 0 ? FakeRam.BASE : other, second == null ? 0
          : second.length), what + ": the second is changed");
    }

    private static String text(byte[] path) {
      return path == null ? "nothing" : path.length > 64 ? path.length + " bytes" : Arrays.toString(path);
    }

    int isMulti(long path) {
      return (int) call(IS_MULTI, path) & 0xFF;
    }

    void works() {
      makes(ONE, DUPLICATE, ONE, null);
    }
  }

  private static byte[] before(byte[] path) {
    return Arrays.copyOf(path, path.length - END.length);
  }

  @Test
  void aSizeCountsEverythingToTheEnd() {
    Bench bench = new Bench(utilities());
    assertEquals(0, bench.call(SIZE, 0));
    for (byte[] path : PATHS) {
      assertEquals(path.length, bench.call(SIZE, bench.paths.place(path)));
    }
  }

  @Test
  void aCopyIsTheWholePath() {
    Bench bench = new Bench(utilities());
    for (byte[] path : PATHS) {
      bench.makes(path, DUPLICATE, path, null);
    }
    bench.paths.nothing(bench.call(DUPLICATE, 0), "a copy of nothing");
  }

  @Test
  void pathsAreAppendedWithOneEnd() {
    Bench bench = new Bench(utilities());
    for (byte[] path : PATHS) {
      bench.makes(join(before(path), ONE), APPEND_PATH, path, ONE);
      bench.makes(join(before(TWO), path), APPEND_PATH, TWO, path);
      bench.makes(path, APPEND_PATH, path, null);
      bench.makes(path, APPEND_PATH, null, path);
    }
    bench.makes(END, APPEND_PATH, null, null);
  }

  @Test
  void aNodeIsAppendedToTheLastInstance() {
    Bench bench = new Bench(utilities());
    for (byte[] node : List.of(node(1, 1, 6), node(1, 1, 4), node(4, 4, 0x203), node(3, 10, 0xFFFF))) {
      bench.makes(join(before(ONE), node, END), APPEND_NODE, ONE, node);
      bench.makes(join(before(TWO), node, END), APPEND_NODE, TWO, node);
      bench.makes(join(node, END), APPEND_NODE, END, node);
      bench.makes(join(node, END), APPEND_NODE, null, node);
    }
    // Only one node is appended, whatever follows it.
    long both = bench.paths.place(join(node(1, 1, 6), node(3, 2, 8), END));
    assertArrayEquals(join(before(OTHER), node(1, 1, 6), END), bench.paths.madePath(bench.call(APPEND_NODE, bench.paths.place(OTHER), both),
        "the first node of a path"));
    bench.makes(TWO, APPEND_NODE, TWO, null);
    bench.makes(END, APPEND_NODE, null, null);
  }

  @Test
  void anInstanceIsAppendedBehindAMark() {
    Bench bench = new Bench(utilities());
    bench.makes(join(before(ONE), MARK, OTHER), APPEND_INSTANCE, ONE, OTHER);
    bench.makes(join(before(TWO), MARK, node(1, 1, 4), END), APPEND_INSTANCE, TWO, join(node(1, 1, 4), END));
    bench.makes(join(before(LIKE_MARKS), MARK, LIKE_MARKS), APPEND_INSTANCE, LIKE_MARKS, LIKE_MARKS);
    bench.makes(ONE, APPEND_INSTANCE, null, ONE);
    bench.paths.nothing(bench.call(APPEND_INSTANCE, bench.paths.place(ONE), 0), "no instance");
    bench.paths.nothing(bench.call(APPEND_INSTANCE, 0, 0), "neither path nor instance");
  }

  /** Takes the next instance, and sees where the pointer goes, and the size. */
  private static void next(Bench bench, long pointer, long size, byte[] expected, long behind) {
    if (size != 0) {
      bench.paths.memory.put64(size, KEPT);
    }
    assertArrayEquals(expected, bench.paths.madePath(bench.call(NEXT_INSTANCE, pointer, size), "an instance"));
    assertEquals(behind, bench.paths.memory.get64(pointer), "where the next instance is");
    if (size != 0) {
      assertEquals(expected.length, bench.paths.memory.get64(size), "bytes of the instance");
    }
  }

  @Test
  void instancesComeOneBehindTheOther() {
    for (boolean sized : new boolean[] {true, false}) {
      Bench bench = new Bench(utilities());
      long pointer = bench.paths.place(new byte[8]);
      long size = sized ? bench.paths.place(new byte[8]) : 0;
      long path = bench.paths.place(THREE);
      bench.paths.memory.put64(pointer, path);
      next(bench, pointer, size, join(node(2, 1, 12), END), path + 16);
      next(bench, pointer, size, join(node(3, 2, 8), node(4, 4, 9), END), path + 37);
      next(bench, pointer, size, join(node(1, 1, 4), END), 0);
      bench.paths.nothing(bench.call(NEXT_INSTANCE, pointer, size), "behind the last instance");
      assertArrayEquals(THREE, bench.paths.memory.read(path, THREE.length), "the path itself");
      bench.paths.memory.put64(pointer, bench.paths.place(LIKE_MARKS));
      next(bench, pointer, size, LIKE_MARKS, 0);
    }
  }

  @Test
  void behindTheLastInstanceTheSizeIsZero() {
    Bench bench = new Bench(utilities());
    long pointer = bench.paths.place(new byte[8]);
    long size = bench.paths.place(new byte[8]);
    bench.paths.memory.put64(size, KEPT);
    bench.paths.nothing(bench.call(NEXT_INSTANCE, pointer, size), "no instance");
    assertEquals(0, bench.paths.memory.get64(size), "bytes of no instance");
    assertEquals(0, bench.paths.memory.get64(pointer));
  }

  @Test
  void whoPointsNowhereLosesNothing() {
    Bench bench = new Bench(utilities());
    long path = bench.paths.place(TWO);
    long pointer = bench.paths.place(new byte[8]);
    bench.paths.memory.put64(pointer, path);
    bench.paths.nothing(bench.call(NEXT_INSTANCE, 0, 0), "no pointer");
    for (long place : new long[] {NOWHERE, FakeRam.BASE - 8, FakeRam.BASE + FakeRam.SIZE, FakeRam.BASE + FakeRam.SIZE - 7, -8}) {
      bench.paths.nothing(bench.call(NEXT_INSTANCE, place, 0), "a pointer at 0x" + Long.toHexString(place));
      bench.paths.nothing(bench.call(NEXT_INSTANCE, pointer, place), "a size at 0x" + Long.toHexString(place));
      assertEquals(path, bench.paths.memory.get64(pointer), "the pointer, whose instance nobody got");
    }
    next(bench, pointer, 0, join(node(2, 1, 12), END), path + 16);
  }

  @Test
  void severalInstancesAreTold() {
    Bench bench = new Bench(utilities());
    assertEquals(0, bench.isMulti(0), "nothing");
    for (byte[] path : PATHS) {
      assertEquals(path == TWO || path == THREE ? 1 : 0, bench.isMulti(bench.paths.place(path)), () -> Bench.text(path));
    }
  }

  @Test
  void aNodeIsMadeOfItsNumbers() {
    Bench bench = new Bench(utilities());
    for (int[] each : new int[][] {{1, 1, 6}, {4, 3, 4}, {0x81, 0xFE, 0x102}, {3, 10, 0x8000}, {5, 1, 0xFFFF}}) {
      byte[] header = {(byte) each[0], (byte) each[1], (byte) each[2], (byte) (each[2] >> 8)};
      for (long unused : new long[] {0, 0xABCD_1234_0000_0000L}) { // bits above a parameter's are anybody's (AAPCS64)
        byte[] made = bench.paths.made(bench.call(CREATE_NODE, unused | each[0], unused | each[1], unused | each[2]), "a node");
        assertEquals(each[2], made.length, "what was allocated for a node");
        assertArrayEquals(header, Arrays.copyOf(made, 4));
      }
    }
    for (int length = 0; length < 4; length++) {
      bench.paths.nothing(bench.call(CREATE_NODE, 1, 1, length), "a node of " + length + " bytes");
    }
  }

  @Test
  void withoutMemoryThereIsNothing() {
    Bench bench = new Bench(utilities());
    long path = bench.paths.place(TWO);
    long pointer = bench.paths.place(new byte[8]);
    bench.paths.memory.put64(pointer, path);
    bench.paths.empty(true);
    bench.paths.nothing(bench.call(DUPLICATE, path), "a copy");
    bench.paths.nothing(bench.call(APPEND_PATH, path, path), "a path behind a path");
    bench.paths.nothing(bench.call(APPEND_NODE, path, path), "a node behind a path");
    bench.paths.nothing(bench.call(APPEND_INSTANCE, path, path), "one more instance");
    bench.paths.nothing(bench.call(NEXT_INSTANCE, pointer, 0), "the next instance");
    assertEquals(path, bench.paths.memory.get64(pointer), "the pointer, whose instance nobody got");
    bench.paths.nothing(bench.call(CREATE_NODE, 1, 1, 6), "a node");
    assertEquals(TWO.length, bench.call(SIZE, path));
    bench.paths.empty(false);
    bench.works();
  }

  @Test
  void whatIsNoPathIsNothing() {
    Bench bench = new Bench(utilities());
    long good = bench.paths.place(ONE);
    long pointer = bench.paths.place(new byte[8]);
    bench.paths.noPaths().forEach((what, place) -> {
      assertEquals(0, bench.call(SIZE, place), what);
      assertEquals(0, bench.isMulti(place), what);
      bench.paths.nothing(bench.call(DUPLICATE, place), what);
      bench.paths.nothing(bench.call(APPEND_PATH, place, good), what);
      bench.paths.nothing(bench.call(APPEND_PATH, good, place), what);
      bench.paths.nothing(bench.call(APPEND_NODE, place, good), what);
      bench.paths.nothing(bench.call(APPEND_INSTANCE, place, good), what);
      bench.paths.nothing(bench.call(APPEND_INSTANCE, good, place), what);
      bench.paths.memory.put64(pointer, place);
      bench.paths.nothing(bench.call(NEXT_INSTANCE, pointer, 0), what);
      assertEquals(place, bench.paths.memory.get64(pointer), what);
    });
    bench.works();
  }

  @Test
  void whatIsNoNodeIsNothing() {
    Bench bench = new Bench(utilities());
    long good = bench.paths.place(ONE);
    for (int length = 0; length < 4; length++) {
      long node = bench.paths.place((byte) 1, (byte) 1, (byte) length, (byte) 0);
      bench.paths.nothing(bench.call(APPEND_NODE, good, node), "a node of " + length + " bytes");
    }
    long cut = bench.paths.placeLast((byte) 1, (byte) 1, (byte) 0xFF, (byte) 0xFF);
    for (long place : new long[] {cut, NOWHERE, FakeRam.BASE - 4, FakeRam.BASE + FakeRam.SIZE - 3, FakeRam.BASE + FakeRam.SIZE, -4}) {
      bench.paths.nothing(bench.call(APPEND_NODE, good, place), "a node at 0x" + Long.toHexString(place));
    }
    bench.works();
  }
}
