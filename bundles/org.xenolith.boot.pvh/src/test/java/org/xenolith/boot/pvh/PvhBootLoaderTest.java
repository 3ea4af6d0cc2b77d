// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.pvh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.command.api.BadInput;
import org.xenolith.testkit.x64.SmallElf;
import org.xenolith.x64.api.PvhEntry;

class PvhBootLoaderTest {
  private static final int ENTRY = 18;
  private static final int RELOCATION = 19;
  private static final long MEGABYTE = 1 << 20;
  private final PvhBootLoader loader = new PvhBootLoader();

  private static SmallElf kernel() {
    return new SmallElf().load(16 * MEGABYTE, 0x3000, 0x10_0000).note(ENTRY, (int) (16 * MEGABYTE) + 0x100);
  }

  private static BootRequest request(byte[] kernel, long memory, String line, byte[] initrd) {
    return new BootRequest(kernel, Optional.ofNullable(initrd), line, List.of(new MemoryRange(0, memory)), List.of(), List.of(), 0,
        OptionalLong
            .empty(), OptionalLong.empty(), List.of());
  }

  private BootPlan plan(SmallElf kernel, long memory) {
    return loader.plan(request(kernel.bytes(), memory, "", null));
  }

  private void refused(String words, SmallElf kernel) {
    refused(words, kernel.bytes());
  }

  private void refused(String words, byte[] kernel) {
    String said = assertThrows(BootException.class, () -> loader.plan(request(kernel, 64 * MEGABYTE, "", null))).getMessage();
    assertTrue(said.contains(words), said);
  }

  private static byte[] read(BootPlan plan, long address, int length) {
    for (BootPlan.Segment each : plan.segments()) {
      if (address >= each.range().base() && address + length <= each.range().end()) {
        int from = (int) (address - each.range().base());
        return Arrays.copyOfRange(each.data(), from, from + length);
      }
    }
    throw new AssertionError("nothing is at 0x" + Long.toHexString(address));
  }

