// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.PageType;
import org.xenolith.testkit.hyp.FakeDomain;

/** Whatever domains write, nothing is thrown, and none reaches what another one has. */
class RandomAccessesTest {
  private static final int[] SIZES = {1, 2, 4, 8};
  private static final int ROUNDS = 150_000;

  private final Random random = new Random(20261121);
  private PciBoard board;
  /** Accesses to message tables. */
  private int tables;

  @Test
  void neitherGuestsNorTheHardwareDomainReachAnothersFunctions() {
    for (Policy.Mmio mmio : Policy.Mmio.values()) {
      board = new PciBoard(new Policy(Policy.ConfigAccess.TRAP, Policy.Hide.ABSENT, mmio, false));
      board.card(0x08, 1);
      board.card(0x10, 2).small(0x100);
      CardFunction others = board.card(0x18, 3);
      CardFunction hosts = board.card(0x20, 4);
      FakeDomain guest = board.guest(2);
      assertEquals(0, board.give(0x08, guest, 0));
      assertEquals(0, board.give(0x10, guest, 1));
      assertEquals(0, board.give(0x18, board.guest(3), 0));
      assertEquals(0, board.give(0x20, board.dom0, 0));
      int accesses = others.accesses + hosts.accesses;
      int mapped = 0;
      for (int i = 0; i < ROUNDS; i++) {
        access(guest, guestAddress());
        if (random.nextInt(50) == 0) {
          orderly(guest, random.nextInt(2));
        }
        if (i % 100 == 0) {
          mapped += devicesLeadToItsOwn(guest);
          entriesLeadToTheDoorbell();
        }
      }
      assertTrue(mapped > 100, "the decoders were on: " + mapped);
      assertTrue(tables > 1000, "tables were written: " + tables);
      assertEquals(accesses, others.accesses + hosts.accesses);
      for (long at = PciBoard.CPU + (3 << 20); at < PciBoard.CPU + PciBoard.APERTURE; at += 8) {
        assertEquals(0, board.hypervisor.memory().read64(at), "nothing was written there");
      }
      theHardwareDomainToo(others);
    }
  }

  /** What a driver does: else hardly ever is something mapped. */
  private void orderly(FakeDomain guest, int devfn) {
    board.config(guest, devfn, 4, 2, 0);
    board.config(guest, devfn, 0x10, 8, PciBoard.GUEST_MEMORY + (random.nextInt(4) << 13));
    board.config(guest, devfn, 0x18, 4, PciBoard.GUEST_MEMORY + (random.nextInt(16) << 12));
    board.config(guest, devfn, 4, 2, 6);
  }

  private void theHardwareDomainToo(CardFunction others) {
    int accesses = others.accesses;
    for (int i = 0; i < ROUNDS / 3; i++) {
      access(board.dom0, random.nextInt(8) == 0 ? PciBoard.CPU + random.nextInt((int) PciBoard.APERTURE)
          : PciBoard.register(board.dom0, random.nextInt(5) * 8, register()));
      long wanted = (PciBoard.CPU >>> 12) + random.nextInt((int) (PciBoard.APERTURE >>> 12));
      if (board.vpci.request(board.dom0, wanted, wanted) == 0) {
        board.p2m.map(board.dom0, wanted, wanted, 1, PageType.DEVICE);
      }
      if (i % 100 == 0) {
        for (long frame : board.p2m.devices(board.dom0).values()) {
          assertTrue(!has(frame), "frame " + Long.toHexString(frame));
        }
      }
    }
    assertEquals(accesses, others.accesses);
  }

  /** Whether a guest's BAR is in a frame: the first 16 KiB of the first to third MiB, and 4 KiB from 32 KiB on. */
  private static boolean has(long frame) {
    long page = frame - (PciBoard.CPU >>> 12);
    return page >>> 8 >= 1 && page >>> 8 <= 3 && ((page & 0xFF) < 4 || (page & 0xFF) == 8);
  }

  private int devicesLeadToItsOwn(FakeDomain guest) {
    board.p2m.devices(guest).forEach((gfn, mfn) -> {
      assertTrue(gfn >= PciBoard.GUEST_MEMORY >>> 12 && gfn < 0x2_0000_0000L >>> 12, "gfn " + Long.toHexString(gfn));
      assertTrue(has(mfn) && mfn - (PciBoard.CPU >>> 12) >>> 8 != 3, "mfn " + Long.toHexString(mfn));
      assertTrue((mfn & 0xFF) != 2 && (mfn & 0xFF) != 3, "a message table");
    });
    return board.p2m.devices(guest).size();
  }

  private void entriesLeadToTheDoorbell() {
    for (int card = 1; card <= 2; card++) {
      for (int entry = 0; entry < CardFunction.ENTRIES; entry++) {
        long at = PciBoard.CPU + ((long) card << 20) + 0x2000 + 16 * entry;
        if (board.cards.get(8 * card).now(4) << 30 < 0 && (board.hypervisor.memory().read32(at + 12) & 1) == 0) {
          assertEquals(PciBoard.DOORBELL, board.hypervisor.memory().read64(at));
        }
      }
    }
  }

  private int register() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(0x40);
      case 1 -> random.nextInt(0x1000);
      default -> 0x40 + random.nextInt(0xC0);
    };
  }

  private long guestAddress() {
    return switch (random.nextInt(12)) {
      case 0 -> PciBoard.GUEST_MEMORY + random.nextInt(16 << 20);
      case 1 -> PciBoard.GUEST_ECAM + random.nextInt(256 << 20);
      case 2 -> PciBoard.register(board.dom0, 0x18, register());
      case 3 -> board.p2m.devices(board.hypervisor.byId(2)).keySet().stream().findAny().orElse(0L) * 4096 + random.nextInt(0x4000);
      case 4 -> PciBoard.GUEST_ECAM + (random.nextInt(2) << 12) + 4;
      case 5 -> PciBoard.GUEST_ECAM + (random.nextInt(2) << 12) + 0x10 + 4 * random.nextInt(6);
      default -> PciBoard.GUEST_ECAM + (random.nextInt(3) << 12) + register();
    };
  }

  private void access(FakeDomain domain, long address) {
    GuestMmio handler = board.at(domain, address);
    if (handler == null) {
      return;
    }
    tables += address >= PciBoard.GUEST_MEMORY && !domain.directMapped() ? 1 : 0;
    int size = SIZES[random.nextInt(4)];
    long at = random.nextInt(16) == 0 ? address : address & -size;
    if (random.nextBoolean()) {
      long value = handler.read(domain.vcpu(0), at, size);
      assertEquals(0, value & ~Header.none(size));
      return;
    }
    long value = switch (random.nextInt(6)) {
      case 0 -> PciBoard.GUEST_MEMORY + (random.nextInt(16) << 12);
      case 1 -> PciBoard.DOORBELL;
      case 2 -> random.nextInt(8);
      case 3 -> 0;
      default -> random.nextLong();
    };
    handler.write(domain.vcpu(0), at, size, value);
  }
}
