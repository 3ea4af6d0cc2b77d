// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.ScsiPacket;

/** A host with EFI_EXT_SCSI_PASS_THRU_PROTOCOL (UEFI 2.10, 15.7) for tests of what is above: it keeps {@link ExtScsiPassThruContract}. */
public final class FakeScsiHost {
  /** Bytes of a target's identity. */
  public static final int TARGET = 16;
  static final int NODE = 44;
  private static final EfiGuid VENDOR = EfiGuid.of("b13a3c51-0f7c-4a3b-8a6f-5b8d9b0e4c27");
  private static final int MESSAGING = 3;
  private static final int VENDOR_DEFINED = 10;
  private static final int TARGET_AT = 4 + EfiGuid.SIZE;
  private static final int MODE_AT = 64;
  /** Physical devices, and logical ones. */
  private static final int ATTRIBUTES = 3;
  private static final int BOOT_SERVICES_DATA = 4;
  private static final int NONE = 0xFF;

  private record Place(byte[] target, long lun, FakeScsiUnit unit) {}

  private final FakeFirmware firmware;
  private final EfiRam memory;
  private final long protocol;
  private final int alignment;
  private final int most;
  private final List<Place> places = new ArrayList<>();
  private boolean failing;
  private int resets;

  /**
   * A host without units.
   *
   * @param alignment of data and sense data
   * @param most      bytes of a command's data
   */
  public FakeScsiHost(FakeFirmware firmware, int alignment, int most) {
    this.firmware = firmware;
    this.alignment = alignment;
    this.most = most;
    memory = firmware.memory();
    protocol = firmware.room(MODE_AT + 12);
    memory.put64(protocol, protocol + MODE_AT);
    memory.put32(protocol + MODE_AT, -1);
    memory.put32(protocol + MODE_AT + 4, ATTRIBUTES);
    memory.put32(protocol + MODE_AT + 8, alignment);
    EfiFunction[] functions = {this::pass, this::nextUnit, this::build, this::find, this::resetChannel, this::resetUnit, this::nextTarget};
    for (int i = 0; i < functions.length; i++) {
      memory.put64(protocol + 8 + 8L * i, firmware.guest(functions[i]));
    }
  }

  /** A place in the list of units. @param unit null: nobody answers there */
  public void unit(byte[] target, long lun, FakeScsiUnit unit) {
    places.add(new Place(target.clone(), lun, unit));
  }

  /** A target with a number in its first byte and one in its last. */
  public static byte[] target(int first, int last) {
    byte[] target = new byte[TARGET];
    target[0] = (byte) first;
    target[TARGET - 1] = (byte) last;
    return target;
  }

  /** Address of the protocol. */
  public long protocol() {
    return protocol;
  }

  /** No command reaches a unit from now on. */
  public void fails() {
    failing = true;
  }

  /** How many resets there were. */
  public int resets() {
    return resets;
  }

  /** A node of a unit's path. */
  static byte[] node(byte[] target, long lun) {
    byte[] node = new byte[NODE];
    node[0] = MESSAGING;
    node[1] = VENDOR_DEFINED;
    node[2] = NODE;
    System.arraycopy(VENDOR.toBytes(), 0, node, 4, EfiGuid.SIZE);
    System.arraycopy(target, 0, node, TARGET_AT, TARGET);
    for (int i = 0; i < Long.BYTES; i++) {
      node[TARGET_AT + TARGET + i] = (byte) (lun >>> 8 * i);
    }
    return node;
  }

