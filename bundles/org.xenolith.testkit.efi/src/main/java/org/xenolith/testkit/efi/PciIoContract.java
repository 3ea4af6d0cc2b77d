// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;

/**
 * What EFI_PCI_IO_PROTOCOL must keep of a function's registers, and of where it is (UEFI 2.10, 14.4). The rest of it is in
 * {@link PciIoResourceContract}.
 */
public abstract class PciIoContract {
  private static final int POLL_MEMORY = 0;
  private static final int POLL_PORT = 8;
  private static final int MEMORY = 16;
  private static final int PORTS = 32;
  private static final int CONFIGURATION = 48;
  private static final int COPY = 64;
  private static final int LOCATION = 112;
  private static final int ROM_SIZE = 144;
  private static final int ROM_IMAGE = 152;
  /** EFI_PCI_IO_PASS_THROUGH_BAR: what is said for an offset is an address. */
  private static final int PASS_THROUGH = 0xFF;
  private static final int BARS = 6;
  private static final int FIRST_BAR = 0x10;
  /** Where registers of configuration space begin that nobody minds being written, in this contract. */
  private static final int FREE = 0x40;
  private static final long FILL = 0x5A5A_5A5A_5A5A_5A5AL;
  private static final long NOWHERE = 0x10;

  /** A function of a test's: its BARs are bytes. */
  public interface Function {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of its protocol. */
    long protocol();

    /** The BAR that is memory of 32 bits. */
    int memoryBar();

    /** All of that, live: 512 bytes or more. */
    byte[] memory();

    /** The BAR that is I/O. */
    int portBar();

    /** All of that, live: 256 bytes or more. */
    byte[] ports();

    /** Which of the six there aren't, or are the upper half of another one. */
    int[] noBars();

    /** Its configuration space, live: 4096 bytes, of which those from 0x40 on are free. */
    byte[] configuration();

    /** Segment, bus, device and function. */
    long[] location();

    /** How often one of its registers has been accessed, in BARs or configuration space. */
    long accesses();

    /** How many of those accesses weren't to a multiple of their size: a CPU takes an exception from them (Arm DDI 0487, B2.8.2). */
    long misaligned();
  }

  /** A new one, whose BARs have places and are enabled. */
  protected abstract Function function();

  private static PciSpace memory(Function function) {
    return new PciSpace(function.firmware(), function.protocol(), MEMORY, function.memoryBar(), 0, function.memory());
  }

  private static PciSpace ports(Function function) {
    return new PciSpace(function.firmware(), function.protocol(), PORTS, function.portBar(), 0, function.ports());
  }

  private static PciSpace configuration(Function function) {
    return new PciSpace(function.firmware(), function.protocol(), CONFIGURATION, -1, 0, function.configuration());
  }

  private static EfiStatus call(Function function, int at, long... arguments) {
    return ProtocolCall.status(function.firmware(), function.protocol(), at, arguments);
  }

  /** Memory with what {@link PciSpace#refused} looks for. */
  private static long filled(Function function) {
    long buffer = function.firmware().room(64);
    function.firmware().memory().put64(buffer, FILL);
    return buffer;
  }

  /** Random bytes in its BARs and its free registers. */
  private static void randomize(Function function, Random random) {
    random.nextBytes(function.memory());
    random.nextBytes(function.ports());
    byte[] free = new byte[function.configuration().length - FREE];
    random.nextBytes(free);
    System.arraycopy(free, 0, function.configuration(), FREE, free.length);
  }

  @Test
  void registersAreReadAndWrittenInEachWidth() {
    Function function = function();
    randomize(function, new Random(1));
    memory(function).widths(0, 3);
    ports(function).widths(0, 2);
    configuration(function).widths(FREE, 2);
  }

  @Test
  void registersAndValuesAreRepeated() {
    Function function = function();
    randomize(function, new Random(2));
    memory(function).repetitions(8, 3);
    ports(function).repetitions(8, 2);
    configuration(function).repetitions(FREE, 2);
  }

  @Test
  void whatIsBehindTheEndIsRefused() {
    Function function = function();
    randomize(function, new Random(3));
    long before = function.accesses();
    for (PciSpace space : new PciSpace[] {memory(function), ports(function), configuration(function)}) {
      space.ends(EfiStatus.UNSUPPORTED);
    }
    assertEquals(before, function.accesses(), "accesses of what isn't there");
  }

