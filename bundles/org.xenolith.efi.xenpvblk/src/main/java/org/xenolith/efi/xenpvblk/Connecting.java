// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.OnError;
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
  /** Transactions that somebody else was in the way of, until the store is taken to lie. */
  private static final int MOST_CONFLICTS = 100;

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

  /** Numbers of Start: the interface, memory for what is passed on, the transaction, what the back end tells, how often somebody was in the way. */
  private enum Slot {
    BLOCK, ROOM, TRANSACTION, SECTORS, SECTOR_SIZE, CONFLICTS
  }

  /** Steps of Start, each with what it does if what was done before has failed. Where a node was read before, the result is its number, or -1. */
  enum Step {
    /** The back end is ready for a front end, and tells what it can do. */
    AWAIT_BACKEND(OnError.IGNORE), READ_INDIRECT(OnError.FAIL), READ_FLUSH(OnError.LOOK), READ_DISCARD(OnError.LOOK),
    /** The ring and the data's pages are granted, one after the other, and an event channel is opened. */
    MAKE_PAGES(OnError.LOOK), GRANT_PAGE(OnError.FAIL), BEGIN_TRANSACTION(OnError.FAIL),
    /** The front end's nodes, in a transaction, which may have to be done again. */
    WRITE_RING(OnError.FAIL), WRITE_CHANNEL(OnError.FAIL), WRITE_PERSISTENT(OnError.FAIL), WRITE_PROTOCOL(OnError.FAIL), END_TRANSACTION(
        OnError.FAIL), SAY_INITIALISED(OnError.LOOK),
    /** Both are connected, and the back end tells of the disk. */
    AWAIT_CONNECTED(OnError.FAIL), SAY_CONNECTED(OnError.FAIL), READ_SECTORS(OnError.FAIL), READ_SECTOR_SIZE(OnError.LOOK), READ_INFO(
        OnError.LOOK), DESCRIBE(OnError.LOOK), PUBLISH(OnError.FAIL),
    /** A Start that has failed leaves the back end. */
    LEAVE(OnError.IGNORE), LEFT(OnError.IGNORE);

    private static final Step[] ALL = values();
    private final OnError onError;

    Step(OnError onError) {
      this.onError = onError;
    }
  }

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

  /** The steps of Start behind the first one. */
  EfiStep connect(Call call, long controller) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long block = call.get(Slot.BLOCK);
    long[] disk = firmware.numbers(layer, block);
    long device = disk[PvDisk.DEVICE];
    long room = call.get(Slot.ROOM);
    Step step = call.step(Step.ALL);
    if (call.result() != 0 && step.onError == OnError.FAIL) {
      return failed(call);
    }
    switch (step) {
      case READ_INDIRECT -> {
        return front.number(call, Step.READ_FLUSH, device, INDIRECT);
      }
      case READ_FLUSH -> {
        boolean indirect = call.result() > PvDisk.DIRECT_SEGMENTS;
        disk[PvDisk.SEGMENTS] = indirect ? Math.min(PvDisk.MOST_SEGMENTS, call.result()) : PvDisk.DIRECT_SEGMENTS;
        disk[PvDisk.FEATURES] = indirect ? PvDisk.INDIRECT : 0;
        return front.number(call, Step.READ_DISCARD, device, FLUSH);
      }
      case READ_DISCARD -> {
        disk[PvDisk.FEATURES] |= call.result() > 0 ? PvDisk.FLUSH : 0;
        return front.number(call, Step.MAKE_PAGES, device, DISCARD);
      }
      case MAKE_PAGES -> {
        disk[PvDisk.FEATURES] |= call.result() > 0 ? PvDisk.DISCARD : 0;
        disk[PvDisk.PAGES] = firmware.pages(PvDisk.pages(disk));
        disk[FrontEnd.REFERENCES] = PvDisk.references(disk);
        memory.put32(PvDisk.ring(disk) + 4, 1); // events of requests from the first one on, none of responses
        return grant(call, disk, room);
      }
      case GRANT_PAGE -> {
        FrontEnd.granted(memory, disk, room);
        return disk[PvDisk.GRANTED] < PvDisk.toGrant(disk) ? grant(call, disk, room)
            : XenBus.OPEN.call(call, Step.BEGIN_TRANSACTION, device, memory.get32(device + XenBus.BACKEND_DOMAIN), room);
      }
      case BEGIN_TRANSACTION -> {
        disk[PvDisk.PORT] = memory.get32(room);
        return XenBus.BEGIN.call(call, Step.WRITE_RING, device, room);
      }
      case WRITE_RING -> {
        call.set(Slot.TRANSACTION, memory.get32(room));
        return write(call, Step.WRITE_CHANNEL, device, RING_REF, memory.get32(FrontEnd.reference(disk, 0)));
      }
      case WRITE_CHANNEL -> {
        return write(call, Step.WRITE_PERSISTENT, device, EVENT_CHANNEL, disk[PvDisk.PORT]);
      }
      case WRITE_PERSISTENT -> {
        return write(call, Step.WRITE_PROTOCOL, device, PERSISTENT, 1);
      }
      case WRITE_PROTOCOL -> {
        return write(call, Step.END_TRANSACTION, device, PROTOCOL, 0);
      }
      case END_TRANSACTION -> {
        return XenBus.END.call(call, Step.SAY_INITIALISED, device, call.get(Slot.TRANSACTION), 0);
      }
      case SAY_INITIALISED -> {
        call.set(Slot.CONFLICTS, call.get(Slot.CONFLICTS) + 1);
        if (call.result() == EfiStatus.NOT_READY.code() && call.get(Slot.CONFLICTS) < MOST_CONFLICTS) {
          return XenBus.BEGIN.call(call, Step.WRITE_RING, device, room);
        }
        call.set(Slot.TRANSACTION, 0);
        return call.result() != 0 ? failed(call) : write(call, Step.AWAIT_CONNECTED, device, FrontEnd.STATE,
            XenbusState.XenbusStateInitialised);
      }
      case AWAIT_CONNECTED -> {
        return front.await(call, Step.SAY_CONNECTED, device, 1L << XenbusState.XenbusStateConnected);
      }
      case SAY_CONNECTED -> {
        return write(call, Step.READ_SECTORS, device, FrontEnd.STATE, XenbusState.XenbusStateConnected);
      }
      case READ_SECTORS -> {
        return front.number(call, Step.READ_SECTOR_SIZE, device, SECTORS_NODE);
      }
      case READ_SECTOR_SIZE -> {
        call.set(Slot.SECTORS, call.result());
        return front.number(call, Step.READ_INFO, device, SECTOR_SIZE_NODE);
      }
      case READ_INFO -> {
        call.set(Slot.SECTOR_SIZE, call.result() < 0 ? SECTOR : call.result());
        return front.number(call, Step.DESCRIBE, device, INFO);
      }
      case DESCRIBE -> {
        long size = call.get(Slot.SECTOR_SIZE);
        if (size < SECTOR || size > PvDisk.PAGE || Long.bitCount(size) != 1 || call.get(Slot.SECTORS) < size / SECTOR) {
          firmware.report("PV block device: its back end tells " + call.get(Slot.SECTORS) + " sectors, blocks of " + size + " bytes");
          return EfiStep.done(EfiStatus.UNSUPPORTED);
        }
        layer.describe(firmware, block, size, call.get(Slot.SECTORS) / (size / SECTOR), (call.result() & INFO_READ_ONLY) != 0);
        return EfiStep.call(Step.PUBLISH, firmware.service(BootService.CREATE_EVENT), EXIT_BOOT_SERVICES, TPL_NOTIFY, firmware.function(
            layer,
            "Quiesce"), block, room);
      }
      case PUBLISH -> {
        disk[PvDisk.EVENT] = memory.get64(room);
        layer.publish(firmware, controller, block);
        return EfiStep.done();
      }
      case LEAVE -> {
        return front.leave(call, Step.LEFT, block);
      }
      default -> {
        return EfiStep.done();
      }
    }
  }

  private EfiStep write(Call call, Step next, long device, int name, long value) {
    return front.write(call, next, device, call.get(Slot.TRANSACTION), name, value);
  }

  private static EfiStep grant(Call call, long[] disk, long room) {
    return FrontEnd.grant(call, Step.GRANT_PAGE, disk, PvDisk.granted(disk, disk[PvDisk.GRANTED]), room);
  }

  private static EfiStep failed(Call call) {
    return EfiStep.done(call.result() < 0 ? call.result() : EfiStatus.DEVICE_ERROR.code());
  }

  /** The first step of Start: waits until the back end is ready for a front end. */
  EfiStep begin(Call call, long device, long block) {
    call.set(Slot.BLOCK, block);
    call.set(Slot.ROOM, call.room(16));
    call.firmware().numbers(layer, block)[PvDisk.DEVICE] = device;
    return front.await(call, Step.READ_INDIRECT, device, 1L << XenbusState.XenbusStateInitWait);
  }

}
