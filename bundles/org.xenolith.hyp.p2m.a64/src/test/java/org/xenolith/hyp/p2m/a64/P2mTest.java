// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.p2m.a64.Board.RAM_FRAME;
import static org.xenolith.xen.abi.XenErrno.XEN_EINVAL;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOMEM;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.memory.kit.TableFormat;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;

/** Stage 2 as the CPU sees it. */
class P2mTest {
  private static final long BLOCK = 512;
  private static final long GFN = 0x40000;
  private final Board board = new Board();
  private final FakeDomain guest = board.guest(2);

  private void map(long gfn, long mfn, long count, PageType type) {
    assertEquals(0, board.p2m.map(guest, gfn, mfn, count, type));
  }

  private static long at(long frame) {
    return frame << 12;
  }

  @Test
  void pagesAndBlocksAreWhereTheyWereMapped() {
    map(GFN - 3, RAM_FRAME + BLOCK - 3, 3 + 2 * BLOCK + 5, PageType.RAM);
    for (long i = -3; i < 2 * BLOCK + 5; i++) {
      assertEquals(at(RAM_FRAME + BLOCK + i) + 8, board.machine(guest, at(GFN + i) + 8, true), "page " + i);
      assertEquals(at(RAM_FRAME + BLOCK + i) + 8, board.p2m.translate(guest, at(GFN + i) + 8, true), "page " + i);
    }
    assertEquals(-1, board.machine(guest, at(GFN - 4), false));
    assertEquals(-1, board.machine(guest, at(GFN + 2 * BLOCK + 5), false));
    assertEquals(-1, board.p2m.translate(guest, at(GFN - 4), false));
  }

  @Test
  void largeRangesTakeOneEntryForEachBlock() {
    board.p2m.root(guest);
    long before = board.heap.free();
    map(GFN, RAM_FRAME, 8 * BLOCK, PageType.RAM);
    assertEquals(1, before - board.heap.free(), "a table of level 2 only");
  }

  @Test
  void whatIsLeftOfABlockStays() {
    map(GFN, RAM_FRAME + BLOCK, 2 * BLOCK, PageType.RAM);
    assertEquals(0, board.p2m.unmap(guest, GFN + 7, 3));
    for (long i = 0; i < 2 * BLOCK; i++) {
      long expected = i >= 7 && i < 10 ? -1 : at(RAM_FRAME + BLOCK + i);
      assertEquals(expected, board.machine(guest, at(GFN + i), true), "page " + i);
      assertEquals(expected == -1 ? 0 : 1, board.heap.held(RAM_FRAME + BLOCK + i), "references of page " + i);
    }
  }

  @Test
  void permissionsAndAttributesFollowTheType() {
    map(GFN, RAM_FRAME, 1, PageType.RAM);
    map(GFN + 1, RAM_FRAME + 1, 1, PageType.RAM_READ_ONLY);
    map(GFN + 2, 0x9000, 1, PageType.DEVICE);
    map(GFN + 3, RAM_FRAME + 3, 1, PageType.FOREIGN);
    map(GFN + 4, RAM_FRAME + 4, 1, PageType.GRANT);
    map(GFN + 5, RAM_FRAME + 5, 1, PageType.GRANT_READ_ONLY);
    PageType[] types = {PageType.RAM, PageType.RAM_READ_ONLY, PageType.DEVICE, PageType.FOREIGN, PageType.GRANT,
        PageType.GRANT_READ_ONLY, PageType.NONE};
    boolean[] writable = {true, false, true, true, true, false, false};
    boolean[] executable = {true, true, false, false, false, false, false};
    for (int i = 0; i < types.length; i++) {
      long ipa = at(GFN + i);
      assertEquals(types[i], board.p2m.type(guest, GFN + i));
      assertEquals(types[i] != PageType.NONE, board.machine(guest, ipa, false) != -1, types[i] + " read");
      assertEquals(writable[i], board.machine(guest, ipa, true) != -1, types[i] + " written");
      assertEquals(executable[i], board.executes(guest, ipa), types[i] + " executed");
      assertEquals(writable[i] && types[i] != PageType.DEVICE, board.p2m.translate(guest, ipa, true) != -1, types[i] + " by us");
    }
    assertEquals(0xFF, board.walk(guest, at(GFN), false) >>> 56, "Normal write-back");
    assertEquals(0x04, board.walk(guest, at(GFN + 2), false) >>> 56, "Device-nGnRE");
  }