  private static ByteBuffer words(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** As with --guest debian-amd64 and no board, which is an Arm board then. */
  @Test
  void boardWithoutMemoryThereIsNamedAsTheReason() {
    BootRequest request = new BootRequest(kernel().bytes(), Optional.empty(), "", List.of(new MemoryRange(0x4000_0000L, 64 * MEGABYTE)),
        List.of(), List.of(), 0, OptionalLong.empty(), OptionalLong.empty(), List.of());
    String said = assertThrows(BootException.class, () -> loader.plan(request)).getMessage();
    assertTrue(said.contains("this board has no RAM there, but 0x40000000-0x43ffffff. Name a PC, as the board pc-pvh"), said);
  }

  /** Xen, public/arch-x86/hvm/start_info.h. */
  @Test
  void startInfoLeadsToAllThatWasGiven() {
    byte[] initrd = new byte[5000];
    Arrays.fill(initrd, (byte) 0x5A);
    BootPlan plan = loader.plan(request(kernel().bytes(), 64 * MEGABYTE, "console=ttyS0", initrd).withRootPointer(OptionalLong.of(
        0xE_0000)));
    PvhEntry entry = (PvhEntry) plan.entry();
    assertEquals(16 * MEGABYTE + 0x100, entry.eip());
    ByteBuffer info = words(read(plan, entry.ebx(), 56));
    assertEquals(0x336e_c578, info.getInt(0));
    assertEquals(1, info.getInt(4));
    assertEquals(1, info.getInt(12), "modules");
    ByteBuffer module = words(read(plan, info.getLong(16), 32));
    assertEquals(5000, module.getLong(8));
    assertEquals(0, module.getLong(0) % 4096);
    assertEquals(0x5A, read(plan, module.getLong(0), 5000)[4999]);
    assertEquals("console=ttyS0\0", new String(read(plan, info.getLong(24), 14), StandardCharsets.US_ASCII));
    assertEquals(0xE_0000, info.getLong(32));
    int entries = info.getInt(48);
    ByteBuffer map = words(read(plan, info.getLong(40), entries * 24));
    assertEquals(4, entries);
    assertEquals(List.of(0L, 0x9_FC00L, 1), List.of(map.getLong(0), map.getLong(8), map.getInt(16)));
    assertEquals(List.of(0x9_FC00L, 0x400L, 2), List.of(map.getLong(24), map.getLong(32), map.getInt(40)));
    assertEquals(List.of(0xE_0000L, 0x2_0000L, 2), List.of(map.getLong(48), map.getLong(56), map.getInt(64)));
    assertEquals(List.of(MEGABYTE, 63 * MEGABYTE, 1), List.of(map.getLong(72), map.getLong(80), map.getInt(88)));
  }

  private static BootRequest asking(BootRequest request, String layout) {
    return request.withOptions(Map.of(StartInfoOption.NAME, List.of(layout)));
  }

  /** Version 0 of public/arch-x86/hvm/start_info.h ends where the memory map's address is in version 1; the draft of 2015 has six fields of 32 bits. */
  @Test
  void olderStartInfosAreGivenWhereTheyAreAskedFor() {
    BootRequest request = request(kernel().bytes(), 64 * MEGABYTE, "console=ttyS0", new byte[5000]).withRootPointer(OptionalLong.of(
        0xE_0000));
    BootPlan zero = loader.plan(asking(request, "0"));
    ByteBuffer info = words(read(zero, ((PvhEntry) zero.entry()).ebx(), 40));
    assertEquals(List.of(0x336e_c578, 0, 0, 1), List.of(info.getInt(0), info.getInt(4), info.getInt(8), info.getInt(12)));
    assertEquals(5000, words(read(zero, info.getLong(16), 32)).getLong(8));
    assertEquals(0xE_0000, info.getLong(32));
    assertTrue(zero.segments().stream().noneMatch(each -> each.name().equals("memory map")));
    BootPlan draft = loader.plan(asking(request, "draft"));
    ByteBuffer old = words(read(draft, ((PvhEntry) draft.entry()).ebx(), 24));
    assertEquals(List.of(0x336e_c578, 0, 1, 0xE_0000), List.of(old.getInt(0), old.getInt(4), old.getInt(12), old.getInt(20)));
    assertEquals("console=ttyS0\0", new String(read(draft, old.getInt(8), 14), StandardCharsets.US_ASCII));
    ByteBuffer module = words(read(draft, old.getInt(16), 16));
    assertEquals(5000, module.getInt(4));
  }

  /** What the draft was given up for: nothing above 4 GiB can be said. */
  @Test
  void draftCannotSayWhatLiesAboveFourGibibytes() {
    List<MemoryRange> memory = List.of(new MemoryRange(0, 32 * MEGABYTE), new MemoryRange(1L << 32, 64 * MEGABYTE));
    BootRequest high = new BootRequest(kernel().bytes(), Optional.of(new byte[20 << 20]), "", memory, List.of(), List.of(), 0, OptionalLong
        .empty(), OptionalLong.empty(), List.of());
    BootPlan plan = loader.plan(asking(high, "0"));
    assertTrue(plan.segments().stream().anyMatch(each -> each.range().base() >= 1L << 32), "the initramfs");
    String said = assertThrows(BootException.class, () -> loader.plan(asking(high, "draft"))).getMessage();
    assertTrue(said.contains("can't say anything above 4 GiB. Use version 0 or 1"), said);
  }

  @Test
  void versionsThatAreNoneAreRefused() {
    StartInfoOption option = new StartInfoOption();
    assertEquals(List.of("1", "0", "draft"), option.candidates());
    BadInput said = assertThrows(BadInput.class, () -> option.use(List.of("2"), null));
    assertTrue(said.getMessage().contains("expected 1, 0, draft"), said.getMessage());
  }

  @Test
  void kernelIsMovedWhereItsNoteAllows() {
    SmallElf high = new SmallElf().load(128 * MEGABYTE, 0x1000, 0x20_0000).note(ENTRY, (int) (128 * MEGABYTE)).note(RELOCATION, 0x20_0000,
        (int) (32 * MEGABYTE), 0x0FFF_FFFF);
    PvhEntry entry = (PvhEntry) plan(high, 64 * MEGABYTE).entry();
    assertEquals(32 * MEGABYTE, entry.eip());
    assertEquals(128 * MEGABYTE, ((PvhEntry) plan(high, 256 * MEGABYTE).entry()).eip(), "where it is linked, if that is free");
    refused("it says of no other place (note 19)", new SmallElf().load(128 * MEGABYTE, 0x1000, 0x1000).note(ENTRY, (int) (128 * MEGABYTE)));
    refused("there is no such place", new SmallElf().load(128 * MEGABYTE, 0x1000, 0x1000).note(ENTRY, (int) (128 * MEGABYTE)).note(
        RELOCATION,
        0x1000, (int) (100 * MEGABYTE), 0x0FFF_FFFF));
  }

  @Test
  void kernelsThatCannotBeEnteredAreRefused() {
    refused("no PVH entry", new SmallElf().load(16 * MEGABYTE, 0x1000, 0x1000));
    refused("is in none of its segments", new SmallElf().load(16 * MEGABYTE, 0x1000, 0x1000).note(ENTRY, 0x10_0000));
    refused("is in none of its segments", new SmallElf().note(ENTRY, 0x10_0000));
    refused("segments overlap", kernel().load(16 * MEGABYTE + 0x8000, 0x1000, 0x1000));
    refused("its segment 1 has 0x4 bytes, of which 0x100 are in the file", new SmallElf().note(ENTRY, (int) (16 * MEGABYTE)).load(
        16 * MEGABYTE, 0x100, 4));
    refused("below 4 GiB", kernel().load(0xFFFF_F000L, 0x1000, 0x2000));
    refused("note 19 (PHYS32_RELOC) says alignment", kernel().note(RELOCATION, 3));
    refused("note 18 (PHYS32_ENTRY) has 12 bytes", new SmallElf().load(16 * MEGABYTE, 0x1000, 0x1000).note(ENTRY, 1, 2, 3));
    byte[] arm = kernel().bytes();
    arm[18] = (byte) 183;
    refused("Name a kernel for x86", arm);
    byte[] whole = kernel().bytes();
    refused("cut off or damaged", Arrays.copyOf(whole, whole.length - 1));
    refused("cut off or damaged", Arrays.copyOf(whole, 63));
    byte[] image = new byte[0x300];
    words(image).putInt(0x202, 0x5372_6448).putShort(0x206, (short) 0x20F).putInt(0x24C, 0x1000);
    refused("bzImage is cut off or damaged", image);
  }

  @Test
  void placeOfTheUsersIsRefused() {
    BootRequest wish = request(kernel().bytes(), 64 * MEGABYTE, "", null).withPlace(OptionalLong.of(0x10_0000), OptionalLong.empty());
    assertThrows(BootException.class, () -> loader.plan(wish));
  }

  @Test
  void whatHasNoRoomIsRefused() {
    String said = assertThrows(BootException.class, () -> loader.plan(request(kernel().bytes(), 32 * MEGABYTE, "", new byte[30 << 20])))
        .getMessage();
    assertTrue(said.contains("needs 30.0 MiB"), said);
  }

  @Test
  void othersFilesAreNotRecognised() {
    assertTrue(loader.recognises(kernel().bytes()));
    assertFalse(loader.recognises(new byte[0]));
    assertFalse(loader.recognises(new byte[4096]));
    byte[] arm = kernel().bytes();
    arm[18] = (byte) 183;
    assertFalse(loader.recognises(arm));
  }

  /** Of a damaged kernel comes a plan whose parts lie in RAM beside each other, or a message. */
  @Test
  void damagedKernelsAreLaidOutOrRefused() {
    SplittableRandom random = new SplittableRandom(18);
    byte[] sound = kernel().load(20 * MEGABYTE, 0x800, 0x4000).note(RELOCATION, 0x20_0000, 0, -1).bytes();
    int laidOut = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = random.nextInt(8) == 0 ? Arrays.copyOf(sound, random.nextInt(sound.length)) : sound.clone();
      for (int n = random.nextInt(1, 4); n > 0 && damaged.length > 0; n--) {
        int most = random.nextInt(4) == 0 ? damaged.length : Math.min(damaged.length, 64 + 56 * 4);
        damaged[random.nextInt(most)] = (byte) (random.nextBoolean() ? random.nextInt() : 1 << random.nextInt(8));
      }
      try {
        check(loader.plan(request(damaged, 64 * MEGABYTE, "a=b", null)));
        laidOut++;
      } catch (BootException refused) {
        assertFalse(refused.getMessage().isBlank());
      }
    }
    assertTrue(laidOut > 1000, "laid out: " + laidOut);
  }

  private static void check(BootPlan plan) {
    List<BootPlan.Segment> all = plan.segments();
    for (BootPlan.Segment one : all) {
      assertTrue(one.range().base() >= 4096 && one.range().end() <= 64 * MEGABYTE, one::toString);
      assertTrue(one.data().length <= one.range().size(), one::toString);
      for (BootPlan.Segment other : all) {
        assertTrue(one == other || !one.range().overlaps(other.range()), () -> one + " and " + other);
      }
    }
  }
}
