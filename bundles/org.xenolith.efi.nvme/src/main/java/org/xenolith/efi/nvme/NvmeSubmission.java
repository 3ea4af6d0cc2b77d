// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** One command at a time, polled (NVM Express 1.4, 4.1, 4.2 and 4.6). Arguments: controller, queue, the command's 64 bytes. */
final class NvmeSubmission {
  private static final int COMMAND = 64;
  private static final int COMPLETION = 16;
  private static final int DOORBELLS = 0x1000;
  private static final long FIRST_PAUSE = 10;
  private static final long LAST_PAUSE = 1000;
  private static final long MOST_MICROSECONDS = 10_000_000;
  private static final int PAUSE = 0;
  private static final int WAITED = 1;
  private static final int STATUS = 2;

  private final NvmeBlockLayer layer;

  NvmeSubmission(NvmeBlockLayer layer) {
    this.layer = layer;
  }

  EfiStep next(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] host = call.firmware().numbers(layer, call.argument(0));
    int queue = (int) call.argument(1) & 1;
    int at = NvmeHost.QUEUES + queue * NvmeHost.PER_QUEUE;
    switch (call.step()) {
      case 0 -> {
        if (host[NvmeHost.BROKEN] != 0) {
          return EfiStep.done(EfiStatus.DEVICE_ERROR);
        }
        long slot = NvmeHost.submission(host, queue) + COMMAND * host[at + NvmeHost.TAIL];
        memory.write(slot, memory.read(call.argument(2), COMMAND));
        memory.put16(slot + 2, host[at + NvmeHost.COUNT] & 0xFFFF);
        host[at + NvmeHost.TAIL] = (host[at + NvmeHost.TAIL] + 1) % NvmeHost.SLOTS;
        call.set(PAUSE, FIRST_PAUSE);
        return write(call, 1, DOORBELLS + 2L * queue * host[NvmeHost.STRIDE], host[at + NvmeHost.TAIL]);
      }
      case 3 -> {
        return EfiStep.done(call.get(STATUS) == 0 ? EfiStatus.SUCCESS : EfiStatus.DEVICE_ERROR);
      }
      default -> {
        return poll(call, host, queue, at);
      }
    }
  }

  private EfiStep write(Call call, int next, long register, long value) {
    return EfiStep.call(next, call.firmware().function(layer, "WriteRegister"), call.argument(0), register, value);
  }

  private EfiStep poll(Call call, long[] host, int queue, int at) {
    EfiRam memory = call.firmware().memory();
    long entry = NvmeHost.completion(host, queue) + COMPLETION * host[at + NvmeHost.HEAD];
    int status = memory.get16(entry + 14);
    if ((status & 1) != host[at + NvmeHost.PHASE]) {
      if (call.get(WAITED) > MOST_MICROSECONDS) {
        return broken(call, host, "doesn't answer a command in " + MOST_MICROSECONDS / 1_000_000 + " s", EfiStatus.TIMEOUT);
      }
      long pause = call.get(PAUSE);
      call.set(WAITED, call.get(WAITED) + pause);
      call.set(PAUSE, Math.min(LAST_PAUSE, 2 * pause));
      return new EfiStep.Wait(2, call.firmware().after(pause));
    }
    if (memory.get16(entry + 12) != (host[at + NvmeHost.COUNT] & 0xFFFF)) {
      return broken(call, host, "says that a command is over which wasn't given", EfiStatus.DEVICE_ERROR);
    }
    call.set(STATUS, status >>> 1 & 0x7FF);
    host[at + NvmeHost.COUNT]++;
    host[at + NvmeHost.HEAD]++;
    if (host[at + NvmeHost.HEAD] == NvmeHost.SLOTS) {
      host[at + NvmeHost.HEAD] = 0;
      host[at + NvmeHost.PHASE] ^= 1;
    }
    return write(call, 3, DOORBELLS + (2L * queue + 1) * host[NvmeHost.STRIDE], host[at + NvmeHost.HEAD]);
  }

  /** A controller that can't be trusted gets no more commands. */
  private static EfiStep broken(Call call, long[] host, String how, EfiStatus status) {
    host[NvmeHost.BROKEN] = 1;
    call.firmware().report("NVMe controller: " + how + "; it is used no more until it is disconnected and connected");
    return EfiStep.done(status);
  }
}
