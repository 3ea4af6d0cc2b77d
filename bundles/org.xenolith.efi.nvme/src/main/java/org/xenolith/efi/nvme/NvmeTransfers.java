// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.BlockMedia;

/** Blocks of a namespace (NVM Express 1.4, 6.7, 6.9 and 6.15), by pages that data is copied to or from, so that buffers may lie anywhere. */
final class NvmeTransfers {
  private static final int FLUSH = 0;
  private static final int WRITE = 1;
  private static final int READ = 2;
  private static final int COMMAND = 64;
  private static final int IO_QUEUE = 1;
  /** Numbers of a call: bytes that are done, bytes of this command, memory for a command. */
  private enum Slot {
    DONE, NOW, ROOM
  }

  /** Steps: what an earlier call has left is waited for, then each command follows the one before. */
  private enum Step {
    BEGIN, DONE, IDLE
  }

  private final NvmeBlockLayer layer;

  NvmeTransfers(NvmeBlockLayer layer) {
    this.layer = layer;
  }

  private long[] space(Call call) {
    return call.firmware().numbers(layer, call.argument(0));
  }

  private long[] host(Call call) {
    return call.firmware().numbers(layer, space(call)[NvmeHost.CONTROLLER]);
  }

  EfiStep read(Call call) {
    return transfer(call, READ);
  }

  EfiStep write(Call call) {
    space(call);
    return BlockMedia.readOnly(call.firmware().memory(), call.argument(0)) ? EfiStep.done(EfiStatus.WRITE_PROTECTED) : transfer(call,
        WRITE);
  }

  EfiStep flush(Call call) {
    if (!call.isAt(Step.BEGIN)) {
      return EfiStep.done(call.result());
    }
    long[] space = space(call);
    call.raise(Call.TPL_CALLBACK);
    call.set(Slot.ROOM, call.room(COMMAND));
    return submit(call, space, FLUSH, 0, 0);
  }

  private EfiStep submit(Call call, long[] space, int operation, long first, long blocks) {
    EfiRam memory = call.firmware().memory();
    long[] host = host(call);
    long room = call.get(Slot.ROOM);
    long pages = call.get(Slot.NOW) + NvmeHost.PAGE - 1 >> 12;
    memory.clear(room, COMMAND);
    memory.put8(room, operation);
    memory.put32(room + 4, space[NvmeHost.NAMESPACE]);
    if (blocks != 0) {
      memory.put64(room + 24, NvmeHost.data(host));
      memory.put64(room + 32, pages > 2 ? NvmeHost.list(host) : pages == 2 ? NvmeHost.data(host) + NvmeHost.PAGE : 0);
      memory.put64(room + 40, first);
      memory.put32(room + 48, blocks - 1);
    }
    return EfiStep.call(Step.DONE, call.firmware().function(layer, "Submit"), space[NvmeHost.CONTROLLER], IO_QUEUE, room);
  }

  private EfiStep transfer(Call call, int operation) {
    EfiRam memory = call.firmware().memory();
    long[] space = space(call);
    long[] host = host(call);
    long self = call.argument(0);
    long size = call.argument(3);
    long blockSize = BlockMedia.blockSize(memory, self);
    if (call.isAt(Step.BEGIN)) {
      EfiStatus refused = BlockMedia.check(call);
      if (refused != EfiStatus.SUCCESS || size == 0) {
        return EfiStep.done(refused);
      }
      call.raise(Call.TPL_CALLBACK);
      call.set(Slot.ROOM, call.room(COMMAND));
      // The data's pages are the command's that was given last, until it is over.
      return EfiStep.call(Step.IDLE, call.firmware().function(layer, "Submit"), space[NvmeHost.CONTROLLER], IO_QUEUE, 0);
    }
    if (call.result() != 0) {
      return EfiStep.done(call.result());
    }
    if (!call.isAt(Step.IDLE)) {
      if (operation == READ) {
        memory.write(call.argument(4) + call.get(Slot.DONE), memory.read(NvmeHost.data(host), (int) call.get(Slot.NOW)));
      }
      call.set(Slot.DONE, call.get(Slot.DONE) + call.get(Slot.NOW));
    }
    long done = call.get(Slot.DONE);
    if (done == size) {
      return EfiStep.done();
    }
    call.set(Slot.NOW, Math.min(host[NvmeHost.MOST_DATA] * NvmeHost.PAGE, size - done));
    if (operation == WRITE) {
      memory.write(NvmeHost.data(host), memory.read(call.argument(4) + done, (int) call.get(Slot.NOW)));
    }
    return submit(call, space, operation, call.argument(2) + done / blockSize, call.get(Slot.NOW) / blockSize);
  }
}