  private int place(byte[] target, long lun) {
    for (int i = 0; i < places.size(); i++) {
      if (Arrays.equals(places.get(i).target, target) && places.get(i).lun == lun) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isNone(byte[] target) {
    for (byte each : target) {
      if ((each & 0xFF) != NONE) {
        return false;
      }
    }
    return true;
  }

  /** Arguments: this, target, LUN, packet, event. */
  EfiStep pass(Call call) {
    byte[] target = memory.read(call.argument(1), TARGET);
    long packet = call.argument(3);
    memory.write(packet, memory.read(packet, ScsiPacket.SIZE)); // or there is no memory
    int at = place(target, call.argument(2));
    int direction = memory.get8(packet + ScsiPacket.DIRECTION);
    int size = memory.get8(packet + ScsiPacket.COMMAND_LENGTH);
    if (at < 0 || size == 0 || direction > ScsiPacket.WRITE) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long length = memory.get32(ScsiPacket.length(packet, direction));
    if (length > most) {
      memory.put32(ScsiPacket.length(packet, direction), most);
      return EfiStep.done(EfiStatus.BAD_BUFFER_SIZE);
    }
    long data = memory.get64(ScsiPacket.data(packet, direction));
    long sense = memory.get64(packet + ScsiPacket.SENSE);
    int room = sense == 0 ? 0 : memory.get8(packet + ScsiPacket.SENSE_LENGTH);
    if (length != 0 && data % alignment != 0 || room != 0 && sense % alignment != 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    byte[] block = memory.read(memory.get64(packet + ScsiPacket.COMMAND), size);
    byte[] bytes = length == 0 ? new byte[0] : memory.read(data, (int) length);
    if (room != 0) {
      memory.read(sense, room);
    }
    memory.put8(packet + ScsiPacket.SENSE_LENGTH, 0);
    memory.put8(packet + ScsiPacket.TARGET_STATUS, 0);
    FakeScsiUnit unit = places.get(at).unit;
    if (failing || unit == null) {
      memory.put8(packet + ScsiPacket.HOST_STATUS, failing ? ScsiPacket.HOST_OTHER : ScsiPacket.HOST_SELECTION_TIMEOUT);
      memory.put32(ScsiPacket.length(packet, direction), 0);
      return EfiStep.done(failing ? EfiStatus.DEVICE_ERROR : EfiStatus.TIMEOUT);
    }
    boolean reads = direction == ScsiPacket.READ;
    FakeScsiUnit.Answer answer = unit.execute(block, reads ? new byte[0] : bytes, reads ? (int) length : 0);
    byte[] said = Arrays.copyOf(answer.sense(), Math.min(room, answer.sense().length));
    if (reads && length != 0) {
      memory.write(data, answer.data());
    }
    if (said.length != 0) {
      memory.write(sense, said);
    }
    memory.put8(packet + ScsiPacket.HOST_STATUS, ScsiPacket.HOST_OK);
    memory.put8(packet + ScsiPacket.TARGET_STATUS, answer.status());
    memory.put8(packet + ScsiPacket.SENSE_LENGTH, said.length);
    memory.put32(ScsiPacket.length(packet, direction), answer.moved());
    return EfiStep.done();
  }

  private EfiStatus give(long to, byte[] target) {
    memory.write(to, target);
    return EfiStatus.SUCCESS;
  }

  /** Arguments: this, address of the target's address, and of the LUN. */
  EfiStep nextUnit(Call call) {
    long to = memory.get64(call.argument(1));
    byte[] target = memory.read(to, TARGET);
    int at = place(target, memory.get64(call.argument(2)));
    if (at < 0 && !isNone(target)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    int next = isNone(target) ? 0 : at + 1;
    if (next == places.size()) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    memory.put64(call.argument(2), places.get(next).lun);
    return EfiStep.done(give(to, places.get(next).target));
  }

  /** Arguments: this, address of the target's address. */
  EfiStep nextTarget(Call call) {
    long to = memory.get64(call.argument(1));
    byte[] target = memory.read(to, TARGET);
    boolean found = isNone(target);
    boolean listed = false;
    for (Place place : places) {
      boolean same = Arrays.equals(place.target, target);
      if (found && !same) {
        return EfiStep.done(give(to, place.target));
      }
      found |= same;
      listed |= same;
    }
    return EfiStep.done(listed || places.isEmpty() ? EfiStatus.NOT_FOUND : EfiStatus.INVALID_PARAMETER);
  }

  /** Number of BuildDevicePath: where the node's address is put. */
  private enum Slot {
    NODE
  }

  /** Arguments: this, target, LUN, where the path's address goes. */
  EfiStep build(Call call) {
    byte[] target = memory.read(call.argument(1), TARGET);
    memory.get64(call.argument(3));
    if (call.isAt(AskOnce.ASK)) {
      if (place(target, call.argument(2)) < 0) {
        return EfiStep.done(EfiStatus.NOT_FOUND);
      }
      call.set(Slot.NODE, call.room(8));
      return EfiStep.call(AskOnce.ANSWERED, firmware.service(BootService.ALLOCATE_POOL), BOOT_SERVICES_DATA, NODE, call.get(Slot.NODE));
    }
    if (call.result() < 0) {
      return EfiStep.done(EfiStatus.OUT_OF_RESOURCES);
    }
    memory.write(memory.get64(call.get(Slot.NODE)), node(target, call.argument(2)));
    memory.put64(call.argument(3), memory.get64(call.get(Slot.NODE)));
    return EfiStep.done();
  }

  /** Arguments: this, a node, address of the target's address, and of the LUN. */
  EfiStep find(Call call) {
    byte[] header = memory.read(call.argument(1), 4);
    long to = memory.get64(call.argument(2));
    memory.read(to, TARGET);
    memory.get64(call.argument(3));
    if (!Arrays.equals(header, Arrays.copyOf(node(new byte[TARGET], 0), 4))) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    byte[] target = memory.read(call.argument(1) + TARGET_AT, TARGET);
    long lun = memory.get64(call.argument(1) + TARGET_AT + TARGET);
    if (place(target, lun) < 0) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    memory.put64(call.argument(3), lun);
    return EfiStep.done(give(to, target));
  }

  EfiStep resetChannel(Call call) {
    resets++;
    return EfiStep.done();
  }

  /** Arguments: this, target, LUN. */
  EfiStep resetUnit(Call call) {
    if (place(memory.read(call.argument(1), TARGET), call.argument(2)) < 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    resets++;
    return EfiStep.done();
  }
}