  @Test
  void whatChangedIsNotFoundInATlb() {
    map(GFN, RAM_FRAME, 4, PageType.RAM);
    board.memory.write64(at(RAM_FRAME), 0xAAAA);
    board.memory.write64(at(RAM_FRAME + 9), 0xBBBB);
    board.load(guest);
    assertEquals(0xAAAA, board.read(at(GFN)));
    map(GFN, RAM_FRAME + 9, 1, PageType.RAM);
    assertEquals(0xBBBB, board.read(at(GFN)));
    board.p2m.unmap(guest, GFN, 1);
    assertEquals(-1, board.read(at(GFN)));
  }

  @Test
  void whatChangedOfADomainThatDoesntRunIsNotFoundInATlbEither() {
    FakeDomain other = board.guest(3);
    map(GFN, RAM_FRAME, 1, PageType.RAM);
    board.memory.write64(at(RAM_FRAME), 0xAAAA);
    board.load(guest);
    assertEquals(0xAAAA, board.read(at(GFN)));
    board.load(other);
    board.p2m.unmap(guest, GFN, 1);
    board.load(guest);
    assertEquals(-1, board.read(at(GFN)));
  }

  @Test
  void whoKeepsTranslationsIsToldWhenOneChangesAndThatADomainIsGone() {
    List<Integer> told = new ArrayList<>();
    board.p2m.listen(domain -> told.add(domain.id()), board.hypervisor.context("p2m"));
    FakeDomain other = board.guest(3);
    map(GFN, RAM_FRAME, 4, PageType.RAM);
    assertEquals(0, board.p2m.map(other, GFN, RAM_FRAME + 9, 1, PageType.RAM));
    assertEquals(List.of(), told, "nobody can keep what was not there");
    board.p2m.unmap(guest, GFN, 1);
    assertEquals(List.of(2), told);
    map(GFN + 1, RAM_FRAME + 8, 1, PageType.RAM);
    assertEquals(List.of(2, 2), told);
    board.hypervisor.destroy(other);
    assertEquals(List.of(2, 2, 3), told);
  }

  @Test
  void maintenanceLeavesTheCpuToWhomItBelongs() {
    FakeDomain other = board.guest(3);
    map(GFN, RAM_FRAME, 4, PageType.RAM);
    board.load(other);
    board.p2m.unmap(guest, GFN, 1);
    assertEquals(board.p2m.root(other), board.cpu.el2.read(SysReg.VTTBR_EL2));
  }

  @Test
  void domainsAreKeptApart() {
    FakeDomain other = board.guest(3);
    map(GFN, RAM_FRAME, 1, PageType.RAM);
    assertEquals(0, board.p2m.map(other, GFN, RAM_FRAME + 1, 1, PageType.RAM));
    assertNotEquals(board.p2m.root(guest) >>> 48, board.p2m.root(other) >>> 48, "VMIDs");
    assertEquals(at(RAM_FRAME), board.machine(guest, at(GFN), false));
    assertEquals(at(RAM_FRAME + 1), board.machine(other, at(GFN), false));
    assertEquals(at(RAM_FRAME), board.p2m.translate(guest, at(GFN), false));
    assertEquals(at(RAM_FRAME + 1), board.p2m.translate(other, at(GFN), false));
  }

