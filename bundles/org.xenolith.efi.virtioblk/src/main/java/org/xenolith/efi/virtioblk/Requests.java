// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioblk;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.VirtioQueue;
import org.xenolith.efi.boot.kit.VirtioQueue.Buffer;

/** Requests to a virtio block device (Virtio 1.2, 5.2.6): one at a time, polled. */
final class Requests {
  private static final int IN = 0;
  private static final int OUT = 1;
  private static final int FLUSH = 4;
  private static final int SECTOR = 512;
  private static final int HEADER = 16;
  private static final int NO_STATUS = 0xFF;
  private static final int IO_ERROR = 1;
  private static final int UNKNOWN = 2;
  private static final String DEVICE = "virtio block device";
  /** Bytes of one request. */
  private static final long PIECE = 1 << 20;
  /** Numbers of a call: bytes that are done, bytes of this request. */
  private enum Slot {
    DONE, NOW
  }

  /** Steps: a request is sent, it is looked whether it is over as often as it isn't, and then the next one is sent. */
  private enum Step {
    BEGIN, LOOK, LOOK_AGAIN, NEXT
  }

  private final VirtioBlockLayer layer;

  Requests(VirtioBlockLayer layer) {
    this.layer = layer;
  }

  private long[] numbers(Call call) {
    return layer.interfaceNumbers(call);
  }

  EfiStep read(Call call) {
    return transfer(call, IN);
  }

  EfiStep write(Call call) {
    numbers(call);
    return BlockMedia.readOnly(call.firmware().memory(), call.argument(0)) ? EfiStep.done(EfiStatus.WRITE_PROTECTED) : transfer(call, OUT);
  }

  EfiStep flush(Call call) {
    if ((numbers(call)[VirtioBlockLayer.FEATURES] & VirtioBlockLayer.FLUSH) == 0) {
      return EfiStep.done();
    }
    return call.isAt(Step.BEGIN) ? send(call, FLUSH, 0, 0, 0) : answered(call);
  }

  private EfiStep transfer(Call call, int type) {
    numbers(call);
    if (!call.isAt(Step.BEGIN) && !call.isAt(Step.NEXT)) {
      return answered(call);
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
    long piece = Math.min(PIECE, size - done);
    call.set(Slot.NOW, piece);
    long perBlock = BlockMedia.blockSize(call.firmware().memory(), call.argument(0)) / SECTOR;
    return send(call, type, call.argument(2) * perBlock + done / SECTOR, call.argument(4) + done, piece);
  }

  private EfiStep send(Call call, int type, long sector, long data, long size) {
    EfiRam memory = call.firmware().memory();
    VirtioQueue queue = new VirtioQueue(numbers(call), 0);
    EfiStep first = queue.begin(call, Call.TPL_CALLBACK, DEVICE);
    if (first != null) {
      return first;
    }
    long header = queue.room();
    memory.put32(header, type);
    memory.put32(header + 4, 0);
    memory.put64(header + 8, sector);
    memory.put8(header + HEADER, NO_STATUS);
    Buffer request = new Buffer(header, HEADER, false);
    Buffer last = new Buffer(header + HEADER, 1, true);
    return size == 0 ? queue.send(call, Step.LOOK, request, last) : queue.send(call, Step.LOOK, request, new Buffer(data, size, type == IN),
        last);
  }

  /** Looks whether the request is over. */
  private EfiStep answered(Call call) {
    VirtioQueue queue = new VirtioQueue(numbers(call), 0);
    EfiStep step = queue.poll(call, Step.LOOK_AGAIN, DEVICE);
    if (step != null) {
      return step;
    }
    EfiRam memory = call.firmware().memory();
    int status = memory.get8(queue.room() + HEADER);
    EfiStatus outcome = queue.outcome(call.firmware(), status == 0 ? null : DEVICE + ": a request at sector " + memory.get64(queue.room()
        + 8)
        + " ends with status " + status + (status == IO_ERROR ? ", an error of the disk" : status == UNKNOWN ? ", not known" : ""));
    if (outcome != EfiStatus.SUCCESS) {
      return EfiStep.done(outcome);
    }
    call.set(Slot.DONE, call.get(Slot.DONE) + call.get(Slot.NOW));
    return call.get(Slot.NOW) == 0 ? EfiStep.done() : new EfiStep.Go(Step.NEXT);
  }
}
