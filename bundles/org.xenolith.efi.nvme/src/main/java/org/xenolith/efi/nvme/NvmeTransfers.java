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
  /** The step at which no command is under way. */
  private static final int IDLE = 2;
  private static final int DONE = 0;
  private static final int NOW = 1;
  private static final int ROOM = 2;

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
    if (call.step() != 0) {
      return EfiStep.done(call.result());
    }
    long[] space = space(call);
    call.raise(Call.TPL_CALLBACK);
    call.set(ROOM, call.room(COMMAND));
    return submit(call, space, FLUSH, 0, 0);
  }

  private EfiStep submit(Call call, long[] space, int operation, long first, long blocks) {
    EfiRam memory = call.firmware().memory();
    long[] host = host(call);
    long room = call.get(ROOM);
    long pages = call.get(NOW) + NvmeHost.PAGE - 1 >> 12;
    memory.clear(room, COMMAND);
    memory.put8(room, operation);
    memory.put32(room + 4, space[NvmeHost.NAMESPACE]);
    if (blocks != 0) {
      memory.put64(room + 24, NvmeHost.data(host));
      memory.put64(room + 32, pages > 2 ? NvmeHost.list(host) : pages == 2 ? NvmeHost.data(host) + NvmeHost.PAGE : 0);
      memory.put64(room + 40, first);
      memory.put32(room + 48, blocks - 1);
    }
    return EfiStep.call(1, call.firmware().function(layer, "Submit"), space[NvmeHost.CONTROLLER], IO_QUEUE, room);
  }

  private EfiStep transfer(Call call, int operation) {
    EfiRam memory = call.firmware().memory();
    long[] space = space(call);
    long[] host = host(call);
    long self = call.argument(0);
    long size = call.argument(3);
    long blockSize = BlockMedia.blockSize(memory, self);
    if (call.step() == 0) {
      EfiStatus refused = BlockMedia.check(call);
      if (refused != EfiStatus.SUCCESS || size == 0) {
        return EfiStep.done(refused);
      }
      call.raise(Call.TPL_CALLBACK);
      call.set(ROOM, call.room(COMMAND));
      // The data's pages are the command's that was given last, until it is over.
      return EfiStep.call(IDLE, call.firmware().function(layer, "Submit"), space[NvmeHost.CONTROLLER], IO_QUEUE, 0);
    }
    if (call.result() != 0) {
      return EfiStep.done(call.result());
    }
    if (call.step() != IDLE) {
      if (operation == READ) {
        memory.write(call.argument(4) + call.get(DONE), memory.read(NvmeHost.data(host), (int) call.get(NOW)));
      }
      call.set(DONE, call.get(DONE) + call.get(NOW));
    }
    long done = call.get(DONE);
    if (done == size) {
      return EfiStep.done();
    }
    call.set(NOW, Math.min(host[NvmeHost.MOST_DATA] * NvmeHost.PAGE, size - done));
    if (operation == WRITE) {
      memory.write(NvmeHost.data(host), memory.read(call.argument(4) + done, (int) call.get(NOW)));
    }
    return submit(call, space, operation, call.argument(2) + done / blockSize, call.get(NOW) / blockSize);
  }
}