  @Test
  void everyMappingHoldsItsFrame() {
    map(GFN, RAM_FRAME, 1, PageType.RAM);
    map(GFN + 1, RAM_FRAME, 1, PageType.GRANT);
    assertEquals(2, board.heap.held(RAM_FRAME));
    map(GFN, RAM_FRAME, 1, PageType.RAM);
    assertEquals(2, board.heap.held(RAM_FRAME));
    map(GFN, RAM_FRAME + 1, 1, PageType.RAM);
    assertEquals(1, board.heap.held(RAM_FRAME));
    board.p2m.unmap(guest, GFN, 2);
    assertEquals(0, board.heap.held(RAM_FRAME));
    assertEquals(0, board.heap.held(RAM_FRAME + 1));
  }

  @Test
  void populatedPagesAreZeroAndTheDomainsOwn() {
    board.heap.allocateAt(9, RAM_FRAME, 16384);
    for (int i = 0; i < 16384; i += 100) {
      board.memory.write64(at(RAM_FRAME + i), -1);
    }
    board.heap.freeAll(9);
    board.p2m.root(guest);
    assertEquals(0, board.p2m.populate(guest, GFN - 2, 2 + BLOCK + 3));
    assertEquals(BLOCK + 5, board.p2m.pages(guest));
    assertEquals(BLOCK + 5, board.heap.count(guest.serial()));
    for (long i = -2; i < BLOCK + 3; i++) {
      long machine = board.machine(guest, at(GFN + i), true);
      assertEquals(guest.serial(), board.heap.owner(machine >>> 12));
      for (int offset = 0; offset < 4096; offset += 8) {
        assertEquals(0, board.memory.read64(machine + offset));
      }
    }
  }

  @Test
  void populationBeyondTheLimitGivesNothing() {
    assertEquals(0, board.p2m.populate(guest, GFN, 4000));
    assertEquals(-XEN_ENOMEM, board.p2m.populate(guest, GFN + 4096, 97));
    assertEquals(4000, board.heap.count(guest.serial()));
    assertEquals(0, board.p2m.populate(guest, GFN + 4096, 96));
    guest.maxPages(1 << 20);
    long free = board.heap.free();
    assertEquals(-XEN_ENOMEM, board.p2m.populate(guest, GFN + 0x10000, free + 1));
    assertEquals(4096, board.p2m.pages(guest));
    assertEquals(4096, board.heap.count(guest.serial()));
  }

  @Test
  void aDirectlyMappedDomainGetsTheFramesOfTheSameNumbers() {
    FakeDomain dom0 = board.domain(0, DomainSpec.Kind.DOM0, 4096);
    assertEquals(0, board.p2m.populate(dom0, RAM_FRAME + BLOCK, BLOCK + 1));
    assertEquals(at(RAM_FRAME + 2 * BLOCK), board.machine(dom0, at(RAM_FRAME + 2 * BLOCK), true));
    assertEquals(-XEN_ENOMEM, board.p2m.populate(dom0, RAM_FRAME + BLOCK - 1, 2), "it has one of them");
    assertEquals(BLOCK + 1, board.heap.count(dom0.serial()));
  }

  @Test
  void aDestroyedDomainLeavesNothing() {
    long free = board.heap.free();
    FakeDomain doomed = board.guest(5);
    assertEquals(0, board.p2m.populate(doomed, GFN, 1000));
    assertEquals(0, board.p2m.map(doomed, 0x39000, RAM_FRAME, 1, PageType.FOREIGN));
    board.hypervisor.destroy(doomed);
    assertEquals(free, board.heap.free());
    assertEquals(0, board.heap.held(RAM_FRAME));
    assertEquals(0, board.p2m.root(doomed), "it is gone for good");
  }

