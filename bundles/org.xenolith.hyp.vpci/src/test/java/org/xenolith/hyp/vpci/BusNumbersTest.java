// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.vpci.Policy.ConfigAccess;
import org.xenolith.hyp.vpci.Policy.Hide;
import org.xenolith.hyp.vpci.Policy.Mmio;
import org.xenolith.testkit.hyp.FakeDomain;

/**
 * Functions behind bridges: bus 0 has a bridge with two functions and another bridge behind it, which has one, and a third bridge with one. Bus numbers are the hardware domain's to write, and what is
 * mapped is what functions at the addresses that it registered decode. Whether bridges pass accesses on is the hardware's affair, as on Xen.
 */
class BusNumbersTest {
  private static final int STEPS = 100_000;
  private static final int NEAR = 0x0100;
  private static final int TWIN = 0x0108;
  private static final int INNER = 0x0110;
  private static final int FAR = 0x0200;
  private static final int OTHER = 0x0300;
  private static final int[] REGISTERED = {0x08, 0x10, NEAR, TWIN, INNER, FAR, OTHER, 0x0400};
  private static final int[] REGISTERS = {0x04, 0x10, 0x14, 0x18, 0x19, 0x1A, 0x1C, 0x20, 0x24, 0x30, 0x38};
  private static final int[] SIZES = {1, 2, 4};

  /** Functions of a bus by their place on it. */
  private record Bus(Map<Integer, CardFunction> functions, Map<Integer, Bus> behind) {
    Bus() {
      this(new TreeMap<>(), new TreeMap<>());
    }

    CardFunction find(int number, int bus, int devfn) {
      if (number == bus) {
        return functions.get(devfn);
      }
      for (Map.Entry<Integer, Bus> next : behind.entrySet()) {
        int numbers = functions.get(next.getKey()).now(0x18);
        int secondary = numbers >>> 8 & 0xFF;
        if (secondary != 0 && bus >= secondary && bus <= (numbers >>> 16 & 0xFF)) {
          return next.getValue().find(secondary, bus, devfn);
        }
      }
      return null;
    }
  }

  private final Random random = new Random(22);
  private final PciBoard board = new PciBoard(new Policy(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE, true));
  private final Bus root = new Bus();
  private final CardFunction near = new CardFunction(0x1100);
  private final CardFunction twin = new CardFunction(0x1100);
  private final CardFunction far = new CardFunction(0x1101);

  @BeforeEach
  void build() {
    Bus first = new Bus();
    Bus second = new Bus();
    Bus third = new Bus();
    root.functions.put(0x08, CardFunction.bridge(0x2000));
    root.behind.put(0x08, first);
    root.functions.put(0x10, CardFunction.bridge(0x2001));
    root.behind.put(0x10, third);
    first.functions.put(0x00, near);
    first.functions.put(0x08, twin);
    first.functions.put(0x10, CardFunction.bridge(0x2002));
    first.behind.put(0x10, second);
    second.functions.put(0x00, far);
    third.functions.put(0x00, new CardFunction(0x1102));
    board.routes = rid -> root.find(0, rid >>> 8, rid & 0xFF);
    number(0x08, 0x02_0100);
    number(INNER, 0x02_0201);
    number(0x10, 0x03_0300);
    int place = 0;
    for (int rid : new int[] {NEAR, TWIN, FAR, OTHER}) {
      write(rid, 0x10, 4, PciBoard.BUS + ((long) ++place << 20));
      write(rid, 0x18, 4, PciBoard.BUS + ((long) place << 20) + 0x8000);
    }
  }

  private void number(int rid, long numbers) {
    write(rid, 0x18, 4, numbers);
  }

  private void write(int rid, int register, int size, long value) {
    board.config(board.dom0, rid, register, size, value);
  }

  private static void add(Set<Long> frames, long bus, long size) {
    long offset = bus - PciBoard.BUS;
    for (long at = 0; at < size && offset >= 0 && offset <= PciBoard.APERTURE - size; at += 0x1000) {
      frames.add(PciBoard.CPU + offset + at >>> 12);
    }
  }

  private Set<Long> expected() {
    Set<Long> frames = new TreeSet<>();
    for (int rid : board.known.keySet()) {
      CardFunction card = board.routes.apply(rid);
      if (card == null || (card.now(4) & 2) == 0) {
        continue;
      }
      boolean bridge = (card.now(0x0C) & 0x1_0000) != 0;
      int rom = card.now(bridge ? 0x38 : 0x30);
      if (bridge) {
        add(frames, card.now(0x10) & 0xFFFF_FFF0L, 0x1000);
      } else {
        long at = (long) card.now(0x14) << 32 | card.now(0x10) & 0xFFFF_FFF0L;
        Set<Long> whole = new TreeSet<>();
        add(whole, at, 0x4000);
        whole.stream().limit(2).forEach(frames::add);
        add(frames, card.now(0x18) & 0xFFFF_FFF0L, 0x1000);
      }
      if ((rom & 1) != 0) {
        add(frames, rom & 0xFFFF_F800L, 0x10000);
      }
    }
    return frames;
  }

