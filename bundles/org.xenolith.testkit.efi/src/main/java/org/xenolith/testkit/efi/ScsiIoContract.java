// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.kit.ScsiPacket;

/** What EFI_SCSI_IO_PROTOCOL must keep (UEFI 2.10, 15.4). */
public abstract class ScsiIoContract {
  // Places of functions, and of the alignment.
  static final int TYPE = 0;
  static final int LOCATION = 8;
  static final int RESET_BUS = 16;
  static final int RESET_DEVICE = 24;
  static final int EXECUTE = 32;
  static final int ALIGNMENT = 40;
  private static final int TARGET = FakeScsiHost.TARGET;
  private static final List<EfiStatus> RESET = List.of(EfiStatus.SUCCESS, EfiStatus.UNSUPPORTED, EfiStatus.DEVICE_ERROR, EfiStatus.TIMEOUT);
  private static final long[] PLACES = {0, ScsiBench.NOWHERE, FakeRam.BASE - 1, ScsiBench.END, -1};

  /** A unit that has the protocol. */
  public interface Device {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of EFI_SCSI_IO_PROTOCOL. */
    long protocol();

    /** The unit. */
    FakeScsiUnit unit();

    /** The host that it is behind. */
    FakeScsiHost host();

    /** Its target, {@link FakeScsiHost#TARGET} bytes. */
    byte[] target();

    /** Its LUN. */
    long lun();

    /** What kind of unit it says that it is (SPC-5, 6.6.2). */
    int type();

    /** Bytes of data that a command can have, at most 32 KiB. */
    int most();
  }

  /** A new one. */
  protected abstract Device device();

  /** The unit, how it is asked, and where answers go: the target's address, the target and the LUN. */
  private static final class Bench {
    final Device device;
    final EfiRam memory;
    final ScsiBench packets;
    final long address;
    final long target;
    final long lun;

    Bench(Device device) {
      this.device = device;
      memory = device.firmware().memory();
      packets = new ScsiBench(device.firmware(), device.unit(), (packet, event) -> call(EXECUTE, packet, event));
      address = packets.room + 256;
      target = packets.room + 512;
      lun = packets.room + 768;
    }

    EfiStatus call(int function, long... arguments) {
      return ProtocolCall.status(device.firmware(), device.protocol(), function, arguments);
    }

    void clean() {
      packets.fill(packets.room, 1024);
      memory.put64(address, target);
    }

    void unanswered(String what) {
      packets.untouched(packets.room, address, what);
      packets.untouched(address + 8, packets.room + 1024, what);
    }
  }

