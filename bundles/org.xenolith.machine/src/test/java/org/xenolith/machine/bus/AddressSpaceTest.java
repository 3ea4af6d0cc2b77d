// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.Exits;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

final class AddressSpaceTest {
  private static final long RAM = 0x4000_0000L;
  private final List<String> events = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final List<String> accesses = new ArrayList<>();
  private final RamBanks ram = new RamBanks(List.of(new AddressWindow(RAM, 0x300_0000)), (chunk, offset, length) -> {});
  private final AddressSpace space = new AddressSpace(ram, List.of(
      node("/bus", new AddressWindow(0, 0x1000_0000)), node("/rng@5000", new AddressWindow(0x5000, 0x1000))),
      (kind, place, text) -> events.add(kind + ' ' + place + ' ' + text));
  private final BusPort bus = new BusPort(space, new Initiator(List.of()), 0, false);
  private final BusMaster master = new BusMaster(space);

  private final MmioHandler device = new MmioHandler() {
    @Override
    public long read(long offset, int size) {
      accesses.add("r" + size + "@" + offset);
      return 0x8877_6655_4433_2211L;
    }

    @Override
    public void write(long offset, int size, long value) {
      accesses.add("w" + size + "@" + offset + "=" + Long.toHexString(value));
    }
  };

  private static PlatformNode node(String path, AddressWindow window) {
    return new PlatformNode(path, path.substring(1), "/", List.of(), List.of(), true, List.of(window), List.of(),
        java.util.Map.of());
  }

  private BusWindow claim(long base, long size, AccessRule rule, MmioHandler handler) {
    AddressWindow range = new AddressWindow(base, size);
    BusWindow window = new BusWindow(range, "/dev@" + Long.toHexString(base), 0, false, new Exits(), new Entered());
    space.add(range, window);
    window.attach(rule, handler, bug -> {
      failures.add(bug);
      window.vanish();
    });
    return window;
  }

  @Test
  void ramIsAllocatedWhenTouchedAndStaysTheSameObject() {
    List<Object> touched = new ArrayList<>();
    ram.touched(touched::add);
    assertTrue(touched.isEmpty());
    bus.write(RAM + 0x100_0008, 8, 0x1122_3344_5566_7788L);
    ram.touched(touched::add);
    assertEquals(1, touched.size());
    assertSame(touched.getFirst(), bus.ram(RAM + 0x1FF_FFFF));
    assertEquals(0x7788, bus.read(RAM + 0x100_0008, 2));
  }

  @Test
  void banksThatAreNotChunkAlignedGetSmallerChunksAtTheirEnds() {
    RamBanks odd = new RamBanks(List.of(new AddressWindow(0x3FF_F000L, 0x200_3000), new AddressWindow(0, 0x10_0000)),
        (chunk, offset, length) -> {});
    for (long at = 0x3FF_F000L; at < 0x3FF_F000L + 0x200_3000; at += 0x1000) {
      assertNotNull(odd.chunk(at), Long.toHexString(at));
    }
    assertNull(odd.chunk(0x3FF_E000L));
    assertNull(odd.chunk(0x600_2000L));
    assertEquals(0x10_0000, odd.chunk(0x8_0000).size);
  }

  @Test
  void overlappingBanksAreRefusedByName() {
    ModelException e = assertThrows(ModelException.class, () -> new RamBanks(List.of(new AddressWindow(0, 0x10_0000),
        new AddressWindow(0xF_F000, 0x1000)), (chunk, offset, length) -> {}));
    assertTrue(e.getMessage().contains("0xff000") && e.getMessage().contains("0xfffff"), e.getMessage());
  }

  @Test
  void narrowAccessesBecomeLanesAndWideOnesAreSplit() {
    claim(0x9000, 0x1000, AccessRule.WORD, device);
    assertEquals(0x33, bus.read(0x9002, 1));
    bus.write(0x9006, 2, 0xFFFF_ABCDL);
    assertEquals(0x4433_2211_4433_2211L, bus.read(0x9008, 8));
    bus.write(0x9010, 8, 0x1111_1111_2222_2222L);
    assertEquals(List.of("r4@0", "w4@4=abcd0000", "r4@8", "r4@12", "w4@16=22222222", "w4@20=11111111"), accesses);
  }

