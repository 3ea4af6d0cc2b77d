// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.ScsiPacket;
import org.xenolith.testkit.efi.ScsiHostBench.Unit;

/** What EFI_EXT_SCSI_PASS_THRU_PROTOCOL must keep (UEFI 2.10, 15.7). */
public abstract class ExtScsiPassThruContract {
  // Mode.
  private static final int ATTRIBUTES = 4;
  private static final int ALIGNMENT = 8;
  private static final int NONBLOCKING = 4;
  private static final int TARGET = FakeScsiHost.TARGET;
  private static final int EVENT = 0x7770;
  private static final List<EfiStatus> RESET = List.of(EfiStatus.SUCCESS, EfiStatus.UNSUPPORTED, EfiStatus.DEVICE_ERROR, EfiStatus.TIMEOUT);

  /** A host with a unit, and a target in its list at which there is none. */
  public interface Host {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of EFI_EXT_SCSI_PASS_THRU_PROTOCOL. */
    long protocol();

    /** The unit. */
    FakeScsiUnit unit();

    /** Its target, {@link FakeScsiHost#TARGET} bytes. */
    byte[] target();

    /** Its LUN. */
    long lun();

    /** A target in the list at whose LUN 0 nobody answers. */
    byte[] absent();

    /** Bytes of data that a command can have, at most 32 KiB. */
    int most();

    /** A node such as the host makes, of a unit that isn't in its list. */
    byte[] stranger();

    /** What it sends commands by doesn't work any more. */
    void fails();
  }

  /** A new one. */
  protected abstract Host host();

  @Test
  void theHostIsDescribed() {
    ScsiHostBench bench = new ScsiHostBench(host());
    long mode = bench.memory.get64(bench.host.protocol());
    byte[] self = Arrays.copyOf(bench.memory.read(mode, Integer.BYTES), TARGET);
    for (Unit unit : bench.list(ScsiHostBench.NEXT_TARGET)) {
      assertFalse(Arrays.equals(self, ScsiHostBench.bytes(unit)), "a target that is the host itself");
    }
    bench.packets.alignment(bench.memory.get32(mode + ALIGNMENT));
  }

  @Test
  void everyUnitIsListedOnce() {
    ScsiHostBench bench = new ScsiHostBench(host());
    List<Unit> units = bench.list(ScsiHostBench.NEXT_UNIT);
    assertEquals(units.size(), new HashSet<>(units).size(), "units that are listed twice");
    bench.name(bench.host.target(), bench.host.lun());
    assertTrue(units.contains(bench.named()), "the unit isn't listed");
    assertEquals(units, bench.list(ScsiHostBench.NEXT_UNIT), "the list once more");
    for (int i : new int[] {0, units.size() / 2, units.size() - 2}) {
      bench.name(ScsiHostBench.bytes(units.get(i)), units.get(i).lun());
      assertEquals(EfiStatus.SUCCESS, bench.next(ScsiHostBench.NEXT_UNIT));
      assertEquals(units.get(i + 1), bench.named(), "behind unit " + i);
    }
  }

  @Test
  void everyTargetOfAUnitIsListedOnce() {
    ScsiHostBench bench = new ScsiHostBench(host());
    List<List<Byte>> targets = bench.list(ScsiHostBench.NEXT_TARGET).stream().map(Unit::target).toList();
    assertEquals(targets.size(), new HashSet<>(targets).size(), "targets that are listed twice");
    Set<List<Byte>> expected = new HashSet<>(bench.list(ScsiHostBench.NEXT_UNIT).stream().map(Unit::target).toList());
    assertEquals(expected, new HashSet<>(targets));
  }

