// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.MemoryRange;

class ElfBootLoaderTest {
  private static final long BASE = 0x4000_0000;
  private static final MemoryRange RAM = new MemoryRange(BASE, 512 << 20);
  private static final int FIXED = 2;
  private static final int INDEPENDENT = 3;
  private final ElfBootLoader loader = new ElfBootLoader();

  private static BootRequest request(byte[] file) {
    return new BootRequest(file, Optional.empty(), "words", List.of(RAM), List.of(), BootRequest.DEVICE_TREE_LIMIT);
  }

  private BootPlan at(ElfBytes file, long address) {
    return loader.plan(request(file.bytes()).withPlace(OptionalLong.of(address), OptionalLong.empty()));
  }

  @Test
  void segmentsGoWhereTheirPhysicalAddressesAre() {
    byte[] file = new ElfBytes(0x3000, FIXED, 0xFFFF_0000_0000_1010L).segment(1, 0x1000, 0xFFFF_0000_0000_1000L, BASE + 0x10_0000, 0x800,
        0x800)
        .segment(4, 0, 0, 0, 0x20, 0x20).segment(1, 0x2000, 0xFFFF_0000_0000_2000L, BASE + 0x20_0000, 4, 0x5000)
        .segment(1, 0, 0, 0, 0, 0).bytes();
    assertTrue(loader.recognises(file));
    file[0x2003] = 7;
    BootPlan plan = loader.plan(request(file));
    assertEquals(List.of(new MemoryRange(BASE + 0x10_0000, 0x800), new MemoryRange(BASE + 0x20_0000, 0x5000)),
        plan.segments().stream().map(BootPlan.Segment::range).toList());
    assertEquals(7, plan.segments().get(1).data()[3]);
    assertEquals(4, plan.segments().get(1).data().length);
    assertEquals(new ArmEntry(BASE + 0x10_0010, BASE), plan.entry(), "a virtual entry is a physical one");
    assertEquals(BASE, plan.tree().orElseThrow().range().base());
    assertEquals("words", plan.tree().orElseThrow().facts().bootArguments());
  }

  @Test
  void aProgramAtTheStartOfRamHasTheTreeBehindIt() {
    BootPlan plan = loader.plan(request(ElfBytes.program(FIXED, BASE).bytes()));
    assertEquals(BASE + 8, ((ArmEntry) plan.entry()).pc());
    assertEquals(BASE + (2 << 20), plan.tree().orElseThrow().range().base());
    assertEquals(plan.tree().orElseThrow().range().base(), ((ArmEntry) plan.entry()).x0());
  }

  @Test
  void aPositionIndependentOneIsPutWhereThereIsRam() {
    assertEquals(BASE + 0x8_0008, ((ArmEntry) loader.plan(request(ElfBytes.program(INDEPENDENT, 0).bytes())).entry()).pc());
    assertEquals(BASE + 0x10_0008, ((ArmEntry) loader.plan(request(ElfBytes.program(INDEPENDENT, BASE + 0x10_0000).bytes())).entry()).pc());
    assertEquals(BASE + 0x20_0008, ((ArmEntry) at(ElfBytes.program(INDEPENDENT, 0), BASE + 0x20_0000).entry()).pc());
    assertEquals(BASE + 0x8_0010, ((ArmEntry) loader.plan(request(ElfBytes.program(INDEPENDENT, 0).bytes())
        .withPlace(OptionalLong.empty(), OptionalLong.of(BASE + 0x8_0010))).entry()).pc());
    refused("multiples of 0x1000", () -> at(ElfBytes.program(INDEPENDENT, 0), BASE + 0x20_0800));
    refused("linked to lie at 0x40100000", () -> at(ElfBytes.program(FIXED, BASE + 0x10_0000), BASE));
    assertEquals(BASE + 8, ((ArmEntry) at(ElfBytes.program(FIXED, BASE), BASE).entry()).pc());
  }

  @Test
  void whatIsNoProgramForTheseMachinesIsRefusedByName() {
    refused("for x86-64, 64-bit, little-endian", ElfBytes.program(FIXED, BASE), 18, (short) 62);
    refused("for Arm (AArch32), 64-bit", ElfBytes.program(FIXED, BASE), 18, (short) 40);
    refused("for machine 999", ElfBytes.program(FIXED, BASE), 18, (short) 999);
    refused("for AArch64, 32-bit, little-endian", ElfBytes.program(FIXED, BASE), 4, (short) 0x0101);
    ElfBytes big = ElfBytes.program(FIXED, BASE);
    big.file.put(5, (byte) 2).put(18, (byte) 0).put(19, (byte) 183);
    refused("for AArch64, 64-bit, big-endian", big.bytes());
    refused("not linked", ElfBytes.program(1, BASE).bytes());
    refused("memory dump", ElfBytes.program(4, BASE).bytes());
    refused("of type 5", ElfBytes.program(5, BASE).bytes());
    refused("nothing to load", new ElfBytes(0x200, FIXED, 0).bytes());
    refused("dynamic linker", ElfBytes.program(INDEPENDENT, 0).segment(3, 0, 0, 0, 1, 1).bytes());
  }

