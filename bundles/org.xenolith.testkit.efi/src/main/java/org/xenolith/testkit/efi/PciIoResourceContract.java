// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** What EFI_PCI_IO_PROTOCOL must keep of memory for devices, attributes and descriptions of BARs (UEFI 2.10, 14.4). */
public abstract class PciIoResourceContract {
  private static final int MAP = 72;
  private static final int UNMAP = 80;
  private static final int ALLOCATE = 88;
  private static final int FREE = 96;
  private static final int ATTRIBUTES = 120;
  private static final int GET_BAR = 128;
  private static final int SET_BAR = 136;
  /** Reads, writes and both by devices: there is none for 64 bits, which are an attribute here. */
  private static final int OPERATIONS = 3;
  /** Of memory: nothing, that writes are combined, that it is cached. */
  private static final long[] OF_MEMORY = {0, 0x80, 0x800, 0x880};
  private static final long ABOVE_4_GIB = 0x8000;
  private static final int BOOT_SERVICES_DATA = 4;
  private static final int GET = 0;
  private static final int SET = 1;
  private static final int ENABLE = 2;
  private static final int DISABLE = 3;
  private static final int SUPPORTED = 4;
  /** EFI_PCI_IO_ATTRIBUTE_IO, _MEMORY and _BUS_MASTER; each is a bit of the command register, from 0 on. */
  private static final long IO = 0x100;
  private static final long MEMORY = 0x200;
  private static final long BUS_MASTER = 0x400;
  private static final long DEVICE = IO | MEMORY | BUS_MASTER;
  private static final int SHIFT = 8;
  /** Those that there are; of the others none is supported. */
  private static final long ALL = 0x7_FFFF;
  private static final int COMMAND = 4;
  private static final int BARS = 6;
  private static final int FIRST_BAR = 0x10;
  private static final int DESCRIPTOR = 46;
  private static final long FILL = 0x5A5A_5A5A_5A5A_5A5AL;
  private static final long NOWHERE = 0x10;

  /** A new one, whose BARs have places. */
  protected abstract PciIoContract.Function function();

  private static EfiStatus call(PciIoContract.Function function, int at, long... arguments) {
    return ProtocolCall.status(function.firmware(), function.protocol(), at, arguments);
  }

  private static PciMemory dma(PciIoContract.Function function) {
    return new PciMemory(function.firmware(), function.protocol(), MAP, OPERATIONS, OF_MEMORY);
  }

  @Test
  void memoryIsMappedForDevices() {
    dma(function()).mapsAndUnmaps(() -> "");
  }

  @Test
  void whatIsNoMemoryIsNotMapped() {
    dma(function()).mapsNothingElse();
  }

  @Test
  void unmapOfWhatIsntMappedChangesNothing() {
    PciIoContract.Function function = function();
    EfiRam memory = function.firmware().memory();
    long room = function.firmware().room(64);
    assertEquals(EfiStatus.SUCCESS, call(function, ALLOCATE, 0, BOOT_SERVICES_DATA, 1, room, 0));
    long pages = memory.get64(room);
    memory.put64(pages, FILL);
    memory.put64(room + 8, 4096);
    assertEquals(EfiStatus.SUCCESS, call(function, MAP, 2, pages, room + 8, room + 16, room + 24));
    long mapping = memory.get64(room + 24);
    String before = FirmwareState.of(function.firmware());
    for (long each : new long[] {NOWHERE, pages, room, function.protocol(), FakeRam.BASE + FakeRam.SIZE, -2, Long.MIN_VALUE, mapping + 1}) {
      call(function, UNMAP, each);
      assertEquals(before, FirmwareState.of(function.firmware()), () -> "Unmap of 0x" + Long.toHexString(each));
      assertEquals(FILL, memory.get64(pages), () -> "memory after Unmap of 0x" + Long.toHexString(each));
    }
    assertEquals(EfiStatus.SUCCESS, call(function, UNMAP, mapping), "Unmap of what is mapped");
    assertEquals(EfiStatus.SUCCESS, call(function, FREE, 1, pages));
  }

  @Test
  void buffersAreAllocatedAndFreedOnce() {
    dma(function()).allocatesAndFrees();
  }

