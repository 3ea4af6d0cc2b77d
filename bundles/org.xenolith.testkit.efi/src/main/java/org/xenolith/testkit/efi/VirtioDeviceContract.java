// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.testkit.efi.VirtioDeviceState.Register;

/** What edk2's protocol for virtio devices must keep, whatever transport is behind it (OvmfPkg/Include/Protocol/VirtioDevice.h). */
public abstract class VirtioDeviceContract {
  private static final int GET_FEATURES = 8;
  private static final int SET_FEATURES = 16;
  private static final int SET_ADDRESS = 24;
  private static final int SELECT = 32;
  private static final int NOTIFY = 40;
  private static final int ALIGN = 48;
  private static final int PAGE_SIZE = 56;
  private static final int GET_MOST = 64;
  private static final int SET_SIZE = 72;
  private static final int GET_STATUS = 80;
  private static final int SET_STATUS = 88;
  private static final int WRITE = 96;
  private static final int READ = 104;
  private static final int ALLOCATE = 112;
  private static final int FREE = 120;
  private static final int MAP = 128;
  private static final int UNMAP = 136;
  /** Versions of the specification: major in 8 bits, minor in 8, and 16. */
  private static final long VERSION_0_9_5 = 0x0009_0005;
  private static final long VERSION_1_0_0 = 0x0100_0000;
  private static final int GUARDED = 32;
  private static final byte FILL = (byte) 0xA5;
  private static final List<Register> ADDRESSES = List.of(Register.DESCRIPTORS, Register.AVAILABLE, Register.USED);

  /** A device behind a transport. */
  public interface Transport {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of its protocol. */
    long protocol();

    /** What the device has in its registers. */
    VirtioDeviceState device();

    /** Whether it is one from before version 1.0 (Virtio 1.2, 1.3.1). */
    boolean legacy();

    /** Kind of device. */
    int kind();

    /** Where the device sees memory of the guest's, once that is mapped. */
    default long seen(long address) {
      return address;
    }

    /** How much is mapped for the device by whatever the transport is on. */
    default int mapped() {
      return 0;
    }
  }

  /** A new one, whose device is reset. */
  protected abstract Transport transport();

  private static final class Bench {
    final Transport transport;
    final VirtioDeviceState device;
    final EfiRam memory;
    final long buffer;

    Bench(Transport transport) {
      this.transport = transport;
      device = transport.device();
      memory = transport.firmware().memory();
      buffer = transport.firmware().room(4096);
      fill();
    }

    void fill() {
      byte[] fill = new byte[GUARDED];
      Arrays.fill(fill, FILL);
      memory.write(buffer, fill);
    }

    EfiStatus call(int function, long... arguments) {
      return ProtocolCall.status(transport.firmware(), transport.protocol(), function, arguments);
    }

    void good(int function, long... arguments) {
      assertEquals(EfiStatus.SUCCESS, call(function, arguments), () -> "the function at " + function + " with " + Arrays.toString(
          arguments));
    }

    /** A number at the buffer, and nothing behind it. */
    long answered(int bytes) {
      long value = 0;
      for (int i = GUARDED - 1; i >= 0; i--) {
        int each = memory.get8(buffer + i);
        if (i >= bytes) {
          assertEquals(FILL & 0xFF, each, "byte " + i + " of an answer of " + bytes);
        } else {
          value = value << 8 | each;
        }
      }
      fill();
      return value;
    }

    long answer(int function, int bytes) {
      good(function, buffer);
      return answered(bytes);
    }

    /** edk2's description of a ring, above 4 GiB but for the base of a legacy one. */
    long ring(int queue) {
      long ring = transport.firmware().room(96);
      memory.put64(ring + 8, 0x4560_0000L + 0x1_0000L * queue);
      memory.put64(ring + 16, 0x1_4560_0000L + 0x1_0000L * queue);
      memory.put64(ring + 24, 0x2_4560_1000L + 0x1_0000L * queue);
      memory.put64(ring + 56, 0x3_4560_2000L + 0x1_0000L * queue);
      return ring;
    }
  }

