// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.efi.boot.kit.FrontEnd;
import org.xenolith.xen.abi.XenbusState;

/** The way of a front end to its back end and back (Xen, {@code io/blkif.h}, {@code io/xenbus.h}). */
final class Connecting {
  private static final int EXIT_BOOT_SERVICES = 0x201;
  /** Before the bus, whose function of this event is at TPL_CALLBACK. */
  private static final int TPL_NOTIFY = 16;
  private static final int INFO_READ_ONLY = 4;
  private static final int SECTOR = 512;
  // Numbers of Start.
  static final int BLOCK = 0;
  private static final int ROOM = 1;
  private static final int TRANSACTION = 2;
  private static final int SECTORS = 3;
  private static final int SECTOR_SIZE = 4;
  private static final int CONFLICTS = 6;
  /** Transactions that somebody else was in the way of, until the store is taken to lie. */
  private static final int MOST_CONFLICTS = 100;
  /** The step of a start that has failed. */
  static final int FAILED = 40;

  private static final int RING_REF = 1;
  private static final int EVENT_CHANNEL = 2;
  private static final int PERSISTENT = 3;
  private static final int PROTOCOL = 4;
  private static final int SECTORS_NODE = 5;
  private static final int SECTOR_SIZE_NODE = 6;
  private static final int INFO = 7;
  private static final int FLUSH = 8;
  private static final int DISCARD = 9;
  private static final int INDIRECT = 10;

  private final PvBlockLayer layer;
  private final FrontEnd front;

  Connecting(PvBlockLayer layer) {
    this.layer = layer;
    front = new FrontEnd(layer, "PV block device", List.of("ring-ref", "event-channel", "feature-persistent", "protocol"), List.of(
        "sectors",
        "sector-size", "info", "feature-flush-cache", "feature-discard", "feature-max-indirect-segments"));
  }

  FrontEnd front() {
    return front;
  }

