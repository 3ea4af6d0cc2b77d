// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;

/** What EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL must keep, whatever host is behind it (UEFI 2.10, 14.2). */
public abstract class PciRootBridgeIoContract {
  private static final int POLL_MEMORY = 8;
  private static final int MEMORY = 24;
  private static final int PORTS = 40;
  private static final int CONFIGURATION = 56;
  private static final int COPY = 72;
  private static final int MAP = 80;
  private static final int GET_ATTRIBUTES = 120;
  private static final int SET_ATTRIBUTES = 128;
  private static final int RESOURCES = 136;
  private static final int OPERATIONS = 6;
  /** Of memory: nothing, that writes are combined, that it is cached, that devices reach it above 4 GiB. */
  private static final long[] ATTRIBUTES = {0, 0x80, 0x800, 0x8000};
  private static final int QWORD = 0x8A;
  private static final int DESCRIPTOR = 46;
  /** Where a function's registers begin that nobody minds being written, in this contract. */
  private static final int FREE = 0x40;

  /** A host of a test's: its windows are memory of bytes. */
  public interface Host {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of its protocol. */
    long protocol();

    /** All of a window of memory, live: 256 bytes or more. */
    byte[] memory();

    /** Where that begins on the bus. */
    long memoryAt();

    /** All of the window of I/O, live: 256 bytes or more. */
    byte[] ports();

    /** Where that begins on the bus. */
    long portsAt();

    /** Configuration space of a function whose registers are free, live: 4096 bytes. */
    byte[] configuration();

    /** Bus, device and function of that, as EFI_PCI_ADDRESS has them. */
    long function();

    /** The widest access of configuration space: 2 is 32 bits, 3 is 64. */
    default int widest() {
      return 3;
    }
  }

  /** A new one. */
  protected abstract Host host();

  private static PciSpace memory(Host host) {
    return new PciSpace(host.firmware(), host.protocol(), MEMORY, -1, host.memoryAt(), host.memory());
  }

  private static PciSpace ports(Host host) {
    return new PciSpace(host.firmware(), host.protocol(), PORTS, -1, host.portsAt(), host.ports());
  }

  private static EfiStatus call(Host host, int function, long... arguments) {
    return ProtocolCall.status(host.firmware(), host.protocol(), function, arguments);
  }

  @Test
  void registersOfWindowsAreReadAndWrittenInEachWidth() {
    Host host = host();
    new Random(1).nextBytes(host.memory());
    new Random(2).nextBytes(host.ports());
    memory(host).widths(0, 3);
    ports(host).widths(0, 2);
  }

  @Test
  void registersAndValuesAreRepeated() {
    Host host = host();
    new Random(1).nextBytes(host.memory());
    memory(host).repetitions(8, 3);
    ports(host).repetitions(8, 2);
    memory(host).unaligned(8);
    ports(host).unaligned(8);
  }

  @Test
  void whatIsOutsideOfAWindowIsRefused() {
    Host host = host();
    for (PciSpace space : new PciSpace[] {memory(host), ports(host)}) {
      space.ends(EfiStatus.INVALID_PARAMETER);
    }
    long buffer = host.firmware().room(64);
    host.firmware().memory().put64(buffer, 0x5A5A_5A5A_5A5A_5A5AL);
    memory(host).refused(EfiStatus.INVALID_PARAMETER, 0, host.memoryAt() - 1, 1, buffer);
    memory(host).refused(EfiStatus.INVALID_PARAMETER, 0, -1, 2, buffer);
  }

  @Test
  void widthsThatAreNoneAndBuffersThatAreNowhereAreRefused() {
    Host host = host();
    long gap = host.firmware().gap(64);
    memory(host).arguments(gap);
    ports(host).arguments(gap);
    configuration(host, 0, 256).arguments(gap);
  }

  /** A part of configuration space: registers below 256 are in the address's lowest byte, the others in its upper half. */
  private static PciSpace configuration(Host host, int from, int to) {
    return new PciSpace(host.firmware(), host.protocol(), CONFIGURATION, -1, host.function() | (from < 256 ? from : (long) from << 32),
        Arrays.copyOfRange(host.configuration(), from, to));
  }

