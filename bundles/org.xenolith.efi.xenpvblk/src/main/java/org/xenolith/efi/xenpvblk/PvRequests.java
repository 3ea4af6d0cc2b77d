// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvblk;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.FrontEnd;
import org.xenolith.efi.boot.kit.InterfaceNumbers;
import org.xenolith.xen.abi.BlockInterface;

/**
 * Requests to a back end (Xen, {@code io/blkif.h}, {@code io/ring.h}): one at a time, polled, by pages that stay granted and that data is copied to or
 * from, so that buffers may lie anywhere. Nothing that the back end writes is believed.
 */
final class PvRequests {
  private static final int REQ_PROD = 0;
  private static final int RSP_PROD = 8;
  private static final int SLOTS_AT = 64;
  private static final int SLOT = 112;
  private static final int SLOTS = 32;
  private static final int SEGMENTS_AT = 24;
  private static final int SECTOR = 512;
  private static final long FIRST_PAUSE = 10;
  private static final long LAST_PAUSE = 1000;
  private static final long MOST_MICROSECONDS = 10_000_000;
  /** Numbers of a call: bytes that are done, bytes of this request, the pause, how long it was waited. */
  private enum Slot {
    DONE, NOW, PAUSE, WAITED
  }

  /** Steps: a request is sent, it is looked whether it is over as often as it isn't, and then the next one is sent. */
  private enum Step {
    BEGIN, LOOK, LOOK_AGAIN, NEXT;

    private static final Step[] ALL = values();
  }

  private final PvBlockLayer layer;

  PvRequests(PvBlockLayer layer) {
    this.layer = layer;
  }

  private long[] disk(Call call) {
    return InterfaceNumbers.of(call, layer, PvDisk.NUMBERS);
  }

  EfiStep read(Call call) {
    return transfer(call, false);
  }

  EfiStep write(Call call) {
    disk(call);
    return BlockMedia.readOnly(call.firmware().memory(), call.argument(0)) ? EfiStep.done(EfiStatus.WRITE_PROTECTED) : transfer(call, true);
  }

  private EfiStep transfer(Call call, boolean write) {
    EfiRam memory = call.firmware().memory();
    long[] disk = disk(call);
    if (call.isAt(Step.LOOK) || call.isAt(Step.LOOK_AGAIN)) {
      EfiStep step = poll(call, disk);
      if (step instanceof EfiStep.Go && !write) {
        memory.write(call.argument(4) + call.get(Slot.DONE) - call.get(Slot.NOW), memory.read(PvDisk.data(disk), (int) call.get(Slot.NOW)));
      }
      return step;
    }
    long size = call.argument(3);
    EfiStatus refused = BlockMedia.check(call);
    if (refused != EfiStatus.SUCCESS || size == 0) {
      return EfiStep.done(refused);
    }
    long done = call.get(Slot.DONE);
    if (done == size) {
      return EfiStep.done();
    }
    EfiStep first = begin(call, disk, call.argument(0));
    if (first != null) {
      return first;
    }
    long piece = Math.min(disk[PvDisk.SEGMENTS] * PvDisk.PAGE, size - done);
    call.set(Slot.NOW, piece);
    if (write) {
      memory.write(PvDisk.data(disk), memory.read(call.argument(4) + done, (int) piece));
    }
    long sector = call.argument(2) * (BlockMedia.blockSize(memory, call.argument(0)) / SECTOR) + done / SECTOR;
    return send(call, disk, request(memory, disk, write ? BlockInterface.BLKIF_OP_WRITE : BlockInterface.BLKIF_OP_READ, sector, piece));
  }