  @Test
  void nobodyIsBehindWhoIsntListed() {
    ScsiHostBench bench = new ScsiHostBench(host());
    for (int odd = 0; odd < TARGET; odd++) {
      byte[] nobody = new byte[TARGET];
      Arrays.fill(nobody, (byte) 0xFF);
      nobody[odd] = (byte) 0xFE;
      bench.name(nobody, 0);
      bench.fails(EfiStatus.INVALID_PARAMETER, "all but byte " + odd + " are ones", ScsiHostBench.NEXT_UNIT, bench.address, bench.lun);
      bench.fails(EfiStatus.INVALID_PARAMETER, "all but byte " + odd + " are ones", ScsiHostBench.NEXT_TARGET, bench.address);
    }
    for (long lun : new long[] {ScsiHostBench.NO_LUN, -1, Long.MIN_VALUE}) {
      bench.name(bench.host.target(), lun);
      bench.fails(EfiStatus.INVALID_PARAMETER, "LUN 0x" + Long.toHexString(lun), ScsiHostBench.NEXT_UNIT, bench.address, bench.lun);
    }
  }

  @Test
  void aUnitsPathLeadsBackToIt() {
    ScsiHostBench bench = new ScsiHostBench(host());
    List<Unit> units = bench.list(ScsiHostBench.NEXT_UNIT);
    Set<String> nodes = new HashSet<>();
    for (Unit unit : List.of(units.getFirst(), units.get(1), units.getLast())) {
      bench.name(ScsiHostBench.bytes(unit), unit.lun());
      assertTrue(nodes.add(Arrays.toString(bench.node())), "two units have the same node");
      long node = bench.memory.get64(bench.path);
      bench.none();
      assertEquals(EfiStatus.SUCCESS, bench.call(ScsiHostBench.FIND, node, bench.address, bench.lun), "GetTargetLun");
      assertEquals(unit, bench.named());
      bench.around("GetTargetLun");
    }
  }