  @Test
  void buffersOfOtherKindsAreRefused() {
    PciIoContract.Function function = function();
    dma(function).allocatesNothingElse();
    long room = function.firmware().room(8);
    assertEquals(EfiStatus.UNSUPPORTED, call(function, ALLOCATE, 0, BOOT_SERVICES_DATA, 1, room, ABOVE_4_GIB), "it is none of memory");
    assertEquals(0, function.firmware().memory().get64(room));
  }

  private static long supported(PciIoContract.Function function) {
    long room = function.firmware().room(16);
    function.firmware().memory().put64(room + 8, FILL);
    assertEquals(EfiStatus.SUCCESS, call(function, ATTRIBUTES, SUPPORTED, 0, room));
    assertEquals(FILL, function.firmware().memory().get64(room + 8), "behind the result");
    return function.firmware().memory().get64(room);
  }

  private static long command(PciIoContract.Function function) {
    return function.configuration()[COMMAND] & 0xFF | (long) (function.configuration()[COMMAND + 1] & 0xFF) << 8;
  }

  /** Sees that the function has these of {@link #DEVICE}, and all else as it was. */
  private static void has(PciIoContract.Function function, long expected, byte[] before, String what) {
    long room = function.firmware().room(16);
    function.firmware().memory().put64(room + 8, FILL);
    assertEquals(EfiStatus.SUCCESS, call(function, ATTRIBUTES, GET, 0, room), what);
    assertEquals(expected, function.firmware().memory().get64(room) & DEVICE, what);
    assertEquals(FILL, function.firmware().memory().get64(room + 8), "behind the result");
    assertEquals(expected >>> SHIFT, command(function) & DEVICE >>> SHIFT, () -> "the command register: " + what);
    byte[] now = function.configuration().clone();
    now[COMMAND] = (byte) (now[COMMAND] & ~(DEVICE >>> SHIFT) | before[COMMAND] & DEVICE >>> SHIFT);
    assertArrayEquals(before, now, () -> "configuration space but for that: " + what);
  }

  @Test
  void attributesAreEnabledDisabledAndSet() {
    PciIoContract.Function function = function();
    long supported = supported(function);
    assertEquals(DEVICE, supported & DEVICE, "it has memory and I/O, and can be a bus master");
    assertEquals(0, supported & ~ALL, "attributes that there aren't");
    // Others of the register's bits, which aren't attributes: parity errors and SERR#.
    function.configuration()[COMMAND] |= 0x40;
    function.configuration()[COMMAND + 1] |= 1;
    byte[] before = function.configuration().clone();
    assertEquals(EfiStatus.SUCCESS, call(function, ATTRIBUTES, SET, 0, 0));
    has(function, 0, before, "nothing is set");
    long now = 0;
    for (long each : new long[] {MEMORY, BUS_MASTER, IO}) {
      now |= each;
      assertEquals(EfiStatus.SUCCESS, call(function, ATTRIBUTES, ENABLE, each, 0));
      has(function, now, before, "enabled");
    }
    assertEquals(EfiStatus.SUCCESS, call(function, ATTRIBUTES, ENABLE, 0, 0));
    has(function, now, before, "nothing more enabled");
    for (long each : new long[] {BUS_MASTER, IO, MEMORY}) {
      now &= ~each;
      assertEquals(EfiStatus.SUCCESS, call(function, ATTRIBUTES, DISABLE, each, 0));
      has(function, now, before, "disabled");
    }
    for (long each : new long[] {IO | BUS_MASTER, MEMORY, DEVICE, 0}) {
      assertEquals(EfiStatus.SUCCESS, call(function, ATTRIBUTES, SET, each, 0));
      has(function, each, before, "set");
    }
  }