  @Test
  void offsetsHave64Bits() {
    Function function = function();
    randomize(function, new Random(4));
    long before = function.accesses();
    long buffer = filled(function);
    for (PciSpace space : new PciSpace[] {memory(function), ports(function)}) {
      for (long offset : new long[] {-1, -4, -space.bytes().length, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE - 3}) {
        for (long count : new long[] {1, 2, 8}) {
          space.refused(EfiStatus.UNSUPPORTED, 0, offset, count, buffer);
          space.refused(EfiStatus.UNSUPPORTED, 2, offset & -4, count, buffer);
        }
      }
      space.refused(EfiStatus.UNSUPPORTED, 0, 4, -4, buffer);
    }
    assertEquals(before, function.accesses(), "accesses of what isn't there");
  }

  @Test
  void barsThatAreNoneAreRefused() {
    Function function = function();
    randomize(function, new Random(5));
    long before = function.accesses();
    long buffer = filled(function);
    int[] none = Arrays.copyOf(function.noBars(), function.noBars().length + 3);
    System.arraycopy(new int[] {BARS, BARS + 1, PASS_THROUGH - 1}, 0, none, none.length - 3, 3);
    for (int bar : none) {
      noBar(function, bar, bar, buffer);
    }
    noBar(function, function.portBar(), function.memoryBar(), buffer);
    assertEquals(before, function.accesses(), "accesses of BARs that are none");
  }

  private static void noBar(Function function, int memory, int ports, long buffer) {
    new PciSpace(function.firmware(), function.protocol(), MEMORY, memory, 0, function.memory()).refused(EfiStatus.UNSUPPORTED, 2, 0, 1,
        buffer);
    new PciSpace(function.firmware(), function.protocol(), PORTS, ports, 0, function.ports()).refused(EfiStatus.UNSUPPORTED, 2, 0, 1,
        buffer);
    assertEquals(EfiStatus.UNSUPPORTED, call(function, POLL_MEMORY, 2, memory, 0, 0, 0, 0, buffer), "PollMem of BAR " + memory);
    assertEquals(EfiStatus.UNSUPPORTED, call(function, POLL_PORT, 2, ports, 0, 0, 0, 0, buffer), "PollIo of BAR " + ports);
    assertEquals(EfiStatus.UNSUPPORTED, call(function, COPY, 2, memory, 0, function.memoryBar(), 0, 1), "CopyMem to BAR " + memory);
    assertEquals(EfiStatus.UNSUPPORTED, call(function, COPY, 2, function.memoryBar(), 0, memory, 0, 1), "CopyMem from BAR " + memory);
    assertEquals(FILL, function.firmware().memory().get64(buffer));
  }

  @Test
  void widthsThatAreNoneAndBuffersThatAreNowhereAreRefused() {
    Function function = function();
    randomize(function, new Random(6));
    long before = function.accesses();
    long gap = function.firmware().gap(64);
    for (PciSpace space : new PciSpace[] {memory(function), ports(function), configuration(function)}) {
      space.arguments(gap);
    }
    assertEquals(before, function.accesses(), "accesses for nobody");
    memory(function).widths(0, 3);
  }

  /** UEFI leaves what is to be done with those to the platform. */
  @Test
  void registersThatArentMultiplesOfTheirWidthAreNoException() {
    Function function = function();
    randomize(function, new Random(7));
    memory(function).unaligned(8);
    ports(function).unaligned(8);
    configuration(function).unaligned(FREE);
    long result = function.firmware().room(8);
    call(function, POLL_MEMORY, 2, function.memoryBar(), 2, 0, 0, 0, result);
    call(function, POLL_PORT, 1, function.portBar(), 3, 0, 0, 0, result);
    call(function, COPY, 2, function.memoryBar(), 2, function.memoryBar(), 16, 1);
    call(function, COPY, 2, function.memoryBar(), 16, function.memoryBar(), 1, 1);
    assertEquals(0, function.misaligned(), "accesses from which a CPU takes an exception");
    memory(function).widths(0, 3);
  }