  @Test
  void theDeviceIsDescribed() {
    Bench bench = new Bench(transport());
    assertEquals(bench.transport.legacy() ? VERSION_0_9_5 : VERSION_1_0_0, bench.memory.get32(bench.transport.protocol()),
        "revision of the specification");
    assertEquals(bench.transport.kind(), bench.memory.get32(bench.transport.protocol() + 4), "kind of device");
  }

  @Test
  void featuresAreToldAndAccepted() {
    Bench bench = new Bench(transport());
    for (long features : new long[] {0x1_3000_0021L, 0x8000_0000L, 0xFEDC_BA98_7654_3210L}) {
      long has = bench.transport.legacy() ? features & 0xFFFF_FFFFL : features;
      bench.device.offer(features);
      assertEquals(has, bench.answer(GET_FEATURES, 8), "features that are offered");
      bench.good(SET_FEATURES, has);
      assertEquals(has, bench.device.get(Register.ACCEPTED), "features that are accepted");
    }
  }

  @Test
  void featuresThatALegacyDeviceCantHaveAreRefused() {
    Bench bench = new Bench(transport());
    bench.good(SET_FEATURES, 0x21);
    if (bench.transport.legacy()) {
      assertEquals(EfiStatus.UNSUPPORTED, bench.call(SET_FEATURES, 0x1_0000_0007L));
      assertEquals(0x21, bench.device.get(Register.ACCEPTED), "nothing else was accepted");
    }
  }

  @Test
  void theStatusIsSetAndTold() {
    Bench bench = new Bench(transport());
    for (int status : new int[] {1, 3, 0xB, 0xF, 0x80, 0}) {
      bench.good(SET_STATUS, status | 0x5500);
      assertEquals(status, bench.device.get(Register.STATUS), "the device's status: 8 bits");
      assertEquals(status, bench.answer(GET_STATUS, 1), "the status that is told");
    }
  }

  @Test
  void eachQueueHasASizeOfItsOwn() {
    Bench bench = new Bench(transport());
    for (int queue = 0; queue <= VirtioDeviceState.QUEUES; queue++) {
      bench.good(SELECT, queue);
      assertEquals(VirtioDeviceState.most(queue), bench.answer(GET_MOST, 2), "how large queue " + queue + " may be; 0: it isn't there");
    }
    for (int queue = 0; queue < VirtioDeviceState.QUEUES && !bench.transport.legacy(); queue++) {
      bench.good(SELECT, queue);
      bench.good(SET_SIZE, 8);
      for (int each = 0; each < VirtioDeviceState.QUEUES; each++) {
        assertEquals(each <= queue ? 8 : 0, bench.device.get(Register.SIZE, each), "queue " + each + " after queue " + queue);
      }
    }
    bench.good(ALIGN, 4096);
    bench.good(PAGE_SIZE, 4096);
  }

  @Test
  void aQueueIsWhereItsRingIs() {
    Bench bench = new Bench(transport());
    for (int queue = VirtioDeviceState.QUEUES - 1; queue >= 0; queue--) {
      long shift = bench.transport.legacy() ? 0 : 0x10_0000_0000L * queue;
      long ring = bench.ring(queue);
      bench.good(SELECT, queue);
      bench.good(SET_ADDRESS, ring, shift);
      for (int i = 0; i < 3; i++) {
        long expected = bench.transport.legacy() ? 0 : bench.memory.get64(ring + new int[] {16, 24, 56}[i]) + shift;
        assertEquals(expected, bench.device.get(ADDRESSES.get(i), queue), ADDRESSES.get(i) + " of queue " + queue);
      }
      assertEquals(bench.transport.legacy() ? bench.memory.get64(ring + 8) >>> 12 : 0, bench.device.get(Register.PAGE, queue),
          "page of queue " + queue);
      for (int each = 0; each < VirtioDeviceState.QUEUES && !bench.transport.legacy(); each++) {
        assertEquals(each >= queue, bench.device.get(Register.ENABLED, each) != 0, "whether queue " + each + " is enabled");
      }
    }
  }