  @Test
  void configurationSpaceIsReadAndWritten() {
    Host host = host();
    Random random = new Random(5);
    EfiRam memory = host.firmware().memory();
    long buffer = host.firmware().room(512);
    for (int width = 0; width <= host.widest(); width++) {
      for (int register : new int[] {FREE, 0x80, 0xF8, 0x100, 0x104 & -1 << width, 0xFF8}) {
        int size = 1 << width;
        int count = 8 / size;
        long address = host.function() | (register < 256 ? register : (long) register << 32);
        random.nextBytes(host.configuration());
        byte[] expected = host.configuration().clone();
        String what = "width " + width + " at register 0x" + Integer.toHexString(register);
        assertEquals(EfiStatus.SUCCESS, call(host, CONFIGURATION, width, address, count, buffer), what);
        assertArrayEquals(Arrays.copyOfRange(expected, register, register + 8), memory.read(buffer, 8), what);
        byte[] now = new byte[8];
        random.nextBytes(now);
        memory.write(buffer, now);
        System.arraycopy(now, 0, expected, register, 8);
        assertEquals(EfiStatus.SUCCESS, call(host, CONFIGURATION + 8, width, address, count, buffer), what);
        assertArrayEquals(expected, host.configuration(), what);
      }
    }
  }

  @Test
  void functionsAndRegistersThatCantBeAreRefused() {
    Host host = host();
    long buffer = host.firmware().room(64);
    host.firmware().memory().put64(buffer, 0x5A5A_5A5A_5A5A_5A5AL);
    PciSpace space = configuration(host, 0, 256);
    for (long wrong : new long[] {32L << 16, 8L << 8, 4096L << 32, 0x7FFF_FFFFL << 32}) {
      space.refused(EfiStatus.INVALID_PARAMETER, 2, host.function() & 0xFF00_0000L | wrong, 1, buffer);
    }
    space.refused(EfiStatus.INVALID_PARAMETER, 2, host.function() | 0xFFCL << 32, 2, buffer);
    space.refused(EfiStatus.INVALID_PARAMETER, 2, host.function(), (1L << 62) + 1, buffer);
  }