  @Test
  void anotherVersionGoesOnWithTheTables() {
    map(GFN, RAM_FRAME, 700, PageType.RAM);
    long root = board.p2m.root(guest);
    board.hypervisor.replace("p2m", new P2mComponent());
    assertEquals(root, board.p2m.root(guest));
    assertEquals(at(RAM_FRAME + 600), board.p2m.translate(guest, at(GFN + 600), true));
    assertEquals(0, board.p2m.unmap(guest, GFN, 700));
    assertEquals(0, board.heap.held(RAM_FRAME + 600));
  }

  @Test
  void whoWasDestroyedWhileNobodyServedLeavesNothing() {
    FakeDomain doomed = board.guest(5);
    long free = board.heap.free();
    board.p2m.populate(doomed, GFN, 100);
    StateRecord record = board.hypervisor.remove("p2m");
    assertFalse(board.p2m.present());
    board.hypervisor.destroy(doomed);
    board.hypervisor.bringBack("p2m", new P2mComponent(), record);
    assertEquals(free + 1, board.heap.free(), "shared_info too");
    assertTrue(board.p2m.present());
  }

  @Test
  void oneGuestCantFillMemoryWithTables() {
    board.p2m.root(guest);
    long free = board.heap.free();
    int mapped = 0;
    while (mapped < 100_000 && board.p2m.map(guest, mapped * BLOCK, RAM_FRAME, 1, PageType.GRANT) == 0) {
      mapped++;
    }
    assertTrue(mapped < 1000, mapped + " tables");
    for (int i = 0; i < mapped; i++) {
      assertEquals(0, board.p2m.unmap(guest, i * BLOCK, 1));
    }
    map(0x800_0000, RAM_FRAME, 1, PageType.GRANT);
    assertEquals(2, free - board.heap.free(), "empty tables were freed");
  }

  @Test
  void framesThatDontExistAreRefused() {
    long limit = 1L << 28;
    assertEquals(-XEN_EINVAL, board.p2m.map(guest, limit, RAM_FRAME, 1, PageType.RAM));
    assertEquals(-XEN_EINVAL, board.p2m.map(guest, limit - 1, RAM_FRAME, 2, PageType.RAM));
    assertEquals(-XEN_EINVAL, board.p2m.map(guest, -1, RAM_FRAME, 1, PageType.RAM));
    assertEquals(-XEN_EINVAL, board.p2m.map(guest, 0, -1, 1, PageType.RAM));
    assertEquals(-XEN_EINVAL, board.p2m.map(guest, 0, RAM_FRAME, Long.MIN_VALUE, PageType.RAM));
    assertEquals(-XEN_EINVAL, board.p2m.unmap(guest, Long.MIN_VALUE, Long.MAX_VALUE));
    assertEquals(-XEN_EINVAL, board.p2m.populate(guest, limit, 1));
    assertEquals(PageType.NONE, board.p2m.type(guest, -1));
    assertEquals(PageType.NONE, board.p2m.type(guest, limit));
    assertEquals(-1, board.p2m.translate(guest, -1, false));
    map(limit - 1, RAM_FRAME, 1, PageType.RAM);
    assertEquals(at(RAM_FRAME), board.machine(guest, at(limit - 1), true));
  }

  @Test
  void theEntryOfAFrameIsTheDescriptorThatMapsItOrHasItFault() {
    assertEquals(-1, board.p2m.entry(guest, GFN), "no tables yet");
    board.p2m.map(guest, GFN + 3, RAM_FRAME + 5, 1, PageType.RAM);
    long entry = board.p2m.entry(guest, GFN + 3);
    assertEquals(at(RAM_FRAME + 5), board.memory.read64(entry) & TableFormat.OUTPUT);
    assertEquals(entry + 8, board.p2m.entry(guest, GFN + 4), "the next one's, where nothing is");
    board.p2m.unmap(guest, GFN + 3, 1);
    assertEquals(0, board.memory.read64(entry) & TableFormat.VALID);
    assertEquals(-1, board.p2m.entry(guest, 1L << 60));
    assertEquals(-1, board.p2m.entry(guest, -1));
  }
}