  @Test
  void attributesThatCantBeSetAreRefused() {
    PciIoContract.Function function = function();
    long supported = supported(function);
    assertEquals(EfiStatus.SUCCESS, call(function, ATTRIBUTES, SET, MEMORY, 0));
    byte[] before = function.configuration().clone();
    for (int operation : new int[] {SET, ENABLE, DISABLE}) {
      for (int bit = 0; bit < 64; bit++) {
        if ((1L << bit & supported) == 0) {
          assertEquals(EfiStatus.UNSUPPORTED, call(function, ATTRIBUTES, operation, 1L << bit | MEMORY | BUS_MASTER, 0),
              "operation " + operation + " with bit " + bit);
        }
      }
    }
    has(function, MEMORY, before, "after attributes that can't be");
  }

  @Test
  void operationsThatAreNoneAndResultsThatAreNowhereAreRefused() {
    PciIoContract.Function function = function();
    assertEquals(EfiStatus.SUCCESS, call(function, ATTRIBUTES, SET, IO, 0));
    byte[] before = function.configuration().clone();
    long room = function.firmware().room(8);
    function.firmware().memory().put64(room, FILL);
    for (long operation : new long[] {5, 6, 0x7FFF_FFFF, 0x8000_0000L, 0xFFFF_FFFFL}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(function, ATTRIBUTES, operation, MEMORY, room), () -> "operation " + operation);
    }
    assertEquals(FILL, function.firmware().memory().get64(room), "no result");
    for (int operation : new int[] {GET, SUPPORTED}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(function, ATTRIBUTES, operation, 0, 0), "no result of operation " + operation);
      for (long place : new long[] {NOWHERE, FakeRam.BASE + FakeRam.SIZE - 4, -8}) {
        assertNotEquals(EfiStatus.SUCCESS, call(function, ATTRIBUTES, operation, 0, place), () -> "a result at " + place);
      }
    }
    has(function, IO, before, "after operations that are none");
  }

  /** Pool of the test's; what was allocated. */
  private static List<Long> pool(PciIoContract.Function function) {
    List<Long> allocated = new ArrayList<>();
    function.firmware().service(BootService.ALLOCATE_POOL, call -> {
      allocated.add(function.firmware().room((int) call.argument(1)));
      function.firmware().memory().put64(call.argument(2), allocated.getLast());
      return EfiStep.done();
    });
    return allocated;
  }

  @Test
  void aBarIsDescribedToItsLastByte() {
    PciIoContract.Function function = function();
    List<Long> pool = pool(function);
    described(function, function.memoryBar(), 0, function.memory().length, ~15L, pool);
    described(function, function.portBar(), 1, function.ports().length, ~3L, pool);
    long room = function.firmware().room(16);
    int before = pool.size();
    assertEquals(EfiStatus.SUCCESS, call(function, GET_BAR, function.memoryBar(), room, 0), "its attributes alone");
    assertEquals(before, pool.size(), "memory for nobody");
    assertEquals(EfiStatus.SUCCESS, call(function, GET_BAR, function.memoryBar(), 0, room), "its description alone");
    assertTrue(pool.contains(function.firmware().memory().get64(room)), "the caller's to free");
  }

  private static void described(PciIoContract.Function function, int bar, int kind, int size, long mask, List<Long> pool) {
    EfiRam memory = function.firmware().memory();
    long room = function.firmware().room(24);
    memory.put64(room, FILL);
    memory.put64(room + 16, FILL);
    assertEquals(EfiStatus.SUCCESS, call(function, GET_BAR, bar, room, room + 8), "BAR " + bar);
    assertEquals(0, memory.get64(room) & ~ALL, "attributes that there aren't");
    assertEquals(FILL, memory.get64(room + 16), "behind the results");
    long at = memory.get64(room + 8);
    assertTrue(pool.contains(at), "the caller's to free");
    assertEquals(0x8A, memory.get8(at), "QWORD address space descriptor");
    assertEquals(DESCRIPTOR - 3, memory.get16(at + 1), "a descriptor's length");
    assertEquals(kind, memory.get8(at + 3), "memory or I/O");
    assertEquals(32, memory.get64(at + 6), "bits of addresses");
    assertEquals(size, memory.get64(at + 38), "bytes");
    assertEquals(size - 1, memory.get64(at + 22) - memory.get64(at + 14), "to the last byte");
    long register = 0;
    for (int i = 3; i >= 0; i--) {
      register = register << 8 | function.configuration()[FIRST_BAR + 4 * bar + i] & 0xFF;
    }
    assertEquals(register & mask, memory.get64(at + 14) + memory.get64(at + 30), "where the function sees it");
    assertEquals(0x79, memory.get8(at + DESCRIPTOR), "the end");
  }

  @Test
  void barsThatAreNoneHaveNoDescription() {
    PciIoContract.Function function = function();
    List<Long> pool = pool(function);
    EfiRam memory = function.firmware().memory();
    long room = function.firmware().room(32);
    for (int i = 0; i < 4; i++) {
      memory.put64(room + 8 * i, FILL);
    }
    int[] none = Arrays.copyOf(function.noBars(), function.noBars().length + 2);
    none[none.length - 2] = BARS;
    none[none.length - 1] = 0xFF;
    for (int bar : none) {
      assertEquals(EfiStatus.UNSUPPORTED, call(function, GET_BAR, bar, room, room + 8), () -> "GetBarAttributes of BAR " + bar);
      memory.put64(room + 16, 0);
      memory.put64(room + 24, 4);
      assertNotEquals(EfiStatus.SUCCESS, call(function, SET_BAR, 0, bar, room + 16, room + 24), () -> "SetBarAttributes of BAR " + bar);
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, call(function, GET_BAR, function.memoryBar(), 0, 0), "nothing is asked for");
    for (long place : new long[] {NOWHERE, FakeRam.BASE + FakeRam.SIZE, -8}) {
      assertNotEquals(EfiStatus.SUCCESS, call(function, GET_BAR, function.memoryBar(), place, 0), () -> "attributes to " + place);
      assertNotEquals(EfiStatus.SUCCESS, call(function, GET_BAR, function.memoryBar(), 0, place), () -> "a description to " + place);
    }
    assertEquals(List.of(), pool, "memory for nobody");
    assertEquals(List.of(FILL, FILL), List.of(memory.get64(room), memory.get64(room + 8)), "results of what is refused");
    function.firmware().service(BootService.ALLOCATE_POOL, call -> EfiStep.done(EfiStatus.OUT_OF_RESOURCES));
    assertEquals(EfiStatus.OUT_OF_RESOURCES, call(function, GET_BAR, function.memoryBar(), 0, room), "without memory");
  }

  @Test
  void attributesThatABarCantHaveAreRefused() {
    PciIoContract.Function function = function();
    EfiRam memory = function.firmware().memory();
    long room = function.firmware().room(24);
    long bar = function.memoryBar();
    assertEquals(EfiStatus.SUCCESS, call(function, GET_BAR, bar, room, 0));
    long supported = memory.get64(room);
    byte[] before = function.configuration().clone();
    for (int bit = 0; bit < 64; bit++) {
      memory.put64(room + 8, 0);
      memory.put64(room + 16, function.memory().length);
      if ((1L << bit & supported) == 0) {
        assertEquals(EfiStatus.UNSUPPORTED, call(function, SET_BAR, 1L << bit, bar, room + 8, room + 16), "bit " + bit);
      }
    }
    for (long[] range : new long[][] {{0, function.memory().length + 1L}, {function.memory().length, 1}, {-1, 2}, {1, -1}, {0,
        Long.MIN_VALUE}}) {
      memory.put64(room + 8, range[0]);
      memory.put64(room + 16, range[1]);
      assertNotEquals(EfiStatus.SUCCESS, call(function, SET_BAR, supported, bar, room + 8, room + 16), () -> Arrays.toString(range));
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, call(function, SET_BAR, supported, bar, 0, room + 16), "no offset");
    assertEquals(EfiStatus.INVALID_PARAMETER, call(function, SET_BAR, supported, bar, room + 8, 0), "no length");
    for (long place : new long[] {NOWHERE, FakeRam.BASE + FakeRam.SIZE, -8}) {
      assertNotEquals(EfiStatus.SUCCESS, call(function, SET_BAR, supported, bar, place, room + 16), () -> "an offset at " + place);
      assertNotEquals(EfiStatus.SUCCESS, call(function, SET_BAR, supported, bar, room + 8, place), () -> "a length at " + place);
    }
    assertArrayEquals(before, function.configuration());
  }
}