  /** Steps 1 and up of Start. */
  EfiStep connect(Call call, long controller) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long block = call.get(BLOCK);
    long[] disk = firmware.numbers(layer, block);
    long device = disk[PvDisk.DEVICE];
    long room = call.get(ROOM);
    boolean status = call.step() < 2 || call.step() > 4 && call.step() < 16 || call.step() > 18;
    if (call.step() < FAILED && status && call.result() != 0 && call.step() != 12) {
      return failed(call);
    }
    switch (call.step()) {
      case 1 -> {
        return front.number(call, 2, device, INDIRECT);
      }
      case 2 -> {
        boolean indirect = call.result() > PvDisk.DIRECT_SEGMENTS;
        disk[PvDisk.SEGMENTS] = indirect ? Math.min(PvDisk.MOST_SEGMENTS, call.result()) : PvDisk.DIRECT_SEGMENTS;
        disk[PvDisk.FEATURES] = indirect ? PvDisk.INDIRECT : 0;
        return front.number(call, 3, device, FLUSH);
      }
      case 3 -> {
        disk[PvDisk.FEATURES] |= call.result() > 0 ? PvDisk.FLUSH : 0;
        return front.number(call, 4, device, DISCARD);
      }
      case 4 -> {
        disk[PvDisk.FEATURES] |= call.result() > 0 ? PvDisk.DISCARD : 0;
        disk[PvDisk.PAGES] = firmware.pages(PvDisk.pages(disk));
        disk[FrontEnd.REFERENCES] = PvDisk.references(disk);
        memory.put32(PvDisk.ring(disk) + 4, 1); // events of requests from the first one on, none of responses
        return grant(call, disk, room);
      }
      case 5 -> {
        FrontEnd.granted(memory, disk, room);
        return disk[PvDisk.GRANTED] < PvDisk.toGrant(disk) ? grant(call, disk, room)
            : XenBus.OPEN.call(call, 6, device, memory.get32(device + XenBus.BACKEND_DOMAIN), room);
      }
      case 6 -> {
        disk[PvDisk.PORT] = memory.get32(room);
        return XenBus.BEGIN.call(call, 7, device, room);
      }
      case 7 -> {
        call.set(TRANSACTION, memory.get32(room));
        return write(call, 8, device, RING_REF, memory.get32(FrontEnd.reference(disk, 0)));
      }
      case 8 -> {
        return write(call, 9, device, EVENT_CHANNEL, disk[PvDisk.PORT]);
      }
      case 9 -> {
        return write(call, 10, device, PERSISTENT, 1);
      }
      case 10 -> {
        return write(call, 11, device, PROTOCOL, 0);
      }
      case 11 -> {
        return XenBus.END.call(call, 12, device, call.get(TRANSACTION), 0);
      }
      case 12 -> {
        call.set(CONFLICTS, call.get(CONFLICTS) + 1);
        if (call.result() == EfiStatus.NOT_READY.code() && call.get(CONFLICTS) < MOST_CONFLICTS) {
          return XenBus.BEGIN.call(call, 7, device, room);
        }
        call.set(TRANSACTION, 0);
        return call.result() != 0 ? failed(call) : write(call, 13, device, FrontEnd.STATE,
            XenbusState.XenbusStateInitialised);
      }
      case 13 -> {
        return front.await(call, 14, device, 1L << XenbusState.XenbusStateConnected);
      }
      case 14 -> {
        return write(call, 15, device, FrontEnd.STATE, XenbusState.XenbusStateConnected);
      }
      case 15 -> {
        return front.number(call, 16, device, SECTORS_NODE);
      }
      case 16 -> {
        call.set(SECTORS, call.result());
        return front.number(call, 17, device, SECTOR_SIZE_NODE);
      }
      case 17 -> {
        call.set(SECTOR_SIZE, call.result() < 0 ? SECTOR : call.result());
        return front.number(call, 18, device, INFO);
      }
      case 18 -> {
        long size = call.get(SECTOR_SIZE);
        if (size < SECTOR || size > PvDisk.PAGE || Long.bitCount(size) != 1 || call.get(SECTORS) < size / SECTOR) {
          firmware.report("PV block device: its back end tells " + call.get(SECTORS) + " sectors, blocks of " + size + " bytes");
          return EfiStep.done(EfiStatus.UNSUPPORTED);
        }
        layer.describe(firmware, block, size, call.get(SECTORS) / (size / SECTOR), (call.result() & INFO_READ_ONLY) != 0);
        return EfiStep.call(19, firmware.service(BootService.CREATE_EVENT), EXIT_BOOT_SERVICES, TPL_NOTIFY, firmware.function(layer,
            "Quiesce"), block, room);
      }
      case 19 -> {
        disk[PvDisk.EVENT] = memory.get64(room);
        layer.publish(firmware, controller, block);
        return EfiStep.done();
      }
      case FAILED -> {
        return front.leave(call, FAILED + 1, block);
      }
      default -> {
        return EfiStep.done();
      }
    }
  }

  private EfiStep write(Call call, int next, long device, int name, long value) {
    return front.write(call, next, device, call.get(TRANSACTION), name, value);
  }

  private static EfiStep grant(Call call, long[] disk, long room) {
    return FrontEnd.grant(call, 5, disk, PvDisk.granted(disk, disk[PvDisk.GRANTED]), room);
  }

  private static EfiStep failed(Call call) {
    return EfiStep.done(call.result() < 0 ? call.result() : EfiStatus.DEVICE_ERROR.code());
  }

  /** Step 0 of Start: waits until the back end is ready for a front end. */
  EfiStep begin(Call call, long device, long block) {
    call.set(BLOCK, block);
    call.set(ROOM, call.room(16));
    call.firmware().numbers(layer, block)[PvDisk.DEVICE] = device;
    return front.await(call, 1, device, 1L << XenbusState.XenbusStateInitWait);
  }

}