  @Test
  void whatIsDamagedOrDoesNotFitIsSaid() {
    byte[] whole = ElfBytes.program(FIXED, BASE).bytes();
    refused("cut off or damaged: it has 63 bytes", Arrays.copyOf(whole, 63));
    refused("cut off or damaged: its segment 0", Arrays.copyOf(whole, whole.length - 1));
    refused("cut off or damaged: its 1 program headers", Arrays.copyOf(whole, 100));
    refused("damaged", new ElfBytes(0x100, FIXED, BASE).segment(1, 0, BASE, BASE, 0x80, 0x40).bytes());
    refused("damaged", new ElfBytes(0x100, FIXED, BASE).segment(1, -1, BASE, BASE, 0x80, 0x80).bytes());
    refused("at 0xffff800008000000, where the machine has no RAM; it has 0x40000000-0x5fffffff",
        ElfBytes.program(FIXED, 0xFFFF_8000_0800_0000L).bytes());
    refused("Give the machine more memory", new ElfBytes(0x100, FIXED, BASE).segment(1, 0, BASE, BASE, 0, 513L << 20).bytes());
    refused("over something else", ElfBytes.program(FIXED, BASE).segment(1, 0, 0, BASE + 0x2FFF, 0, 1).bytes());
    refused("the entry 0x40004000 is not in the program", new ElfBytes(0x100, FIXED, BASE + 0x4000).segment(1, 0, BASE, BASE, 0, 16)
        .bytes());
    refused("no multiple of 4", new ElfBytes(0x100, FIXED, BASE + 2).segment(1, 0, BASE, BASE, 0, 16).bytes());
  }

  /** Whichever of the loaders is asked first. */
  @Test
  void aKernelOfAPcIsLeftToItsLoader() {
    for (int machine : new int[] {3, 62}) {
      byte[] file = ElfBytes.program(FIXED, BASE).bytes();
      file[18] = (byte) machine;
      file[19] = 0;
      assertFalse(loader.recognises(file));
      file[19] = 1;
      assertTrue(loader.recognises(file), "another machine, of which it can say so");
    }
  }

  /** Headers of random bytes are refused or planned, and what is planned is in RAM. */
  @Test
  void randomHeadersNeverDoHarm() {
    Random random = new Random(41);
    int planned = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] file = ElfBytes.program(2 + round % 2, BASE + 0x10_0000).bytes();
      for (int i = random.nextInt(4); i >= 0; i--) {
        file[4 + random.nextInt(64 + 56 - 4)] = (byte) random.nextInt(1 + random.nextInt(256));
      }
      try {
        BootPlan plan = loader.plan(request(file));
        planned++;
        plan.segments().forEach(segment -> assertTrue(segment.range().base() >= BASE && segment.range().end() <= RAM.end()
            && segment.data().length <= segment.range().size(), segment::toString));
        assertFalse(plan.segments().stream().anyMatch(segment -> segment.range().overlaps(plan.tree().orElseThrow().range())));
      } catch (BootException refused) {
        assertFalse(refused.getMessage().isEmpty());
      }
    }
    assertTrue(planned > 1000 && planned < 19_000, planned + " planned");
  }

  private void refused(String part, ElfBytes file, int at, short value) {
    file.file.putShort(at, value);
    refused(part, file.bytes());
  }

  private void refused(String part, byte[] file) {
    refused(part, () -> loader.plan(request(file)));
  }

  private static void refused(String part, Runnable plan) {
    String says = assertThrows(BootException.class, plan::run).getMessage();
    assertTrue(says.contains(part), says);
  }

  @Test
  void segmentsThatTakeTheSameBytesAgainAndAgainAreRefused() {
    ElfBytes file = new ElfBytes(0x3000, INDEPENDENT, 8);
    for (int i = 0; i < 100; i++) {
      file.segment(1, 0, 0x3000 * i, 0x3000 * i, 0x3000, 0x3000);
    }
    refused("cut off or damaged: its segments have 0x", file.bytes());
  }
}