  @Test
  void strictWindowsAbortOtherSizes() {
    claim(0x9000, 0x1000, new AccessRule(4, 4, true), device);
    assertThrows(ExternalAbort.class, () -> bus.read(0x9000, 1));
    assertThrows(ExternalAbort.class, () -> bus.write(0x9000, 8, 0));
    assertTrue(accesses.isEmpty());
  }

  @Test
  void nothingThereAbortsAndNamesTheSmallestNode() {
    assertThrows(ExternalAbort.class, () -> bus.read(0x5004, 4));
    assertEquals("unmodelled-access /rng@5000 read of 4 bytes at 0x5004, which no model claims", events.getLast());
    assertThrows(ExternalAbort.class, () -> bus.write(0xF000_0000L, 4, 1));
    assertTrue(events.getLast().contains("where no node has a window"), events.getLast());
  }

  @Test
  void overlappingWindowsAreRefusedNamingBoth() {
    claim(0x9000, 0x1000, AccessRule.WORD, device);
    ModelException e = assertThrows(ModelException.class, () -> claim(0x9800, 0x1000, AccessRule.WORD, device));
    assertTrue(e.getMessage().contains("/dev@9800") && e.getMessage().contains("/dev@9000"), e.getMessage());
    e = assertThrows(ModelException.class, () -> claim(RAM - 0x1000, 0x2000, AccessRule.WORD, device));
    assertTrue(e.getMessage().contains("RAM"), e.getMessage());
  }

  private static MmioHandler reading(LongSupplier value) {
    return new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return value.getAsLong();
      }

