// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.testkit.efi.ExtScsiPassThruContract.Host;

/** How the contract for SCSI hosts names units and asks for them, and sees what was written into memory. */
final class ScsiHostBench {
  // Places of functions.
  static final int PASS_THRU = 8;
  static final int NEXT_UNIT = 16;
  static final int BUILD_PATH = 24;
  static final int FIND = 32;
  static final int RESET_CHANNEL = 40;
  static final int RESET_UNIT = 48;
  static final int NEXT_TARGET = 56;
  /** What no host has. */
  static final long NO_LUN = 0x7A5A_5A5A_5A5A_5A5AL;
  private static final int TARGET = FakeScsiHost.TARGET;
  private static final int MOST_UNITS = 1 << 12;

  /** A unit in a host's list. */
  record Unit(List<Byte> target, long lun) {}

  final Host host;
  final EfiRam memory;
  final long target;
  /** Where the target's address, the LUN and a path's address are, with something behind each. */
  final long address;
  final long lun;
  final long path;
  final ScsiBench packets;
  private int pools;

  ScsiHostBench(Host host) {
    this.host = host;
    memory = host.firmware().memory();
    packets = new ScsiBench(host.firmware(), host.unit(), this::pass);
    target = packets.room + 256;
    address = packets.room + 512;
    lun = packets.room + 768;
    path = packets.room + 1024;
    host.firmware().service(BootService.ALLOCATE_POOL, call -> {
      memory.put64(call.argument(2), host.firmware().room((int) call.argument(1)));
      pools++;
      return EfiStep.done();
    });
  }

  /** Sends a packet to the host's unit. */
  private EfiStatus pass(long packet, long event) {
    name(host.target(), host.lun());
    return call(PASS_THRU, target, host.lun(), packet, event);
  }

  EfiStatus call(int function, long... arguments) {
    return ProtocolCall.status(host.firmware(), host.protocol(), function, arguments);
  }

  /** Says which unit is meant. */
  void name(byte[] which, long unit) {
    packets.fill(packets.room, 2048);
    memory.write(target, which);
    memory.put64(address, target);
    memory.put64(lun, unit);
  }

  void none() {
    byte[] none = new byte[TARGET];
    Arrays.fill(none, (byte) 0xFF);
    name(none, NO_LUN);
  }

  /** Who is named. */
  Unit named() {
    List<Byte> bytes = new ArrayList<>();
    for (byte each : memory.read(target, TARGET)) {
      bytes.add(each);
    }
    return new Unit(bytes, memory.get64(lun));
  }

  static byte[] bytes(Unit unit) {
    byte[] bytes = new byte[TARGET];
    for (int i = 0; i < TARGET; i++) {
      bytes[i] = unit.target.get(i);
    }
    return bytes;
  }

  /** Nothing around what is named has changed. */
  void around(String what) {
    packets.untouched(target - 64, target, what + ": before the target");
    packets.untouched(target + TARGET, address, what + ": behind the target");
    assertEquals(target, memory.get64(address), what + ": the target's address");
    packets.untouched(address + 8, lun, what + ": before the LUN");
    packets.untouched(lun + 8, path, what + ": behind the LUN");
    packets.untouched(path + 8, path + 512, what + ": behind the path's address");
  }

  EfiStatus next(int function) {
    return function == NEXT_UNIT ? call(function, address, lun) : call(function, address);
  }

  /** All units or targets, from the first on. */
  List<Unit> list(int function) {
    List<Unit> found = new ArrayList<>();
    none();
    EfiStatus status = next(function);
    while (status == EfiStatus.SUCCESS && found.size() < MOST_UNITS) {
      found.add(named());
      around("the list");
      status = next(function);
    }
    assertEquals(EfiStatus.NOT_FOUND, status, "behind the last of " + found.size());
    return found;
  }

  /** The call isn't SUCCESS, and who is named stays so. */
  void fails(EfiStatus expected, String what, int function, long... arguments) {
    Unit before = named();
    int allocated = pools;
    assertEquals(expected, call(function, arguments), what);
    assertEquals(before, named(), what + ": who is named");
    around(what);
    assertEquals(allocated, pools, what + ": pools that nobody frees");
  }

  void invalid(String what, int function, long... arguments) {
    fails(EfiStatus.INVALID_PARAMETER, what, function, arguments);
  }

  /** A node of the one who is named. */
  byte[] node() {
    int allocated = pools;
    assertEquals(EfiStatus.SUCCESS, call(BUILD_PATH, target, memory.get64(lun), path), "BuildDevicePath");
    assertEquals(allocated + 1, pools, "pools that a path takes");
    around("BuildDevicePath");
    long node = memory.get64(path);
    int length = memory.get16(node + 2);
    assertTrue(length >= 4 && length <= 256, "a node of " + length + " bytes");
    return memory.read(node, length);
  }
}