  @Test
  void aRegisterIsPolledUntilItHasAValueOrForATime() {
    Host host = host();
    FakeFirmware firmware = host.firmware();
    long result = firmware.room(8);
    host.memory()[16] = 0x35;
    assertEquals(EfiStatus.SUCCESS, call(host, POLL_MEMORY, 0, host.memoryAt() + 16, 0xF, 5, 1000, result));
    assertEquals(0x35, firmware.memory().get64(result));
    long before = firmware.counter();
    assertEquals(EfiStatus.TIMEOUT, call(host, POLL_MEMORY, 0, host.memoryAt() + 16, 0xF, 6, 1000, result));
    assertTrue(firmware.counter() - before >= firmware.frequency() / 10_000, "1000 units of 100 ns");
    assertEquals(EfiStatus.SUCCESS, call(host, POLL_MEMORY, 0, host.memoryAt() + 16, 0xF, 6, 0, result), "no time: it is read once");
    for (long[] wrong : new long[][] {{4, host.memoryAt(), 0, 0, 1, result}, {12, host.memoryAt(), 0, 0, 1, result}, {0, host.memoryAt(), 0,
        0, 1, 0}, {0, host.memoryAt() + host.memory().length, 0, 0, 1, result}}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(host, POLL_MEMORY, wrong), () -> Arrays.toString(wrong));
    }
  }

  @Test
  void registersAreCopiedAlsoOntoThemselves() {
    Host host = host();
    for (long[] each : new long[][] {{0, 128, 20}, {0, 8, 20}, {8, 0, 20}, {0, 0, 0}}) {
      new Random(9).nextBytes(host.memory());
      byte[] expected = host.memory().clone();
      System.arraycopy(host.memory(), (int) each[1], expected, (int) each[0], (int) each[2] * 4);
      assertEquals(EfiStatus.SUCCESS, call(host, COPY, 2, host.memoryAt() + each[0], host.memoryAt() + each[1], each[2]));
      assertArrayEquals(expected, host.memory(), () -> Arrays.toString(each));
    }
    byte[] before = host.memory().clone();
    long end = host.memoryAt() + host.memory().length;
    for (long[] wrong : new long[][] {{4, host.memoryAt(), host.memoryAt(), 1}, {2, end, host.memoryAt(), 1}, {2, host.memoryAt(), end - 4,
        2}}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(host, COPY, wrong), () -> Arrays.toString(wrong));
    }
    assertArrayEquals(before, host.memory());
  }

  @Test
  void memoryIsMappedForDevices() {
    Host host = host();
    new PciMemory(host.firmware(), host.protocol(), MAP, OPERATIONS, ATTRIBUTES).mapsAndUnmaps(() -> "");
  }

  @Test
  void whatIsNoMemoryIsNotMapped() {
    Host host = host();
    new PciMemory(host.firmware(), host.protocol(), MAP, OPERATIONS, ATTRIBUTES).mapsNothingElse();
  }

  @Test
  void whatMapNeverGaveIsNotUnmapped() {
    Host host = host();
    for (long mapping : new long[] {0x1234, host.protocol(), -2}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(host, MAP + 8, mapping), "Unmap of what Map never gave");
    }
  }

  @Test
  void buffersAreAllocatedAndFreedOnce() {
    Host host = host();
    new PciMemory(host.firmware(), host.protocol(), MAP, OPERATIONS, ATTRIBUTES).allocatesAndFrees();
  }

  @Test
  void buffersOfOtherKindsAreRefused() {
    Host host = host();
    new PciMemory(host.firmware(), host.protocol(), MAP, OPERATIONS, ATTRIBUTES).allocatesNothingElse();
  }

  @Test
  void attributesAreThoseThatAreSupported() {
    Host host = host();
    long room = host.firmware().room(16);
    assertEquals(EfiStatus.INVALID_PARAMETER, call(host, GET_ATTRIBUTES, 0, 0), "nothing is asked for");
    assertEquals(EfiStatus.SUCCESS, call(host, GET_ATTRIBUTES, room, room + 8));
    long supported = host.firmware().memory().get64(room);
    assertEquals(0, host.firmware().memory().get64(room + 8) & ~supported, "attributes that it has without supporting them");
    assertEquals(EfiStatus.SUCCESS, call(host, GET_ATTRIBUTES, room, 0));
    assertEquals(EfiStatus.SUCCESS, call(host, GET_ATTRIBUTES, 0, room));
    assertEquals(EfiStatus.SUCCESS, call(host, SET_ATTRIBUTES, 0, 0, 0), "nothing is set");
    assertEquals(EfiStatus.UNSUPPORTED, call(host, SET_ATTRIBUTES, ~supported & 0xFFFF, 0, 0));
  }

  @Test
  void whatTheHostHasIsDescribed() {
    Host host = host();
    EfiRam memory = host.firmware().memory();
    assertTrue(host.firmware().handles().has(memory.get64(host.protocol()), Protocol.PCI_ROOT_BRIDGE_IO), "ParentHandle");
    long room = host.firmware().room(8);
    assertEquals(EfiStatus.SUCCESS, call(host, RESOURCES, room));
    boolean covered = false;
    boolean buses = false;
    long at = memory.get64(room);
    for (; memory.get8(at) == QWORD; at += DESCRIPTOR) {
      long first = memory.get64(at + 14);
      assertEquals(DESCRIPTOR - 3, memory.get16(at + 1), "a descriptor's length");
      assertEquals(memory.get64(at + 38), memory.get64(at + 22) - first + 1, "bytes from the first to the last");
      covered |= memory.get8(at + 3) == 0 && first + memory.get64(at + 30) == host.memoryAt() && memory.get64(at + 38) == host
          .memory().length;
      buses |= memory.get8(at + 3) == 2 && first <= host.function() >>> 24 && memory.get64(at + 22) >= host.function() >>> 24;
    }
    assertEquals(0x79, memory.get16(at), "the end");
    assertTrue(covered, "the window of memory");
    assertTrue(buses, "the function's bus");
    assertEquals(EfiStatus.INVALID_PARAMETER, call(host, RESOURCES, 0));
  }
}