  /** What is selected stays so: it is what the next call is about. */
  @Test
  void onlyTheQueueThatIsMeantIsNotified() {
    Bench bench = new Bench(transport());
    bench.good(SELECT, 2);
    for (int queue : new int[] {0, 2, 1, 1}) {
      bench.good(NOTIFY, queue);
      assertEquals(List.of(queue), bench.device.notified());
      assertEquals(2, bench.device.get(Register.QUEUE), "the queue that is selected, after queue " + queue + " was notified");
    }
    bench.good(SELECT, 0);
    bench.good(NOTIFY, 0);
    assertEquals(List.of(0), bench.device.notified());
    bench.good(SET_STATUS, 0);
    bench.device.set(Register.QUEUE, 0);
    bench.good(NOTIFY, 2);
    assertEquals(List.of(2), bench.device.notified(), "after a reset");
  }

  @Test
  void fieldsOfTheConfigurationHaveTheirSizes() {
    Bench bench = new Bench(transport());
    Random random = new Random(11);
    random.nextBytes(bench.device.configuration());
    for (int size = 1; size <= 8; size *= 2) {
      for (int at : new int[] {0, 8, VirtioDeviceState.CONFIGURATION - 8}) {
        byte[] expected = bench.device.configuration().clone();
        bench.good(READ, at, size, size, bench.buffer);
        assertArrayEquals(Arrays.copyOfRange(expected, at, at + size), bench.memory.read(bench.buffer, size), size + " bytes at " + at);
        bench.answered(size);
        assertArrayEquals(expected, bench.device.configuration(), "what was read is as it was");
        long value = random.nextLong();
        bench.good(WRITE, at, size, value);
        for (int i = 0; i < size; i++) {
          expected[at + i] = (byte) (value >>> 8 * i);
        }
        assertArrayEquals(expected, bench.device.configuration(), size + " bytes written at " + at);
      }
    }
  }

  private static void refusesField(Bench bench, EfiStatus expected, long at, long size, long room) {
    byte[] before = bench.device.configuration().clone();
    String what = size + " bytes at " + at + " into " + room;
    assertEquals(expected, bench.call(READ, at, size, room, bench.buffer), what);
    bench.answered(0);
    if (size == room) {
      assertEquals(expected, bench.call(WRITE, at, size, 0x1234_5678), what);
    }
    assertArrayEquals(before, bench.device.configuration(), what);
    assertEquals(0, bench.device.get(Register.STATUS) | bench.device.get(Register.ACCEPTED), what);
  }

  @Test
  void fieldsOfOtherSizesAreRefused() {
    Bench bench = new Bench(transport());
    for (long size : new long[] {0, 3, 5, 6, 7, 16, -1, 1L << 32 | 1}) {
      refusesField(bench, EfiStatus.INVALID_PARAMETER, 0, size, size);
    }
    refusesField(bench, EfiStatus.INVALID_PARAMETER, 0, 4, 8);
    refusesField(bench, EfiStatus.INVALID_PARAMETER, 0, 8, 4);
  }

  /** Those before the configuration are registers that the other functions are for. */
  @Test
  void fieldsThatAreNotTheDevicesAreRefused() {
    Bench bench = new Bench(transport());
    for (long at : new long[] {-1, -4, -0x8C, -0x100, -0x2000, -0x1FEC, 1 << 20, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE}) {
      for (int size = 1; size <= 8; size *= 2) {
        refusesField(bench, EfiStatus.UNSUPPORTED, at, size, size);
      }
    }
  }

  @Test
  void pagesAreGivenAndTakenBackOnce() {
    Bench bench = new Bench(transport());
    String before = FirmwareState.of(bench.transport.firmware());
    bench.good(ALLOCATE, 3, bench.buffer);
    long pages = bench.answered(8);
    assertEquals(0, pages & 4095, "pages");
    assertNotEquals(before, FirmwareState.of(bench.transport.firmware()), "they are allocated");
    bench.memory.write(pages, new byte[3 * 4096]);
    assertNotEquals(EfiStatus.SUCCESS, bench.call(FREE, 2, pages), "fewer than there are");
    bench.good(FREE, 3, pages);
    assertEquals(before, FirmwareState.of(bench.transport.firmware()));
    assertNotEquals(EfiStatus.SUCCESS, bench.call(FREE, 3, pages), "a second time");
  }