  @Test
  void theKindOfUnitIsOneByte() {
    Bench bench = new Bench(device());
    bench.clean();
    assertEquals(EfiStatus.SUCCESS, bench.call(TYPE, bench.target));
    assertEquals(bench.device.type(), bench.memory.get8(bench.target));
    bench.packets.untouched(bench.packets.room, bench.address, "before");
    bench.packets.untouched(bench.target + 1, bench.lun, "behind the kind of unit");
    assertEquals(EfiStatus.SUCCESS, bench.call(TYPE, ScsiBench.END - 1), "the last byte of memory");
    for (long at : PLACES) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(TYPE, at), "the kind of unit at 0x" + Long.toHexString(at));
    }
  }

  @Test
  void theUnitsPlaceIsWhereItsHostHasIt() {
    Bench bench = new Bench(device());
    bench.clean();
    assertEquals(EfiStatus.SUCCESS, bench.call(LOCATION, bench.address, bench.lun));
    assertArrayEquals(bench.device.target(), bench.memory.read(bench.target, TARGET));
    assertEquals(bench.device.lun(), bench.memory.get64(bench.lun));
    assertEquals(bench.target, bench.memory.get64(bench.address), "the target's address");
    bench.packets.untouched(bench.packets.room, bench.address, "before the target's address");
    bench.packets.untouched(bench.address + 8, bench.target, "before the target");
    bench.packets.untouched(bench.target + TARGET, bench.lun, "behind the target");
    bench.packets.untouched(bench.lun + 8, bench.packets.room + 1024, "behind the LUN");
  }

  @Test
  void aPlaceThatCantBeToldIsNotHalfTold() {
    Bench bench = new Bench(device());
    for (long at : PLACES) {
      String where = " at 0x" + Long.toHexString(at);
      bench.clean();
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(LOCATION, bench.address, at), "a LUN" + where);
      bench.unanswered("a LUN" + where);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(LOCATION, at, bench.lun), "a target's address" + where);
      bench.unanswered("a target's address" + where);
      bench.memory.put64(bench.address, at);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(LOCATION, bench.address, bench.lun), "a target" + where);
      bench.unanswered("a target" + where);
    }
    bench.clean();
    bench.memory.put64(bench.address, ScsiBench.END - TARGET + 1);
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(LOCATION, bench.address, bench.lun), "a target across the end");
    bench.unanswered("a target across the end");
  }

  @Test
  void buffersAreAsAlignedAsIsSaid() {
    Bench bench = new Bench(device());
    bench.packets.alignment(bench.memory.get32(bench.device.protocol() + ALIGNMENT));
  }

  @Test
  void commandsGoToTheUnitWithTheirData() {
    Bench bench = new Bench(device());
    for (int direction : new int[] {ScsiPacket.READ, ScsiPacket.WRITE}) {
      for (int length : new int[] {0, 1, 511, 512, 4097, bench.device.most()}) {
        bench.packets.moves(direction, length, 10, 0);
      }
      for (int size : new int[] {6, 10, 12, 16}) {
        bench.packets.moves(direction, 36, size, 0);
      }
    }
  }

  @Test
  void fewerBytesThanThereIsRoomAreSaid() {
    new Bench(device()).packets.shortTransfers();
  }

  @Test
  void whatAUnitRefusesIsNoErrorOfTheCall() {
    new Bench(device()).packets.refusalsOfTheUnit();
  }

  @Test
  void moreThanACommandCanHaveIsBadBufferSize() {
    Bench bench = new Bench(device());
    for (int direction : new int[] {ScsiPacket.READ, ScsiPacket.WRITE}) {
      for (long length : new long[] {bench.device.most() + 1L, 1L << 31, 0xFFFF_FFFFL}) {
        bench.packets.describe(direction, length, 10);
        bench.packets.refused(bench.packets.packet, length + " bytes", EfiStatus.BAD_BUFFER_SIZE);
        assertEquals(bench.device.most(), bench.packets.moved(direction), "what a command can have");
      }
    }
    bench.packets.goesOn("too many bytes");
  }

  @Test
  void packetsThatCantBeMeantArentSent() {
    new Bench(device()).packets.badPackets();
  }

  @Test
  void noCommandGoesWhereThereIsNoMemory() {
    new Bench(device()).packets.nowhere();
  }

  @Test
  void aHostThatFailsIsNoSuccess() {
    Bench bench = new Bench(device());
    bench.packets.goesOn("nothing");
    bench.device.host().fails();
    for (int round = 0; round < 3; round++) {
      bench.packets.describe(ScsiPacket.READ, 512, 10);
      EfiStatus status = bench.packets.send();
      assertTrue(status == EfiStatus.DEVICE_ERROR || status == EfiStatus.TIMEOUT, "a host that fails: " + status);
      assertNotEquals(ScsiPacket.HOST_OK, bench.packets.said(ScsiPacket.HOST_STATUS), "what the host says");
      assertEquals(0, bench.packets.moved(ScsiPacket.READ), "bytes of data");
    }
    assertEquals(EfiStatus.SUCCESS, bench.call(TYPE, bench.target), "the kind of a unit whose host fails");
  }

  @Test
  void resetsReachTheHostAndLeaveTheUnit() {
    Bench bench = new Bench(device());
    for (int function : new int[] {RESET_BUS, RESET_DEVICE}) {
      int before = bench.device.host().resets();
      EfiStatus status = bench.call(function);
      assertTrue(RESET.contains(status), "function " + function + ": " + status);
      assertEquals(status == EfiStatus.SUCCESS ? before + 1 : before, bench.device.host().resets(), "resets, function " + function);
      bench.packets.goesOn("function " + function);
    }
  }
}