  @Test
  void pathsOfWhoIsntThereAreRefused() {
    ScsiHostBench bench = new ScsiHostBench(host());
    byte[] nobody = new byte[TARGET];
    Arrays.fill(nobody, (byte) 0xFE);
    bench.name(nobody, 0);
    bench.fails(EfiStatus.NOT_FOUND, "a target that isn't listed", ScsiHostBench.BUILD_PATH, bench.target, 0, bench.path);
    bench.name(bench.host.target(), 0);
    for (long lun : new long[] {ScsiHostBench.NO_LUN, -1, Long.MIN_VALUE}) {
      bench.fails(EfiStatus.NOT_FOUND, "LUN 0x" + Long.toHexString(lun), ScsiHostBench.BUILD_PATH, bench.target, lun, bench.path);
    }
    byte[][] foreign = {{0x7F, (byte) 0xFF, 4, 0}, {1, 1, 6, 0, 0, 1}, {2, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {3, 1, 8, 0, 0, 0, 0, 0}};
    for (byte[] each : foreign) {
      bench.memory.write(bench.path + 512, each);
      bench.fails(EfiStatus.UNSUPPORTED, "a node " + Arrays.toString(each), ScsiHostBench.FIND, bench.path + 512, bench.address, bench.lun);
    }
    bench.memory.write(bench.path + 512, bench.host.stranger());
    bench.fails(EfiStatus.NOT_FOUND, "a node of nobody", ScsiHostBench.FIND, bench.path + 512, bench.address, bench.lun);
    bench.host.firmware().service(BootService.ALLOCATE_POOL, call -> EfiStep.done(EfiStatus.OUT_OF_RESOURCES));
    bench.fails(EfiStatus.OUT_OF_RESOURCES, "a path for which there is no memory", ScsiHostBench.BUILD_PATH, bench.target, bench.host.lun(),
        bench.path);
  }

  @Test
  void namesWhereThereIsNoMemoryAreRefused() {
    ScsiHostBench bench = new ScsiHostBench(host());
    bench.name(bench.host.target(), bench.host.lun());
    byte[] node = bench.node();
    long place = bench.path + 512;
    for (long at : new long[] {0, ScsiBench.NOWHERE, FakeRam.BASE - 1, ScsiBench.END - 1, -1}) {
      String where = " at 0x" + Long.toHexString(at);
      bench.name(bench.host.target(), bench.host.lun());
      bench.invalid("a path" + where, ScsiHostBench.BUILD_PATH, bench.target, bench.host.lun(), at);
      bench.invalid("a path's target" + where, ScsiHostBench.BUILD_PATH, at, bench.host.lun(), bench.path);
      bench.memory.put64(place, at);
      bench.invalid("a target" + where, ScsiHostBench.NEXT_UNIT, place, bench.lun);
      bench.invalid("a target" + where, ScsiHostBench.NEXT_TARGET, place);
      bench.none();
      bench.invalid("a LUN" + where, ScsiHostBench.NEXT_UNIT, bench.address, at);
      bench.invalid("the target's address" + where, ScsiHostBench.NEXT_UNIT, at, bench.lun);
      bench.invalid("the target's address" + where, ScsiHostBench.NEXT_TARGET, at);
      bench.memory.write(place, node);
      bench.invalid("the target's address" + where, ScsiHostBench.FIND, place, at, bench.lun);
      bench.invalid("the LUN found" + where, ScsiHostBench.FIND, place, bench.address, at);
      bench.invalid("a node" + where, ScsiHostBench.FIND, at, bench.address, bench.lun);
    }
  }

  @Test
  void commandsGoToTheirUnitWithTheirData() {
    ScsiHostBench bench = new ScsiHostBench(host());
    ScsiBench packets = bench.packets;
    for (int direction : new int[] {ScsiPacket.READ, ScsiPacket.WRITE}) {
      for (int length : new int[] {0, 1, 511, 512, 4097, bench.host.most()}) {
        packets.moves(direction, length, 10, 0);
      }
      for (int size : new int[] {6, 10, 12, 16}) {
        packets.moves(direction, 36, size, 0);
      }
    }
    packets.describe(ScsiPacket.READ, 0, ScsiBench.MOST_SENSE);
    int sent = packets.unit.commands().size();
    if (packets.send() == EfiStatus.SUCCESS) {
      assertEquals(ScsiBench.MOST_SENSE, packets.unit.commands().getLast().block().length, "a command that was cut");
    } else {
      assertEquals(sent, packets.unit.commands().size(), "a command that was refused was sent");
    }
  }

  @Test
  void anEventIsIgnoredByWhoAlwaysWaits() {
    ScsiHostBench bench = new ScsiHostBench(host());
    if ((bench.memory.get32(bench.memory.get64(bench.host.protocol()) + ATTRIBUTES) & NONBLOCKING) == 0) {
      bench.packets.moves(ScsiPacket.READ, 512, 10, EVENT);
    }
  }

  @Test
  void fewerBytesThanThereIsRoomAreSaid() {
    new ScsiHostBench(host()).packets.shortTransfers();
  }

  @Test
  void whatAUnitRefusesIsNoErrorOfTheHost() {
    new ScsiHostBench(host()).packets.refusalsOfTheUnit();
  }

  @Test
  void moreThanACommandCanHaveIsBadBufferSize() {
    ScsiHostBench bench = new ScsiHostBench(host());
    int most = bench.host.most();
    for (int direction : new int[] {ScsiPacket.READ, ScsiPacket.WRITE}) {
      for (long length : new long[] {most + 1L, 1L << 31, 0xFFFF_FFFFL}) {
        bench.packets.describe(direction, length, 10);
        bench.packets.refused(bench.packets.packet, length + " bytes", EfiStatus.BAD_BUFFER_SIZE);
        assertEquals(most, bench.packets.moved(direction), "what a command can have");
      }
      bench.packets.moves(direction, most, 10, 0);
    }
  }

  @Test
  void packetsThatCantBeMeantArentSent() {
    ScsiHostBench bench = new ScsiHostBench(host());
    bench.packets.badPackets();
    byte[] nobody = new byte[TARGET];
    Arrays.fill(nobody, (byte) 0xFE);
    for (byte[] target : new byte[][] {nobody, Arrays.copyOf(new byte[] {(byte) 0xFF, (byte) 0xFF}, TARGET)}) {
      bench.name(target, 0);
      assertEquals(EfiStatus.INVALID_PARAMETER, toSomebody(bench, bench.target, 0), "a target that isn't listed");
    }
    bench.name(bench.host.target(), 0);
    for (long lun : new long[] {ScsiHostBench.NO_LUN, -1, Long.MIN_VALUE, 1L << 32 | bench.host.lun()}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, toSomebody(bench, bench.target, lun), "LUN 0x" + Long.toHexString(lun));
    }
    bench.packets.goesOn("units that aren't there");
  }

