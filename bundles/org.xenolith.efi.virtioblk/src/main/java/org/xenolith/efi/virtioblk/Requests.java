// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioblk;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.BlockMedia;

/** Requests to a virtio block device (Virtio 1.2, 5.2.6 and 2.7): one at a time, polled. Nothing that the device writes is believed. */
final class Requests {
  private static final int IN = 0;
  private static final int OUT = 1;
  private static final int FLUSH = 4;
  private static final int NEXT = 1;
  private static final int WRITES = 2;
  private static final int SECTOR = 512;
  private static final int STATUS_AT = 16;
  /** Bytes of one request. */
  private static final long PIECE = 1 << 20;
  private static final long FIRST_PAUSE = 10;
  private static final long LAST_PAUSE = 1000;
  /** What a device may take for a request. */
  private static final long MOST_MICROSECONDS = 10_000_000;
  // Numbers of a call: bytes that are done, bytes of this request, the pause, how long it was waited.
  private static final int DONE = 0;
  private static final int NOW = 1;
  private static final int PAUSE = 2;
  private static final int WAITED = 3;

  private final VirtioBlockLayer layer;

  Requests(VirtioBlockLayer layer) {
    this.layer = layer;
  }

  EfiStep read(Call call) {
    return transfer(call, IN);
  }

  EfiStep write(Call call) {
    EfiRam memory = call.firmware().memory();
    layer(call);
    return BlockMedia.readOnly(memory, call.argument(0)) ? EfiStep.done(EfiStatus.WRITE_PROTECTED) : transfer(call, OUT);
  }

  private long[] layer(Call call) {
    return call.firmware().numbers(layer, call.argument(0));
  }

  EfiStep flush(Call call) {
    long[] numbers = layer(call);
    if ((numbers[VirtioBlockLayer.FEATURES] & VirtioBlockLayer.FLUSH) == 0) {
      return EfiStep.done();
    }
    return call.step() == 0 ? send(call, numbers, FLUSH, 0, 0, 0) : poll(call, numbers);
  }

  private EfiStep transfer(Call call, int type) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = layer(call);
    if (call.step() != 0 && call.step() != 3) {
      return poll(call, numbers);
    }
    long self = call.argument(0);
    long blockSize = BlockMedia.blockSize(memory, self);
    long blocks = BlockMedia.blocks(memory, self);
    long size = call.argument(3);
    if ((call.argument(1) & 0xFFFF_FFFFL) != BlockMedia.id(memory, self)) {
      return EfiStep.done(EfiStatus.MEDIA_CHANGED);
    }
    if (size == 0) {
      return EfiStep.done();
    }
    if (size < 0 || size % blockSize != 0) {
      return EfiStep.done(EfiStatus.BAD_BUFFER_SIZE);
    }
    long first = call.argument(2);
    if (call.argument(4) == 0 || first < 0 || first >= blocks || size / blockSize > blocks - first) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long done = call.get(DONE);
    if (done == size) {
      return EfiStep.done();
    }
    long piece = Math.min(PIECE, size - done);
    call.set(NOW, piece);
    return send(call, numbers, type, first * (blockSize / SECTOR) + done / SECTOR, call.argument(4) + done, piece);
  }

  private EfiStep send(Call call, long[] numbers, int type, long sector, long data, long size) {
    if (numbers[VirtioBlockLayer.BROKEN] != 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    EfiRam memory = call.firmware().memory();
    long header = numbers[VirtioBlockLayer.HEADER];
    long ring = numbers[VirtioBlockLayer.RING];
    long queue = numbers[VirtioBlockLayer.SIZE];
    memory.put32(header, type);
    memory.put32(header + 4, 0);
    memory.put64(header + 8, sector);
    memory.put8(header + STATUS_AT, 0xFF);
    descriptor(memory, ring, 0, header, 16, NEXT, size == 0 ? 2 : 1);
    descriptor(memory, ring, 1, data, size, type == IN ? NEXT | WRITES : NEXT, 2);
    descriptor(memory, ring, 2, header + STATUS_AT, 1, WRITES, 0);
    long available = ring + 16 * queue;
    long count = numbers[VirtioBlockLayer.REQUESTS]++;
    memory.put16(available + 4 + 2 * (count % queue), 0);
    memory.put16(available + 2, count + 1 & 0xFFFF);
    call.set(PAUSE, FIRST_PAUSE);
    call.set(WAITED, 0);
    return VirtioBlockLayer.ask(call, 1, numbers[VirtioBlockLayer.DEVICE], VirtioBlockLayer.NOTIFY, 0);
  }

  private static void descriptor(EfiRam memory, long ring, int index, long address, long length, int flags, int next) {
    long at = ring + 16L * index;
    memory.put64(at, address);
    memory.put32(at + 8, length);
    memory.put16(at + 12, flags);
    memory.put16(at + 14, next);
  }

  /** Looks whether the request is over; the step is 3 when the next one may be sent. */
  private EfiStep poll(Call call, long[] numbers) {
    EfiRam memory = call.firmware().memory();
    long queue = numbers[VirtioBlockLayer.SIZE];
    long used = numbers[VirtioBlockLayer.RING] + VirtioBlockLayer.usedOffset(queue);
    long count = numbers[VirtioBlockLayer.REQUESTS];
    int index = memory.get16(used + 2);
    if (index == (count - 1 & 0xFFFF)) {
      if (call.get(WAITED) > MOST_MICROSECONDS) {
        return broken(call, numbers, "doesn't answer a request in " + MOST_MICROSECONDS / 1_000_000 + " s", EfiStatus.TIMEOUT);
      }
      long pause = call.get(PAUSE);
      call.set(WAITED, call.get(WAITED) + pause);
      call.set(PAUSE, Math.min(LAST_PAUSE, 2 * pause));
      return new EfiStep.Wait(2, call.firmware().after(pause));
    }
    long element = used + 4 + 8 * ((count - 1) % queue);
    if (index != (count & 0xFFFF) || memory.get32(element) != 0) {
      return broken(call, numbers, "says that requests are over which weren't made", EfiStatus.DEVICE_ERROR);
    }
    if (memory.get8(numbers[VirtioBlockLayer.HEADER] + STATUS_AT) != 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    call.set(DONE, call.get(DONE) + call.get(NOW));
    return call.get(NOW) == 0 ? EfiStep.done() : new EfiStep.Go(3);
  }

  /** A device that can't be trusted gets no more requests: its answer to an earlier one could come into somebody's memory. */
  private static EfiStep broken(Call call, long[] numbers, String how, EfiStatus status) {
    numbers[VirtioBlockLayer.BROKEN] = 1;
    call.firmware().report("virtio block device: " + how + "; it is used no more until it is disconnected and connected");
    return EfiStep.done(status);
  }
}
