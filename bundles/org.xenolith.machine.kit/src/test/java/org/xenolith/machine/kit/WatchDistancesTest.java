// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;

/** How far watched bytes are, for generated code. */
class WatchDistancesTest {
  private static final long PAGE = 0xFFFF_8000_0000_1000L;
  private static final long FRAME = 0x4000_3000L;

  private final MemorySegment memory = Arena.ofAuto().allocate(WatchDistances.SIZE);
  private final WatchDistances distances = new WatchDistances(memory.address());
  private final DebugPoints points = new DebugPoints(null);

  @BeforeEach
  void memoryIsOutsideTheHeap() {
    assertTrue(HostMemory.OUTSIDE, "these tests run with memory outside the heap");
  }

  private void watch(List<WatchedAddress> watched) {
    points.set(watched, (cpu, each, address, size, write) -> {});
    distances.clear();
  }

  private static WatchedAddress at(Space space, long first, long length) {
    return new WatchedAddress(Kind.WRITE, space, first, length);
  }

  @Test
  void anAccessThatIsShorterThanTheDistanceTouchesNothingThatIsWatched() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      List<WatchedAddress> watched = new ArrayList<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        Space space = Space.values()[random.nextInt(2)];
        watched.add(at(space, (space == Space.PHYSICAL ? FRAME : PAGE) + random.nextInt(0x3000) - 0x1000, 1 + random.nextInt(1 << random
            .nextInt(10))));
      }
      watch(watched);
      long map = distances.map(points, PAGE, FRAME);
      for (int i = 0; i < 4096; i++) {
        int distance = (int) HostMemory.read8(null, map + i);
        for (int bytes : new int[] {1, 2, 4, 8, 16, 32, 64}) {
          int offset = i;
          boolean touches = watched.stream().anyMatch(each -> each.overlaps((each.space() == Space.PHYSICAL ? FRAME : PAGE) + offset,
              bytes));
          // What lies in the next page is another map's to tell.
          if (i + bytes <= 4096) {
            assertEquals(touches, distance < bytes, "seed " + seed + ", byte " + i + ", " + bytes + " bytes");
          }
        }
      }
    }
  }

  @Test
  void pagesThatAreWatchedAlikeHaveOneMap() {
    watch(List.of(at(Space.PROCESSOR, PAGE + 8, 8), at(Space.PHYSICAL, FRAME + 32, 8)));
    long first = distances.map(points, PAGE, FRAME + 0x1000);
    assertEquals(first, distances.map(points, PAGE, FRAME + 0x2000), "only its address is watched");
    long both = distances.map(points, PAGE, FRAME);
    assertNotEquals(first, both);
    long frame = distances.map(points, PAGE + 0x1000, FRAME);
    assertNotEquals(both, frame);
    assertEquals(frame, distances.map(points, PAGE + 0x5000, FRAME), "only the frame is");
  }

  @Test
  void whoComesWhenAllMapsAreTakenGetsNone() {
    List<WatchedAddress> watched = new ArrayList<>();
    for (int i = 0; i <= WatchDistances.MAPS; i++) {
      watched.add(at(Space.PROCESSOR, PAGE + i * 4096L, 1));
    }
    watch(watched);
    for (int i = 0; i < WatchDistances.MAPS; i++) {
      assertNotEquals(0, distances.map(points, PAGE + i * 4096L, FRAME));
    }
    assertEquals(0, distances.map(points, PAGE + WatchDistances.MAPS * 4096L, FRAME));
    assertNotEquals(0, distances.map(points, PAGE, FRAME), "who has one keeps it");
    watch(watched);
    assertNotEquals(0, distances.map(points, PAGE + WatchDistances.MAPS * 4096L, FRAME), "others are taken anew");
  }
}