  @Test
  void buffersAreMappedUntilTheyAreUnmapped() {
    Bench bench = new Bench(transport());
    long host = bench.transport.firmware().room(4096);
    String before = FirmwareState.of(bench.transport.firmware()) + bench.transport.mapped();
    for (int operation = 0; operation < 3; operation++) {
      bench.memory.put64(bench.buffer, 512);
      bench.good(MAP, operation, host, bench.buffer, bench.buffer + 8, bench.buffer + 16);
      assertEquals(512, bench.memory.get64(bench.buffer), "bytes that are mapped");
      assertEquals(bench.transport.seen(host), bench.memory.get64(bench.buffer + 8), "where the device sees it");
      bench.good(UNMAP, bench.memory.get64(bench.buffer + 16));
      assertEquals(before, FirmwareState.of(bench.transport.firmware()) + bench.transport.mapped(), "what is unmapped is gone");
    }
  }

  /** A device would be told to go there. */
  @Test
  void whatIsNoMemoryIsNotMapped() {
    Bench bench = new Bench(transport());
    long gap = bench.transport.firmware().gap(4096);
    long end = FakeRam.BASE + FakeRam.SIZE;
    long host = bench.transport.firmware().room(4096);
    String before = FirmwareState.of(bench.transport.firmware()) + bench.transport.mapped();
    for (long[] wrong : new long[][] {{0x10, 512}, {FakeRam.BASE - 1, 512}, {end - 511, 512}, {end, 512}, {-512, 512}, {-256, 512}, {gap,
        1}, {gap - 1, 4098}, {host, -1}, {host, Long.MIN_VALUE}, {host, FakeRam.SIZE}, {host, 1L << 32}}) {
      for (int operation = 0; operation < 3; operation++) {
        bench.memory.put64(bench.buffer, wrong[1]);
        assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(MAP, operation, wrong[0], bench.buffer, bench.buffer + 8, bench.buffer + 16),
            () -> wrong[1] + " bytes at 0x" + Long.toHexString(wrong[0]));
        assertEquals(before, FirmwareState.of(bench.transport.firmware()) + bench.transport.mapped(), () -> Arrays.toString(wrong));
      }
    }
    bench.memory.put64(bench.buffer, 4096);
    for (long[] nowhere : new long[][] {{end - 4, bench.buffer + 8, bench.buffer + 16}, {bench.buffer, end - 4, bench.buffer + 16},
        {bench.buffer, bench.buffer + 8, end - 4}}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(MAP, 0, host, nowhere[0], nowhere[1], nowhere[2]), () -> Arrays.toString(
          nowhere));
    }
    bench.good(MAP, 0, host, bench.buffer, bench.buffer + 8, bench.buffer + 16);
    bench.good(UNMAP, bench.memory.get64(bench.buffer + 16));
  }

  @Test
  void whatCantBeMappedIsNot() {
    Bench bench = new Bench(transport());
    long host = bench.transport.firmware().room(4096);
    bench.memory.put64(bench.buffer, 512);
    String before = FirmwareState.of(bench.transport.firmware()) + bench.transport.mapped();
    for (long[] wrong : new long[][] {{3, host, bench.buffer, bench.buffer + 8, bench.buffer + 16}, {-1, host, bench.buffer, bench.buffer
        + 8, bench.buffer + 16}, {0, 0, bench.buffer, bench.buffer + 8, bench.buffer + 16}, {0, host, 0, bench.buffer + 8, bench.buffer
            + 16}, {0, host, bench.buffer, 0, bench.buffer + 16}, {0, host, bench.buffer, bench.buffer + 8, 0}}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(MAP, wrong), () -> Arrays.toString(wrong));
      assertEquals(before, FirmwareState.of(bench.transport.firmware()) + bench.transport.mapped(), () -> Arrays.toString(wrong));
    }
  }
}