  /** Writes a request into its slot; its address. @param size bytes of data, which lie in the data's pages */
  private static long request(EfiRam memory, long[] disk, int operation, long sector, long size) {
    long slot = slot(disk);
    long segments = size + PvDisk.PAGE - 1 >> 12;
    boolean indirect = segments > PvDisk.DIRECT_SEGMENTS;
    long handle = memory.get32(disk[PvDisk.DEVICE] + XenBus.NUMBER) & 0xFFFF;
    memory.clear(slot, SLOT);
    memory.put64(slot + 8, disk[PvDisk.REQUESTS]);
    memory.put64(slot + 16, sector);
    if (indirect) {
      memory.put8(slot, BlockInterface.BLKIF_OP_INDIRECT);
      memory.put8(slot + 1, operation);
      memory.put16(slot + 2, segments);
      memory.put16(slot + 24, handle);
      memory.put32(slot + 28, memory.get32(FrontEnd.reference(disk, 1)));
    } else {
      memory.put8(slot, operation);
      memory.put8(slot + 1, segments);
      memory.put16(slot + 2, handle);
    }
    long at = indirect ? PvDisk.list(disk) : slot + SEGMENTS_AT;
    for (int i = 0; i < segments; i++) {
      memory.put32(at + 8L * i, memory.get32(FrontEnd.reference(disk, 2 + i)));
      memory.put8(at + 8L * i + 4, 0);
      memory.put8(at + 8L * i + 5, Math.min(PvDisk.PAGE, size - (long) i * PvDisk.PAGE) / SECTOR - 1);
    }
    return slot;
  }

  private static long slot(long[] disk) {
    return PvDisk.ring(disk) + SLOTS_AT + SLOT * (disk[PvDisk.REQUESTS] % SLOTS);
  }

  EfiStep flush(Call call) {
    long[] disk = disk(call);
    if ((disk[PvDisk.FEATURES] & PvDisk.FLUSH) == 0) {
      return EfiStep.done();
    }
    if (!call.isFirst()) {
      return poll(call, disk);
    }
    EfiStep first = begin(call, disk, call.argument(0));
    return first != null ? first : send(call, disk, request(call.firmware().memory(), disk, BlockInterface.BLKIF_OP_FLUSH_DISKCACHE, 0,
        0));
  }