  private static EfiStatus toSomebody(ScsiHostBench bench, long target, long lun) {
    int sent = bench.host.unit().commands().size();
    bench.packets.describe(ScsiPacket.READ, 512, 10);
    EfiStatus status = bench.call(ScsiHostBench.PASS_THRU, target, lun, bench.packets.packet, 0);
    assertEquals(sent, bench.host.unit().commands().size(), "a command for somebody else came to the unit");
    bench.packets.around(0, 0, "a command for somebody else");
    return status;
  }

  @Test
  void noCommandGoesWhereThereIsNoMemory() {
    ScsiHostBench bench = new ScsiHostBench(host());
    bench.packets.nowhere();
    for (long at : new long[] {0, ScsiBench.NOWHERE, FakeRam.BASE - 1, ScsiBench.END - 1, ScsiBench.END, -1}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, toSomebody(bench, at, bench.host.lun()), "a target at 0x" + Long.toHexString(at));
    }
    bench.packets.goesOn("a target where there is no memory");
  }

  @Test
  void whereNobodyAnswersNothingIsMoved() {
    ScsiHostBench bench = new ScsiHostBench(host());
    for (int round = 0; round < 2; round++) {
      bench.name(bench.host.absent(), 0);
      EfiStatus status = toSomebody(bench, bench.target, 0);
      assertTrue(List.of(EfiStatus.SUCCESS, EfiStatus.TIMEOUT, EfiStatus.DEVICE_ERROR).contains(status), "nobody: " + status);
      unsent(bench, "nobody");
    }
    bench.packets.goesOn("a command for nobody");
  }

  private static void unsent(ScsiHostBench bench, String what) {
    int said = bench.packets.said(ScsiPacket.HOST_STATUS);
    assertFalse(said == ScsiPacket.HOST_OK || said == 0xA5, what + ": the host's status is " + said);
    assertEquals(0, bench.packets.moved(ScsiPacket.READ), what + ": bytes of data");
    assertEquals(0, bench.packets.said(ScsiPacket.SENSE_LENGTH), what + ": bytes of sense data");
  }

  @Test
  void aHostThatFailsSaysSo() {
    ScsiHostBench bench = new ScsiHostBench(host());
    bench.packets.goesOn("nothing");
    bench.host.fails();
    for (int round = 0; round < 3; round++) {
      bench.packets.describe(ScsiPacket.READ, 512, 10);
      EfiStatus status = bench.packets.send();
      assertTrue(status == EfiStatus.DEVICE_ERROR || status == EfiStatus.TIMEOUT, "a host that fails: " + status);
      unsent(bench, "a host that fails, command " + round);
    }
    assertFalse(bench.list(ScsiHostBench.NEXT_UNIT).isEmpty(), "the list of a host that fails");
  }

  @Test
  void resetsLeaveTheUnits() {
    ScsiHostBench bench = new ScsiHostBench(host());
    List<Unit> units = bench.list(ScsiHostBench.NEXT_UNIT);
    EfiStatus channel = bench.call(ScsiHostBench.RESET_CHANNEL);
    assertTrue(RESET.contains(channel), "ResetChannel: " + channel);
    bench.packets.goesOn("ResetChannel");
    bench.name(bench.host.target(), bench.host.lun());
    EfiStatus unit = bench.call(ScsiHostBench.RESET_UNIT, bench.target, bench.host.lun());
    assertTrue(RESET.contains(unit), "ResetTargetLun: " + unit);
    bench.packets.goesOn("ResetTargetLun");
    assertEquals(units, bench.list(ScsiHostBench.NEXT_UNIT));
    bench.name(bench.host.target(), ScsiHostBench.NO_LUN);
    for (long[] who : new long[][] {{0, 0}, {ScsiBench.NOWHERE, 0}, {bench.target, ScsiHostBench.NO_LUN}}) {
      assertNotEquals(EfiStatus.SUCCESS, bench.call(ScsiHostBench.RESET_UNIT, who), "ResetTargetLun of nobody");
    }
    assertArrayEquals(bench.host.target(), bench.memory.read(bench.target, TARGET), "ResetTargetLun doesn't change who is named");
  }
}
