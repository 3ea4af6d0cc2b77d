// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.BootPlan.Segment;
import org.xenolith.boot.api.BootPlan.TreePlace;
import org.xenolith.machine.api.CpuEntry;
import org.xenolith.platform.api.PlatformNode;

/** What the records of a boot refuse, and what they do. */
class BootRecordsTest {
  private static final CpuEntry ENTRY = new CpuEntry() {};
  private static final PlatformNode CPU = new PlatformNode("/cpus/cpu@0", "cpu@0", "/cpus", List.of(), List.of(), true, List.of(), List
      .of(), Map.of());
  private static final List<MemoryRange> RAM = List.of(new MemoryRange(0x4000_0000L, 0x1000_0000L));

  @Test
  void memoryRangeIsAPieceOfTheAddressSpace() {
    MemoryRange range = new MemoryRange(0x1000, 0x1000);
    assertEquals(0x2000, range.end());
    assertEquals("0x1000-0x1fff", range.toString());
    assertTrue(range.overlaps(new MemoryRange(0x1fff, 1)));
    assertFalse(range.overlaps(new MemoryRange(0x2000, 1)), "what begins where it ends");
    assertFalse(new MemoryRange(0, 0x1000).overlaps(range));
    for (long[] wrong : new long[][] {{-1, 1}, {0, 0}, {0, -1}, {Long.MAX_VALUE, 1}}) {
      assertThrows(IllegalArgumentException.class, () -> new MemoryRange(wrong[0], wrong[1]), wrong[0] + "+" + wrong[1]);
    }
  }

  @Test
  void guestFileHasAnAbsolutePathAndPermissionsOnly() {
    assertEquals(0755, GuestFile.executable("/bin/a", new byte[0]).mode());
    for (String path : List.of("bin/a", "/bin/", "/bin//a", "/bin/../a", "/./a", "/a\0b")) {
      String said = assertThrows(IllegalArgumentException.class, () -> new GuestFile(path, 0644, new byte[0]), path).getMessage();
      assertTrue(said.contains("'" + path + "'"), said);
    }
    assertThrows(IllegalArgumentException.class, () -> new GuestFile("/bin/a", 0100755, new byte[0]), "a file type is no permission");
    assertThrows(NullPointerException.class, () -> new GuestFile("/bin/a", 0644, null));
  }

  @Test
  void anImagesPackagesAreASetAndItsSizeIsOne() {
    assertEquals(List.of("a", "b"), new ImageRequest(OptionalLong.empty(), List.of("b", "a", "b")).packages());
    for (long size : new long[] {0, -1}) {
      assertThrows(IllegalArgumentException.class, () -> new ImageRequest(OptionalLong.of(size), List.of()));
    }
  }

  @Test
  void provenanceHasADigest() {
    String digest = "0123456789abcdef".repeat(4);
    assertEquals("busybox 1.37 sha256:" + digest, new Provenance("busybox", "1.37", digest).toString());
    for (String wrong : List.of("", digest.substring(1), digest.toUpperCase(Locale.ROOT), digest + "0")) {
      assertThrows(IllegalArgumentException.class, () -> new Provenance("busybox", "1.37", wrong), wrong);
    }
  }

  @Test
  void availabilitySaysWhetherToTry() {
    assertTrue(Availability.ready("it is here").usable());
    assertTrue(Availability.fetchable("it can be fetched").usable());
    assertFalse(Availability.unavailable("no network", "connect").usable());
    assertEquals("", Availability.ready("it is here").remedy());
    assertThrows(NullPointerException.class, () -> Availability.unavailable("no network", null));
  }

  @Test
  void guestRequestGrowsAndTheEarlierOneStays() {
    GuestRequest request = GuestRequest.PLAIN.withModule("virtio_blk").withPackage("xenstore-utils").withRefresh().withDeviceTrees()
        .withFile(GuestFile.executable("/bin/a", new byte[0]));
    assertEquals(List.of("virtio_blk"), request.modules());
    assertEquals(List.of("xenstore-utils"), request.packages());
    assertTrue(request.refresh() && request.deviceTrees() && request.files().size() == 1);
    assertEquals(new GuestRequest(List.of(), List.of(), List.of(), false, false), GuestRequest.PLAIN);
  }

  @Test
  void requestHasTheUsersWordsBehindTheGuestsAndRoomForTheLargestTree() {
    GuestImage guest = new GuestImage("a", new byte[1], Optional.empty(), "console=ttyAMA0", List.of(), Optional.empty());
    BootRequest request = BootRequest.of(guest, "  quiet ", RAM);
    assertEquals("console=ttyAMA0 quiet", request.commandLine());
    assertEquals("console=ttyAMA0", BootRequest.of(guest, " ", RAM).commandLine());
    assertEquals(2 << 20, request.deviceTreeCapacity());
    assertEquals(OptionalLong.empty(), request.loadAddress());
    BootRequest placed = request.withPlace(OptionalLong.of(0x4008_0000L), OptionalLong.of(1)).withCpus(List.of(CPU)).withModules(List
        .of(new BootModule("kernel", new byte[0], "")));
    assertEquals(OptionalLong.of(0x4008_0000L), placed.loadAddress());
    assertEquals(OptionalLong.of(1), placed.entry());
    assertEquals(List.of(CPU), placed.cpus());
    assertEquals(1, placed.modules().size());
    assertEquals(List.of(), request.modules());
    assertThrows(NullPointerException.class, () -> new BootModule("kernel", new byte[0], null));
  }

