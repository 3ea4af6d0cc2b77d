// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TlbTest {
  private static final int PAGE = 12;
  private static final int BLOCK = 21;
  private static final long UPPER = -1L << 48;
  private final SmmuTlb tlb = new SmmuTlb();
  private final Random random = new Random(11);

  private record Kept(int regime, int vmid, int asid, boolean privileged, long address, int shift, boolean global) {
    long tag() {
      return SmmuTlb.tag(regime, vmid, asid, privileged);
    }

    boolean isMeant(int atRegime, int atVmid, int atAsid, long at, long bytes) {
      return regime == atRegime && vmid == atVmid && (global || atAsid == SmmuTlb.ANY || asid == atAsid)
          && address >>> shift <= at + bytes - 1 >>> shift && address >>> shift >= at >>> shift;
    }
  }

  private Kept some(int... shifts) {
    return new Kept(random.nextInt(3), random.nextInt(2), random.nextInt(2), random.nextBoolean(),
        (random.nextBoolean() ? UPPER : 0) + ((long) random.nextInt(64) << PAGE), shifts[random.nextInt(shifts.length)],
        shifts.length > 1 && random.nextInt(8) == 0);
  }

  /** Fills the buffer and invalidates addresses of it: what is hit is forgotten, all else stays. */
  private void dropsWhatIsMeant(int... shifts) {
    dropsWhatIsMeant(1, shifts);
  }

  /** @param most pages of a range */
  private void dropsWhatIsMeant(int most, int[] shifts) {
    List<Kept> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Kept kept = some(shifts);
      all.add(kept);
      tlb.keep(kept.tag(), kept.address(), 0x8000_0000L, kept.shift(), true, true, kept.global());
    }
    for (int i = 0; i < 200; i++) {
      Kept one = some(shifts);
      int asid = random.nextInt(8) == 0 ? SmmuTlb.ANY : one.asid();
      // Of those for one page the last is there: the size and reach of the one before are gone.
      List<Kept> before = all.reversed().stream().filter(kept -> tlb.find(kept.tag(), kept.address(), false) >= 0).toList();
      long ignoredByte = one.address() ^ (long) random.nextInt(256) << 56;
      long bytes = 1L + random.nextInt(random.nextBoolean() ? 1 : most) << PAGE;
      tlb.dropRange(one.regime(), one.vmid(), asid, ignoredByte, bytes);
      List<String> seen = new ArrayList<>();
      for (Kept kept : before) {
        String page = kept.tag() + " " + kept.address();
        if (!seen.contains(page)) {
          seen.add(page);
          assertEquals(!kept.isMeant(one.regime(), one.vmid(), asid, one.address(), bytes), tlb.find(kept.tag(), kept.address(), false)
              >= 0,
              () -> kept + " after invalidation of " + bytes + " bytes of " + one + " in " + asid);
        }
      }
    }
  }

  @Test
  void anAddressIsForgottenAmongPages() {
    dropsWhatIsMeant(PAGE);
  }

  @Test
  void anAddressIsForgottenAmongPagesAndBlocks() {
    dropsWhatIsMeant(PAGE, BLOCK);
  }

  @Test
  void rangesAreForgottenAmongPagesAndBlocks() {
    dropsWhatIsMeant(16, new int[] {PAGE});
    tlb.clear();
    dropsWhatIsMeant(1024, new int[] {PAGE});
    tlb.clear();
    dropsWhatIsMeant(16, new int[] {PAGE, BLOCK});
  }

  @Test
  void pagesThatComeAfterAllIsForgottenAreForgotten() {
    dropsWhatIsMeant(PAGE, BLOCK);
    for (int regime = 0; regime < 3; regime++) {
      tlb.drop(regime, SmmuTlb.ANY);
    }
    dropsWhatIsMeant(PAGE);
    tlb.clear();
    dropsWhatIsMeant(BLOCK);
  }

  /** What is noted of a regime, whether it has any and whether it has blocks, is its own. */
  @Test
  void forgettingARegimeLeavesTheOthersAsTheyAre() {
    long page = 0x8000_0000L;
    for (int gone = 0; gone < 4; gone++) {
      for (int stays = 0; stays < 4; stays++) {
        if (gone != stays) {
          tlb.clear();
          long tag = SmmuTlb.tag(stays, 1, 1, false);
          tlb.keep(SmmuTlb.tag(gone, 1, 1, false), page, page, BLOCK, true, true, false);
          tlb.keep(tag, page, page, BLOCK, true, true, false);
          tlb.drop(gone, SmmuTlb.ANY);
          String which = "regime " + stays + " after regime " + gone + " was forgotten";
          assertEquals(page, tlb.find(tag, page, false), which);
          tlb.dropAddress(stays, 1, 1, page + (3 << PAGE));
          assertEquals(-1, tlb.find(tag, page, false), "another page of a block of " + which);
          tlb.keep(tag, page, page, PAGE, true, true, false);
          tlb.drop(gone, SmmuTlb.ANY);
          tlb.drop(stays, 1);
          assertEquals(-1, tlb.find(tag, page, false), "all of " + which);
        }
      }
    }
  }

  @Test
  void whatPrivilegedAccessesMayIsNotWhatOthersMay() {
    tlb.keep(SmmuTlb.tag(SmmuTlb.STAGE1, 1, 1, true), 0x1000, 0x8000, PAGE, true, true, false);
    assertEquals(0x8000, tlb.find(SmmuTlb.tag(SmmuTlb.STAGE1, 1, 1, true), 0x1000, true));
    assertEquals(-1, tlb.find(SmmuTlb.tag(SmmuTlb.STAGE1, 1, 1, false), 0x1000, true));
  }

  @Test
  void afterAllIsForgottenNothingIsFound() {
    tlb.keep(SmmuTlb.tag(SmmuTlb.STAGE1, 1, 1, true), 0x1000, 0x8000, PAGE, true, true, false);
    tlb.clear();
    assertEquals(-1, tlb.find(SmmuTlb.tag(SmmuTlb.STAGE1, 1, 1, true), 0x1000, false));
  }
}