      @Override
      public void write(long offset, int size, long written) {}
    };
  }

  @Test
  void aHandlerThatThrowsIsReportedAndReadsAllOnes() {
    claim(0x9000, 0x1000, AccessRule.WORD, reading(() -> {
      throw new IllegalStateException("bug");
    }));
    assertEquals(0xFFFF_FFFFL, bus.read(0x9000, 4));
    assertEquals("bug", failures.getFirst().getMessage());
    assertEquals(0xFF, bus.read(0x9001, 1));
    bus.write(0x9000, 4, 1);
    assertEquals(1, failures.size());
  }

  @Test
  void memoryForRamThatTheHostLacksIsNotTheDevicesFault() {
    claim(0x9000, 0x1000, AccessRule.WORD, new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        throw new RamExhausted("heap");
      }

      @Override
      public void write(long offset, int size, long value) {
        throw new RamExhausted("heap");
      }
    });
    assertThrows(RamExhausted.class, () -> bus.read(0x9000, 4));
    assertThrows(RamExhausted.class, () -> bus.write(0x9000, 4, 1));
    assertEquals(List.of(), failures);
  }

  @Test
  void memoryThatADeviceWantsForItselfIsItsFault() {
    claim(0x9000, 0x1000, AccessRule.WORD, reading(() -> {
      throw new OutOfMemoryError("heap");
    }));
    assertEquals(0xFFFF_FFFFL, bus.read(0x9000, 4));
    assertEquals("heap", failures.getFirst().getMessage());
  }

  @Test
  void handlersMayAbort() {
    claim(0x9000, 0x1000, AccessRule.WORD, new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        throw ExternalAbort.INSTANCE;
      }

      @Override
      public void write(long offset, int size, long value) {}
    });
    assertThrows(ExternalAbort.class, () -> bus.read(0x9000, 4));
    assertTrue(failures.isEmpty());
  }

  @Test
  void lookupFindsEachOfManyWindowsAndTheGapsBetween() {
    for (int i = 40; i-- > 0;) {
      claim(0x10_0000L + i * 0x2000L, 0x1000, AccessRule.WORD, device);
    }
    for (int i = 0; i < 40; i++) {
      assertEquals(0x10_0000L + i * 0x2000L, space.window(0x10_0FFFL + i * 0x2000L).base);
      assertNull(space.window(0x10_1000L + i * 0x2000L));
    }
  }

  @Test
  void bulkDmaCrossesChunksAndStopsAtTheEndOfMemory() {
    byte[] out = new byte[0x2000];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (i * 31);
    }
    master.write(RAM + RamBanks.CHUNK - 0x1000, out, 0, out.length);
    byte[] in = new byte[out.length];
    master.read(RAM + RamBanks.CHUNK - 0x1000, in, 0, in.length);
    org.junit.jupiter.api.Assertions.assertArrayEquals(out, in);
    assertThrows(ExternalAbort.class, () -> master.read(RAM + 0x2FF_FFF0L, in, 0, 0x20));
    assertThrows(ExternalAbort.class, () -> master.read(-8, in, 0, 0x20));
    assertThrows(ExternalAbort.class, () -> master.write(RAM, in, 0, -1));
  }

  @Test
  void dmaNeverReachesAWindow() {
    claim(0x9000, 0x1000, AccessRule.ANY, device);
    assertThrows(ExternalAbort.class, () -> master.read(0x9000, 4));
    assertThrows(ExternalAbort.class, () -> master.write(0x9000, 4, 1));
    assertThrows(ExternalAbort.class, () -> master.read(0x9000, new byte[4], 0, 4));
    assertThrows(ExternalAbort.class, () -> master.write(0x9000, new byte[4], 0, 4));
    assertEquals(List.of(), accesses);
    assertEquals("refused-dma bus write of 4 bytes at 0x9000: /dev@9000 window 0 (0x9000..0x9fff) is no memory",
        events.getLast());
  }

  @Test
  void aHandlerWhoseDeviceWentAwayUnderItMayStillThrow() {
    BusWindow[] window = new BusWindow[1];
    window[0] = claim(0x9000, 0x1000, AccessRule.ANY, new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        window[0].vanish();
        throw new IllegalStateException("read");
      }

      @Override
      public void write(long offset, int size, long value) {
        window[0].vanish();
        throw new IllegalStateException("write");
      }
    });
    assertEquals(0xFFFF_FFFFL, bus.read(0x9000, 4));
    window[0].attach(AccessRule.ANY, new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        window[0].vanish();
        throw new IllegalStateException("write");
      }
    }, failures::add);
    bus.write(0x9000, 4, 1);
    assertEquals(List.of("read", "write"), failures.stream().map(Throwable::getMessage).toList());
  }

  @Test
  void dmaTellsOfWrittenCode() {
    List<String> written = new ArrayList<>();
    RamBanks banks = new RamBanks(List.of(new AddressWindow(RAM, 0x100_0000)), (chunk, offset, length) -> written.add(offset + "+"
        + length));
    BusMaster dma = new BusMaster(new AddressSpace(banks, List.of(), (kind, place, text) -> {}));
    banks.chunk(RAM).markCode(0x3000);
    dma.write(RAM + 0x2FFF, new byte[2], 0, 2);
    dma.write(RAM + 0x3000, new byte[2], 0, 2);
    assertEquals(List.of("12288+1"), written);
  }

  @Test
  void moreRamThanAnyHostCouldHaveIsRefusedBeforeItIsCutIntoPieces() {
    ModelException refused = assertThrows(ModelException.class,
        () -> new RamBanks(List.of(new AddressWindow(0, 0x1000), new AddressWindow(RAM, 0xFFFF_0000_0000_0000L)), (chunk, offset,
            length) -> {}));
    assertTrue(refused.getMessage().contains("4 TiB") && refused.getMessage().contains("0x40000000"), refused.getMessage());
    assertTrue(new RamBanks(List.of(new AddressWindow(RAM, 1L << 41)), (chunk, offset, length) -> {}).covers(1L << 40));
  }
}