  private Set<Long> mapped() {
    return new TreeSet<>(board.p2m.devices(board.dom0).keySet());
  }

  private long value(int register) {
    return switch (register) {
      case 0x04 -> random.nextInt(8);
      case 0x14 -> random.nextInt(8) == 0 ? 1 : 0;
      case 0x19, 0x1A -> random.nextInt(6);
      case 0x30, 0x38 -> PciBoard.BUS + ((long) random.nextInt(8) << 16) | random.nextInt(2);
      case 0x18 -> random.nextBoolean() ? random.nextInt(5) << 16 | random.nextInt(5) << 8 : PciBoard.BUS + ((long) random.nextInt(64)
          << 13);
      default -> random.nextInt(8) == 0 ? random.nextInt() & 0xFFFF_FFFFL : PciBoard.BUS + ((long) random.nextInt(64) << 13);
    };
  }

  /** Nobody loses its way for long. */
  private void orderly() {
    number(0x08, 0x02_0100);
    number(INNER, 0x02_0201);
    number(0x10, 0x03_0300);
  }

  @Test
  void stageTwoFollowsBusNumbers() {
    for (int rid : REGISTERED) {
      assertEquals(0, board.give(rid, board.dom0, 0));
    }
    int away = 0;
    int changes = 0;
    Set<Long> before = Set.of();
    for (int step = 0; step < STEPS; step++) {
      if (step % 64 == 0) {
        orderly();
      } else {
        int register = REGISTERS[random.nextInt(REGISTERS.length)];
        int rid = REGISTERED[random.nextInt(REGISTERED.length)];
        int size = random.nextInt(4) == 0 ? SIZES[random.nextInt(SIZES.length)] : register == 4 ? 2 : (register & 3) == 0 ? 4 : 1;
        long at = register & -size;
        write(rid, (int) at, size, value(register) & Header.none(size));
      }
      Set<Long> now = expected();
      assertEquals(now, mapped(), "step " + step);
      away += board.routes.apply(FAR) == null ? 1 : 0;
      changes += now.equals(before) ? 0 : 1;
      before = now;
    }
    assertTrue(away > STEPS / 20 && away < STEPS && changes > STEPS / 40, away + " steps with one away, " + changes + " changes");
  }

  @Test
  void whatHasMovedIsNotMappedUntilItIsBack() {
    board.give(NEAR, board.dom0, 0);
    write(NEAR, 4, 2, 2);
    assertTrue(!mapped().isEmpty());
    number(0x08, 0x05_0400);
    assertEquals(Set.of(), mapped());
    write(0x0400, 4, 2, 0);
    write(0x0400, 0x18, 4, PciBoard.BUS + (9 << 20));
    write(0x0400, 4, 2, 2);
    assertEquals(Set.of(), mapped(), "nobody registered it there");
    number(0x08, 0x02_0100);
    assertTrue(mapped().contains(PciBoard.CPU + (9 << 20) >>> 12), "where it is now");
  }

  @Test
  void anotherFunctionThatComesToTheAddressIsTheOneThatIsRegistered() {
    board.give(0x0200, board.dom0, 0);
    write(FAR, 4, 2, 2);
    write(OTHER, 4, 2, 2);
    number(0x08, 0x01_0100);
    number(0x10, 0x02_0200);
    assertEquals(expected(), mapped());
    assertTrue(mapped().contains(PciBoard.CPU + (4 << 20) >>> 12));
    write(0x0200, CardFunction.MSI + 4, 4, 0xFEE0_0000L);
    assertEquals(0, root.behind.get(0x10).functions.get(0).now(CardFunction.MSI + 4), "its messages are translated, too");
  }

  @Test
  void busNumbersStayWhereAnotherDomainHasAFunction() {
    FakeDomain guest = board.guest(2);
    assertEquals(0, board.give(FAR, guest, 0));
    number(0x08, 0x01_0100);
    assertEquals(0x02_0100, root.functions.get(0x08).now(0x18));
    assertEquals("pci-refused", board.events().getLast().kind());
    assertTrue(board.events().getLast().text().contains("bus numbers stay"), board.events()::toString);
    board.config(board.dom0, 0x10, 0x19, 1, 2);
    assertEquals(0x03_0300, root.functions.get(0x10).now(0x18), "nor does a bridge claim a bus of its own");
    board.config(board.dom0, 0x10, 0x1A, 1, 4);
    assertEquals(0x04_0300, root.functions.get(0x10).now(0x18));
    number(0x08, 0x02_0100);
    assertEquals(0x1101_1AF4L, board.read(guest, GuestBridge.PLACES_IN_HOLE.ecam().base(), 4));
  }
}