  @Test
  void aRegisterIsPolledUntilItHasAValueOrForATime() {
    Function function = function();
    polls(function, POLL_MEMORY, function.memoryBar(), function.memory(), 3);
    polls(function, POLL_PORT, function.portBar(), function.ports(), 2);
  }

  private static void polls(Function function, int poll, int bar, byte[] bytes, int widest) {
    FakeFirmware firmware = function.firmware();
    EfiRam memory = firmware.memory();
    long result = firmware.room(16);
    Arrays.fill(bytes, (byte) 0xC3);
    bytes[16] = 0x35;
    for (int width = 0; width <= widest; width++) {
      memory.put64(result, FILL);
      memory.put64(result + 8, FILL);
      assertEquals(EfiStatus.SUCCESS, call(function, poll, width, bar, 16, 0xF, 5, 1000, result), "width " + width);
      long expected = 0xC3C3_C3C3_C3C3_C335L & -1L >>> 64 - (8 << width);
      assertEquals(expected, memory.get64(result), "the last value, of width " + width);
      assertEquals(FILL, memory.get64(result + 8), "behind the last value");
    }
    long before = firmware.counter();
    assertEquals(EfiStatus.TIMEOUT, call(function, poll, 0, bar, 16, 0xF, 6, 1000, result));
    assertEquals(0x35, memory.get64(result));
    assertTrue(firmware.counter() - before >= firmware.frequency() / 10_000, "1000 units of 100 ns");
    assertEquals(EfiStatus.SUCCESS, call(function, poll, 0, bar, 16, 0xF, 6, 0, result), "no time: it is read once");
    int end = bytes.length;
    assertEquals(EfiStatus.SUCCESS, call(function, poll, 2, bar, end - 4, 0, 0, 1, result), "the last one");
    long accesses = function.accesses();
    for (long[] wrong : new long[][] {{0, end}, {2, end - 3}, {2, end}, {0, -1}, {2, -4}, {0, 1L << 32}, {0, Long.MIN_VALUE}}) {
      assertEquals(EfiStatus.UNSUPPORTED, call(function, poll, wrong[0], bar, wrong[1], 0, 0, 1, result), () -> Arrays.toString(wrong));
    }
    for (long width : new long[] {4, 7, 8, 11, 12, 0x7FFF_FFFF, 0xFFFF_FFFFL}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(function, poll, width, bar, 0, 0, 0, 1, result), () -> "width " + width);
    }
    for (long place : new long[] {0, NOWHERE, FakeRam.BASE + FakeRam.SIZE - 4, -8}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(function, poll, 0, bar, 0, 0, 0, 1, place), () -> "a result at " + place);
    }
    assertEquals(accesses, function.accesses(), "accesses that were refused");
  }

  @Test
  void registersAreCopiedAlsoOntoThemselves() {
    Function function = function();
    byte[] memory = function.memory();
    long bar = function.memoryBar();
    for (int width = 0; width <= 3; width++) {
      for (int[] each : new int[][] {{0, 256, 20}, {0, 8, 20}, {8, 0, 20}, {0, 0, 0}}) {
        new Random(9).nextBytes(memory);
        byte[] expected = memory.clone();
        System.arraycopy(memory, each[1], expected, each[0], each[2] << width);
        assertEquals(EfiStatus.SUCCESS, call(function, COPY, width, bar, each[0], bar, each[1], each[2]));
        assertArrayEquals(expected, memory, () -> Arrays.toString(each));
      }
    }
    byte[] before = memory.clone();
    long accesses = function.accesses();
    long end = memory.length;
    for (long[] wrong : new long[][] {{end, 0, 1}, {0, end, 1}, {0, end - 4, 2}, {end - 4, 0, 2}, {0, -4, 1}, {-4, 0, 1}, {-4, 0, 2}, {0,
        1L << 32, 1}, {0, 0, -1}, {0, 8, (1L << 62) + 1}, {8, 0, Long.MIN_VALUE + 1}}) {
      assertEquals(EfiStatus.UNSUPPORTED, call(function, COPY, 2, bar, wrong[0], bar, wrong[1], wrong[2]), () -> Arrays.toString(wrong));
    }
    for (long width : new long[] {4, 8, 12, 0xFFFF_FFFFL}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(function, COPY, width, bar, 0, bar, 8, 1), () -> "width " + width);
    }
    assertArrayEquals(before, memory);
    assertEquals(accesses, function.accesses(), "accesses that were refused");
  }

  @Test
  void addressesPassThroughTheBarThatIsNone() {
    Function function = function();
    randomize(function, new Random(8));
    passes(function, MEMORY, function.memoryBar(), function.memory(), ~15L);
    passes(function, PORTS, function.portBar(), function.ports(), ~3L);
    long at = place(function, function.memoryBar(), ~15L);
    long result = function.firmware().room(8);
    assertEquals(EfiStatus.SUCCESS, call(function, POLL_MEMORY, 0, PASS_THROUGH, at + 5, 0, 0, 1, result));
    assertEquals(function.memory()[5] & 0xFF, function.firmware().memory().get64(result));
    byte[] expected = function.memory().clone();
    System.arraycopy(expected, 0, expected, 64, 32);
    assertEquals(EfiStatus.SUCCESS, call(function, COPY, 2, PASS_THROUGH, at + 64, function.memoryBar(), 0, 8));
    assertArrayEquals(expected, function.memory());
  }

  private static long place(Function function, int bar, long mask) {
    int at = FIRST_BAR + 4 * bar;
    long register = 0;
    for (int i = 3; i >= 0; i--) {
      register = register << 8 | function.configuration()[at + i] & 0xFF;
    }
    return register & mask;
  }

  private static void passes(Function function, int read, int bar, byte[] bytes, long mask) {
    PciSpace space = new PciSpace(function.firmware(), function.protocol(), read, PASS_THROUGH, place(function, bar, mask), bytes);
    space.widths(0, 2);
    byte[] before = bytes.clone();
    long accesses = function.accesses();
    long buffer = filled(function);
    for (long[] wrong : new long[][] {{-1, 1}, {-4, 2}, {space.first(), -1}, {space.first(), Long.MIN_VALUE}}) {
      for (boolean write : new boolean[] {false, true}) {
        assertNotEquals(EfiStatus.SUCCESS, space.call(write, 0, wrong[0], wrong[1], buffer), () -> Arrays.toString(wrong));
      }
    }
    assertArrayEquals(before, bytes);
    assertEquals(accesses, function.accesses(), "accesses of addresses where nothing is");
    assertEquals(FILL, function.firmware().memory().get64(buffer));
  }

  @Test
  void aFunctionSaysWhereItIs() {
    Function function = function();
    EfiRam memory = function.firmware().memory();
    long room = function.firmware().room(64);
    for (int i = 0; i < 8; i++) {
      memory.put64(room + 8 * i, FILL);
    }
    assertEquals(EfiStatus.SUCCESS, call(function, LOCATION, room, room + 16, room + 32, room + 48));
    for (int i = 0; i < 4; i++) {
      assertEquals(function.location()[i], memory.get64(room + 16 * i), "segment, bus, device, function: number " + i);
      assertEquals(FILL, memory.get64(room + 16 * i + 8), "behind number " + i);
    }
    for (long place : new long[] {0, NOWHERE, FakeRam.BASE + FakeRam.SIZE}) {
      for (int i = 0; i < 4; i++) {
        long[] places = {room, room + 16, room + 32, room + 48};
        places[i] = place;
        assertEquals(EfiStatus.INVALID_PARAMETER, call(function, LOCATION, places), "no place for number " + i);
      }
    }
  }

  @Test
  void theRomThatItSaysIsInMemory() {
    Function function = function();
    EfiRam memory = function.firmware().memory();
    long size = memory.get64(function.protocol() + ROM_SIZE);
    long image = memory.get64(function.protocol() + ROM_IMAGE);
    if (size == 0) {
      assertEquals(0, image, "an image of no bytes");
      return;
    }
    assertTrue(size > 0 && size <= FakeRam.SIZE && image >= FakeRam.BASE && image - FakeRam.BASE <= FakeRam.SIZE - size,
        "0x" + Long.toHexString(size) + " bytes at 0x" + Long.toHexString(image));
    assertEquals(0xAA55, memory.get16(image), "signature of a ROM (PCI Firmware 3.3, 5.1.1)");
  }
}
