// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioscsi;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.DevicePath;

/** Targets and logical units of a host: one after the other, and as nodes of device paths (UEFI 2.10, 15.7 and 10.3.4.2). */
final class Addressing {
  /** Bytes of a target's identity, of which the first is used here. */
  static final int TARGET = 16;
  private static final int NODE = 8;
  private static final int SCSI = 2;
  private static final int BOOT_SERVICES_DATA = 4;
  private static final int NONE = 0xFF;

  /** Number of BuildDevicePath: where the node's address is put. */
  private enum BuildSlot {
    NODE
  }

  private final PassThruLayer layer;

  Addressing(PassThruLayer layer) {
    this.layer = layer;
  }

  EfiFunction function(String name) {
    return switch (name) {
      case "GetNextTargetLun" -> call -> next(call, true);
      case "GetNextTarget" -> call -> next(call, false);
      case "BuildDevicePath" -> this::build;
      case "GetTargetLun" -> this::find;
      default -> null;
    };
  }

  private long[] numbers(Call call) {
    return layer.interfaceNumbers(call);
  }

  /** A target's number; -1 if it can't be one of this host. */
  static long target(EfiRam memory, long at, long most) {
    byte[] target = memory.read(at, TARGET);
    for (int i = 1; i < TARGET; i++) {
      if (target[i] != 0) {
        return -1;
      }
    }
    int number = target[0] & 0xFF;
    return number > most ? -1 : number;
  }

  private static boolean isNone(EfiRam memory, long at) {
    for (byte each : memory.read(at, TARGET)) {
      if ((each & 0xFF) != NONE) {
        return false;
      }
    }
    return true;
  }

  /** Arguments: this, address of the target's address, and of the LUN. All ones asks for the first. */
  private EfiStep next(Call call, boolean units) {
    long[] numbers = numbers(call);
    EfiRam memory = call.firmware().memory();
    if (call.argument(1) == 0 || memory.get64(call.argument(1)) == 0 || units && call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long at = memory.get64(call.argument(1));
    long before = units ? memory.get64(call.argument(2)) : layer.mostLun(numbers); // or there is no memory, before the target is another
    long target = 0;
    long lun = 0;
    if (!isNone(memory, at)) {
      target = target(memory, at, layer.mostTarget(numbers));
      lun = before;
      if (target < 0 || lun < 0 || lun > layer.mostLun(numbers)) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      target += lun == layer.mostLun(numbers) ? 1 : 0;
      lun = lun == layer.mostLun(numbers) ? 0 : lun + 1;
      if (target > layer.mostTarget(numbers)) {
        return EfiStep.done(EfiStatus.NOT_FOUND);
      }
    }
    memory.clear(at, TARGET);
    memory.put8(at, target);
    if (units) {
      memory.put64(call.argument(2), lun);
    }
    return EfiStep.done();
  }

  /** Arguments: this, target, LUN, where the path's address goes, which its caller frees. */
  private EfiStep build(Call call) {
    long[] numbers = numbers(call);
    EfiRam memory = call.firmware().memory();
    if (call.isAt(AskOnce.ASK)) {
      if (call.argument(1) == 0 || call.argument(3) == 0) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      if (target(memory, call.argument(1), layer.mostTarget(numbers)) < 0 || call.argument(2) < 0 || call.argument(2) > layer.mostLun(
          numbers)) {
        return EfiStep.done(EfiStatus.NOT_FOUND);
      }
      memory.get64(call.argument(3)); // or there is no memory, before anything is allocated
      call.set(BuildSlot.NODE, call.room(8));
      return EfiStep.call(AskOnce.ANSWERED, call.firmware().service(BootService.ALLOCATE_POOL), BOOT_SERVICES_DATA, NODE, call.get(
          BuildSlot.NODE));
    }
    if (call.result() < 0) {
      return EfiStep.done(EfiStatus.OUT_OF_RESOURCES);
    }
    long node = memory.get64(call.get(BuildSlot.NODE));
    memory.put8(node, DevicePath.MESSAGING);
    memory.put8(node + 1, SCSI);
    memory.put16(node + 2, NODE);
    memory.put16(node + 4, memory.get8(call.argument(1)));
    memory.put16(node + 6, call.argument(2));
    memory.put64(call.argument(3), node);
    return EfiStep.done();
  }

  /** Arguments: this, a node, address of the target's address, and of the LUN. */
  private EfiStep find(Call call) {
    long[] numbers = numbers(call);
    EfiRam memory = call.firmware().memory();
    long node = call.argument(1);
    if (node == 0 || call.argument(2) == 0 || memory.get64(call.argument(2)) == 0 || call.argument(3) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (memory.get32(node) != (DevicePath.MESSAGING | SCSI << 8 | NODE << 16)) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    if (memory.get16(node + 4) > layer.mostTarget(numbers) || memory.get16(node + 6) > layer.mostLun(numbers)) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    memory.get64(call.argument(3)); // or there is no memory, before the target is another
    memory.clear(memory.get64(call.argument(2)), TARGET);
    memory.put8(memory.get64(call.argument(2)), memory.get16(node + 4));
    memory.put64(call.argument(3), memory.get16(node + 6));
    return EfiStep.done();
  }
}