  @Test
  void aGuestThatIsGivenNoTreeHasNone() {
    byte[] memory = new byte[8];
    BootPlan plan = new BootPlan("a kernel", List.of(new Segment("kernel", new MemoryRange(2, 4), new byte[] {1, 2})), Optional.empty(),
        ENTRY);
    plan.load((address, data, offset, length) -> System.arraycopy(data, offset, memory, (int) address, length), new byte[5]);
    assertArrayEquals(new byte[] {0, 0, 1, 2, 0, 0, 0, 0}, memory);
  }

  @Test
  void recordsKeepTheirOwnLists() {
    List<MemoryRange> memory = new ArrayList<>(RAM);
    DeviceTreeFacts facts = new DeviceTreeFacts("", Optional.empty(), memory);
    memory.clear();
    assertEquals(RAM, facts.memory());
    assertEquals(List.of(), facts.modules());
  }

  @Test
  void planIsLoadedWithTheTreeThatFitsAndNotAtAllWithALargerOne() {
    byte[] memory = new byte[64];
    GuestMemory guest = (address, data, offset, length) -> System.arraycopy(data, offset, memory, (int) address, length);
    BootPlan plan = new BootPlan("a kernel", List.of(new Segment("kernel", new MemoryRange(8, 16), new byte[] {1, 2})), Optional
        .of(new TreePlace(new MemoryRange(32, 4), new DeviceTreeFacts("", Optional.empty(), RAM))), ENTRY);
    BootException larger = assertThrows(BootException.class, () -> plan.load(guest, new byte[5]));
    assertTrue(larger.getMessage().contains("5 bytes") && larger.getMessage().contains("room for 4"), larger.getMessage());
    assertArrayEquals(new byte[64], memory, "nothing was written");

    plan.load(guest, new byte[] {7, 7, 7, 7});
    byte[] expected = new byte[64];
    expected[8] = 1;
    expected[9] = 2;
    for (int i = 32; i < 36; i++) {
      expected[i] = 7;
    }
    assertArrayEquals(expected, memory);
  }

  @Test
  void theTreeIsWrittenWhereverItFits() {
    byte[] memory = new byte[64];
    GuestMemory guest = (address, data, offset, length) -> System.arraycopy(data, offset, memory, (int) address, length);
    TreePlace place = new TreePlace(new MemoryRange(32, 4), new DeviceTreeFacts("", Optional.empty(), RAM), List.of(new MemoryRange(8, 4),
        new MemoryRange(48, 3)));
    new BootPlan("a program", List.of(), Optional.of(place), ENTRY).load(guest, new byte[] {7, 8, 9, 6});
    byte[] expected = new byte[64];
    System.arraycopy(new byte[] {7, 8, 9, 6}, 0, expected, 32, 4);
    System.arraycopy(new byte[] {7, 8, 9, 6}, 0, expected, 8, 4);
    assertArrayEquals(expected, memory, "not where there is no room for it");
  }

  /** Of a file a part, and of memory outside the heap more than is copied at once. */
  @Test
  void partsOfFilesAndMemoryOutsideTheHeapAreLoadedAndGivenBackThen() {
    byte[] file = new byte[200_003];
    new Random(1).nextBytes(file);
    byte[] memory = new byte[1 << 19];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment outside = arena.allocate(file.length).copyFrom(MemorySegment.ofArray(file));
      List<String> done = new ArrayList<>();
      BootPlan plan = new BootPlan("a kernel", List.of(new Segment("part", new MemoryRange(16, 8), MemorySegment.ofArray(file).asSlice(7,
          5)),
          new Segment("kernel", new MemoryRange(4096, file.length), outside)), Optional.empty(), ENTRY, () -> done.add("released"));
      assertArrayEquals(Arrays.copyOfRange(file, 7, 12), plan.segments().getFirst().data());
      assertArrayEquals(file, plan.segments().getLast().data());
      plan.load((address, data, offset, length) -> {
        assertEquals(List.of(), done);
        System.arraycopy(data, offset, memory, (int) address, length);
      }, new byte[0]);
      assertEquals(List.of("released"), done);
    }
    byte[] expected = new byte[memory.length];
    System.arraycopy(file, 7, expected, 16, 5);
    System.arraycopy(file, 0, expected, 4096, file.length);
    assertArrayEquals(expected, memory);
  }
}
