// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.XenBus;
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
  private static final int STATUS = 5;
  /** The step of a start that has failed. */
  private static final int FAILED = 40;
  // Numbers of Close.
  private static final int NUMBER = 0;
  private static final int TRIES = 1;
  private static final int MOST_TRIES = 100;
  private static final long PAUSE = 1000;

  private final PvBlockLayer layer;

  Connecting(PvBlockLayer layer) {
    this.layer = layer;
  }

  private EfiStep own(Call call, int next, String name, long... arguments) {
    return EfiStep.call(next, call.firmware().function(layer, name), arguments);
  }

  /** Steps 1 and up of Start. */
  EfiStep connect(Call call, long driver, long controller) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long block = call.get(BLOCK);
    long[] disk = firmware.numbers(layer, block);
    long device = disk[PvDisk.DEVICE];
    long room = call.get(ROOM);
    boolean status = call.step() < 2 || call.step() > 4 && call.step() < 16 || call.step() > 18;
    if (call.step() < FAILED && status && call.result() != 0 && call.step() != 12) {
      return fail(call, call.result());
    }
    switch (call.step()) {
      case 1 -> {
        return own(call, 2, "Number", device, PvDiskNodes.INDIRECT);
      }
      case 2 -> {
        boolean indirect = call.result() > PvDisk.DIRECT_SEGMENTS;
        disk[PvDisk.SEGMENTS] = indirect ? Math.min(PvDisk.MOST_SEGMENTS, call.result()) : PvDisk.DIRECT_SEGMENTS;
        disk[PvDisk.FEATURES] = indirect ? PvDisk.INDIRECT : 0;
        return own(call, 3, "Number", device, PvDiskNodes.FLUSH);
      }
      case 3 -> {
        disk[PvDisk.FEATURES] |= call.result() > 0 ? PvDisk.FLUSH : 0;
        return own(call, 4, "Number", device, PvDiskNodes.DISCARD);
      }
      case 4 -> {
        disk[PvDisk.FEATURES] |= call.result() > 0 ? PvDisk.DISCARD : 0;
        disk[PvDisk.PAGES] = firmware.pages(PvDisk.pages(disk));
        memory.put32(PvDisk.ring(disk) + 4, 1); // events of requests from the first one on, none of responses
        return grant(call, disk, room);
      }
      case 5 -> {
        memory.put32(PvDisk.reference(disk, disk[PvDisk.GRANTED]), memory.get32(room));
        disk[PvDisk.GRANTED]++;
        return disk[PvDisk.GRANTED] < PvDisk.toGrant(disk) ? grant(call, disk, room)
            : XenBus.OPEN.call(call, 6, device, memory.get32(device + XenBus.BACKEND_DOMAIN), room);
      }
      case 6 -> {
        disk[PvDisk.PORT] = memory.get32(room);
        return XenBus.BEGIN.call(call, 7, device, room);
      }
      case 7 -> {
        call.set(TRANSACTION, memory.get32(room));
        return write(call, 8, device, PvDiskNodes.RING_REF, memory.get32(PvDisk.reference(disk, 0)));
      }
      case 8 -> {
        return write(call, 9, device, PvDiskNodes.EVENT_CHANNEL, disk[PvDisk.PORT]);
      }
      case 9 -> {
        return write(call, 10, device, PvDiskNodes.PERSISTENT, 1);
      }
      case 10 -> {
        return write(call, 11, device, PvDiskNodes.PROTOCOL, 0);
      }
      case 11 -> {
        return XenBus.END.call(call, 12, device, call.get(TRANSACTION), 0);
      }
      case 12 -> {
        if (call.result() == EfiStatus.NOT_READY.code()) {
          return XenBus.BEGIN.call(call, 7, device, room);
        }
        call.set(TRANSACTION, 0);
        return call.result() != 0 ? fail(call, call.result()) : write(call, 13, device, PvDiskNodes.STATE,
            XenbusState.XenbusStateInitialised);
      }
      case 13 -> {
        return own(call, 14, "Await", device, 1L << XenbusState.XenbusStateConnected);
      }
      case 14 -> {
        return write(call, 15, device, PvDiskNodes.STATE, XenbusState.XenbusStateConnected);
      }
      case 15 -> {
        return own(call, 16, "Number", device, PvDiskNodes.SECTORS);
      }
      case 16 -> {
        call.set(SECTORS, call.result());
        return own(call, 17, "Number", device, PvDiskNodes.SECTOR_SIZE);
      }
      case 17 -> {
        call.set(SECTOR_SIZE, call.result() < 0 ? SECTOR : call.result());
        return own(call, 18, "Number", device, PvDiskNodes.INFO);
      }
      case 18 -> {
        long size = call.get(SECTOR_SIZE);
        if (size < SECTOR || size > PvDisk.PAGE || Long.bitCount(size) != 1 || call.get(SECTORS) < size / SECTOR) {
          firmware.report("PV block device: its back end tells " + call.get(SECTORS) + " sectors, blocks of " + size + " bytes");
          return fail(call, EfiStatus.UNSUPPORTED.code());
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
        return own(call, FAILED + 1, "Close", block);
      }
      default -> {
        layer.release(call, driver, controller, block);
        return EfiStep.done(call.get(STATUS));
      }
    }
  }

  private EfiStep write(Call call, int next, long device, int name, long value) {
    return own(call, next, "WriteNode", device, call.get(TRANSACTION), name, value);
  }

  private static EfiStep grant(Call call, long[] disk, long room) {
    EfiRam memory = call.firmware().memory();
    return XenBus.GRANT.call(call, 5, disk[PvDisk.DEVICE], memory.get32(disk[PvDisk.DEVICE] + XenBus.BACKEND_DOMAIN), PvDisk.granted(disk,
        disk[PvDisk.GRANTED]) / PvDisk.PAGE, 0, room);
  }

  /** Step 0 of Start: waits until the back end is ready for a front end. */
  EfiStep begin(Call call, long device, long block) {
    call.set(BLOCK, block);
    call.set(ROOM, call.room(16));
    call.firmware().numbers(layer, block)[PvDisk.DEVICE] = device;
    return own(call, 1, "Await", device, 1L << XenbusState.XenbusStateInitWait);
  }

  private static EfiStep fail(Call call, long status) {
    call.set(STATUS, status);
    return new EfiStep.Go(FAILED);
  }

  /**
   * Leaves the back end, whatever it does: argument is the protocol. What it has granted or opened is so no longer. Only memory that the other side
   * still has mapped after a tenth of a second stays granted, and an event says so.
   */
  EfiStep close(Call call) {
    Firmware firmware = call.firmware();
    long[] disk = firmware.numbers(layer, call.argument(0));
    long device = disk[PvDisk.DEVICE];
    switch (call.step()) {
      case 0 -> {
        return own(call, 1, "WriteNode", device, 0, PvDiskNodes.STATE, XenbusState.XenbusStateClosing);
      }
      case 1 -> {
        return own(call, 2, "Await", device, 1L << XenbusState.XenbusStateClosing | 1L << XenbusState.XenbusStateClosed
            | 1L << XenbusState.XenbusStateInitWait);
      }
      case 2 -> {
        return own(call, 3, "WriteNode", device, 0, PvDiskNodes.STATE, XenbusState.XenbusStateClosed);
      }
      case 3 -> {
        return own(call, 4, "Await", device, 1L << XenbusState.XenbusStateClosed | 1L << XenbusState.XenbusStateInitWait);
      }
      case 4 -> {
        return own(call, 5, "WriteNode", device, 0, PvDiskNodes.STATE, XenbusState.XenbusStateInitialising);
      }
      case 5 -> {
        return own(call, 6, "Await", device, 1L << XenbusState.XenbusStateInitWait | 1L << XenbusState.XenbusStateInitialising);
      }
      case 6 -> {
        return own(call, 7, "RemoveNode", device, PvDiskNodes.RING_REF);
      }
      case 7 -> {
        return own(call, 8, "RemoveNode", device, PvDiskNodes.EVENT_CHANNEL);
      }
      case 8 -> {
        return own(call, 9, "RemoveNode", device, PvDiskNodes.PERSISTENT);
      }
      case 9 -> {
        return own(call, 10, "RemoveNode", device, PvDiskNodes.PROTOCOL);
      }
      case 10 -> {
        long port = disk[PvDisk.PORT];
        disk[PvDisk.PORT] = 0;
        return port == 0 ? new EfiStep.Go(11) : XenBus.CLOSE.call(call, 11, device, port);
      }
      case 11 -> {
        return endGrant(call, disk);
      }
      default -> {
        if (call.result() == EfiStatus.NOT_READY.code() && call.get(TRIES) < MOST_TRIES) {
          call.set(TRIES, call.get(TRIES) + 1);
          return new EfiStep.Wait(11, firmware.after(PAUSE));
        }
        if (call.result() == EfiStatus.NOT_READY.code()) {
          firmware.report("PV block device: its back end keeps a page; it stays granted");
        }
        call.set(NUMBER, call.get(NUMBER) + 1);
        return new EfiStep.Go(11);
      }
    }
  }

  private static EfiStep endGrant(Call call, long[] disk) {
    if (call.get(NUMBER) >= disk[PvDisk.GRANTED]) {
      disk[PvDisk.GRANTED] = 0;
      return EfiStep.done();
    }
    return XenBus.END_GRANT.call(call, 12, disk[PvDisk.DEVICE], call.firmware().memory().get32(PvDisk.reference(disk, call.get(NUMBER))));
  }
}