  /**
   * EFI_ERASE_BLOCK_PROTOCOL.EraseBlocks (UEFI 2.10, 13.12.2): this, medium, first block, token, bytes. UNSUPPORTED with a token that has an event:
   * nothing is done while the caller goes on.
   */
  EfiStep erase(Call call, long block) {
    EfiRam memory = call.firmware().memory();
    long[] disk = call.firmware().numbers(layer, block);
    if (!call.isFirst()) {
      return poll(call, disk);
    }
    long blockSize = BlockMedia.blockSize(memory, block);
    long first = call.argument(2);
    long size = call.argument(4);
    if ((call.argument(1) & 0xFFFF_FFFFL) != BlockMedia.id(memory, block)) {
      return EfiStep.done(EfiStatus.MEDIA_CHANGED);
    }
    if (BlockMedia.readOnly(memory, block)) {
      return EfiStep.done(EfiStatus.WRITE_PROTECTED);
    }
    if (call.argument(3) != 0 && memory.get64(call.argument(3)) != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    if (size <= 0 || size % blockSize != 0 || !BlockMedia.covers(memory, block, first, size)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    EfiStep before = begin(call, disk, block);
    if (before != null) {
      return before;
    }
    long slot = request(memory, disk, BlockInterface.BLKIF_OP_DISCARD, first * (blockSize / SECTOR), 0);
    memory.put64(slot + SEGMENTS_AT, size / SECTOR);
    return send(call, disk, slot);
  }

  /**
   * What comes before each request, and before the data's pages are touched: nobody enters the driver from a notification function until the call is over, and
   * a request that was left behind, as its call's layer was taken away, is waited for in this step. Null if a request can be sent.
   */
  private static EfiStep begin(Call call, long[] disk, long block) {
    call.raise(Call.TPL_CALLBACK);
    boolean busy = call.isBusy(0, block) || disk[PvDisk.ERASE] != 0 && call.isBusy(0, disk[PvDisk.ERASE]);
    if (disk[PvDisk.OPEN] != 0 && disk[PvDisk.BROKEN] == 0 && !busy) {
      if (call.get(Slot.PAUSE) == 0) {
        call.set(Slot.PAUSE, FIRST_PAUSE); // it may not have been told
        return XenBus.NOTIFY.call(call, call.step(Step.ALL), disk[PvDisk.DEVICE], disk[PvDisk.PORT]);
      }
      return await(call, disk, call.step(Step.ALL));
    }
    return busy || disk[PvDisk.BROKEN] != 0 ? EfiStep.done(EfiStatus.DEVICE_ERROR) : null;
  }

  private static EfiStep send(Call call, long[] disk, long slot) {
    EfiRam memory = call.firmware().memory();
    call.set(Slot.PAUSE, FIRST_PAUSE);
    call.set(Slot.WAITED, 0);
    disk[PvDisk.REQUESTS]++;
    disk[PvDisk.OPEN] = 1;
    memory.put32(PvDisk.ring(disk) + REQ_PROD, disk[PvDisk.REQUESTS] & 0xFFFF_FFFFL);
    return XenBus.NOTIFY.call(call, Step.LOOK, disk[PvDisk.DEVICE], disk[PvDisk.PORT]);
  }

  /** Looks whether the request is over. */
  private static EfiStep poll(Call call, long[] disk) {
    EfiStep step = await(call, disk, Step.LOOK_AGAIN);
    if (step != null) {
      return step;
    }
    EfiRam memory = call.firmware().memory();
    long slot = response(disk);
    short status = (short) memory.get16(slot + 10);
    if (status != BlockInterface.BLKIF_RSP_OKAY) {
      if (disk[PvDisk.REFUSED] == 0) {
        call.firmware().report("PV block device: its back end ends a request with status " + status);
      }
      disk[PvDisk.REFUSED] = 1;
      return EfiStep.done(status == BlockInterface.BLKIF_RSP_EOPNOTSUPP ? EfiStatus.UNSUPPORTED : EfiStatus.DEVICE_ERROR);
    }
    disk[PvDisk.REFUSED] = 0;
    call.set(Slot.DONE, call.get(Slot.DONE) + call.get(Slot.NOW));
    return call.get(Slot.NOW) == 0 ? EfiStep.done() : new EfiStep.Go(Step.NEXT);
  }

  /** Where the answer to the latest request is. */
  private static long response(long[] disk) {
    return PvDisk.ring(disk) + SLOTS_AT + SLOT * ((disk[PvDisk.REQUESTS] - 1) % SLOTS);
  }

  /** Null if the latest request is over. @param again the step in which it is looked again */
  private static EfiStep await(Call call, long[] disk, Step again) {
    if (call.result() < 0 && call.get(Slot.WAITED) == 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR); // the back end couldn't be told: the bus's layer isn't there
    }
    EfiRam memory = call.firmware().memory();
    long count = disk[PvDisk.REQUESTS];
    long produced = memory.get32(PvDisk.ring(disk) + RSP_PROD);
    if (produced == (count - 1 & 0xFFFF_FFFFL)) {
      if (call.get(Slot.WAITED) > MOST_MICROSECONDS) {
        return broken(call, disk, "doesn't answer a request in " + MOST_MICROSECONDS / 1_000_000 + " s", EfiStatus.TIMEOUT);
      }
      long pause = Math.max(FIRST_PAUSE, call.get(Slot.PAUSE));
      call.set(Slot.WAITED, call.get(Slot.WAITED) + pause);
      call.set(Slot.PAUSE, Math.min(LAST_PAUSE, 2 * pause));
      return new EfiStep.Wait(again, call.firmware().after(pause));
    }
    if (produced != (count & 0xFFFF_FFFFL) || memory.get64(response(disk)) != count - 1) {
      return broken(call, disk, "says that requests are over which weren't made", EfiStatus.DEVICE_ERROR);
    }
    disk[PvDisk.OPEN] = 0;
    return null;
  }

  /** A back end that can't be trusted gets no more requests: its answer to an earlier one could come into the data of a later one. */
  private static EfiStep broken(Call call, long[] disk, String how, EfiStatus status) {
    disk[PvDisk.BROKEN] = 1;
    call.firmware().report("PV block device: its back end " + how + "; it is used no more until it is disconnected and connected");
    return EfiStep.done(status);
  }
}
