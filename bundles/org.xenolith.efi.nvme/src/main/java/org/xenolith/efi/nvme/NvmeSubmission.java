// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** One command at a time, polled (NVM Express 1.4, 4.1, 4.2 and 4.6). Arguments: controller, queue, the command's 64 bytes; 0: none, but none is under way. */
final class NvmeSubmission {
  private static final int COMMAND = 64;
  private static final int COMPLETION = 16;
  private static final int DOORBELLS = 0x1000;
  /** Most disks have an answer after 20. */
  private static final long FIRST_PAUSE = 25;
  private static final long LAST_PAUSE = 1000;
  private static final long MOST_MICROSECONDS = 10_000_000;
  private static final int PAUSE = 0;
  private static final int WAITED = 1;
  private static final int STATUS = 2;
  private static final int LEFT_BEHIND = 10;
  private static final long ALL_ONES = 0xFFFF_FFFFL;

  private final NvmeBlockLayer layer;

  NvmeSubmission(NvmeBlockLayer layer) {
    this.layer = layer;
  }

  /**
   * Steps: 0 the command is given; 1 and 2 it is looked whether it is over; 3 it is; 4 and 5 why there is no answer. Those from 10 on are the same for one that
   * an earlier call has left behind, as its layer was taken away: its answer would be taken for that to the next.
   */
  EfiStep next(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] host = call.firmware().numbers(layer, call.argument(0));
    int queue = (int) call.argument(1) & 1;
    int at = NvmeHost.QUEUES + queue * NvmeHost.PER_QUEUE;
    switch (call.step()) {
      case 0 -> {
        if (host[NvmeHost.BROKEN] != 0 || call.isBusy(0, call.argument(0))) {
          return EfiStep.done(EfiStatus.DEVICE_ERROR);
        }
        if (host[at + NvmeHost.OPEN] != 0) {
          return tell(call, host, queue, at, LEFT_BEHIND + 1); // it may not have been told
        }
        if (call.argument(2) == 0) {
          return EfiStep.done();
        }
        long slot = NvmeHost.submission(host, queue) + COMMAND * host[at + NvmeHost.TAIL];
        memory.write(slot, memory.read(call.argument(2), COMMAND));
        memory.put16(slot + 2, host[at + NvmeHost.COUNT] & 0xFFFF);
        host[at + NvmeHost.TAIL] = (host[at + NvmeHost.TAIL] + 1) % NvmeHost.SLOTS;
        host[at + NvmeHost.OPEN] = 1;
        call.set(PAUSE, FIRST_PAUSE);
        call.set(WAITED, 0);
        return tell(call, host, queue, at, 1);
      }
      case 3 -> {
        return outcome(call, host, memory.get8(call.argument(2)));
      }
      case 4, LEFT_BEHIND + 4 -> {
        return EfiStep.call(5, call.firmware().function(layer, "ReadRegister"), call.argument(0), NvmeStarting.STATUS);
      }
      case 5 -> {
        boolean gone = call.result() < 0 || call.result() == ALL_ONES;
        return broken(call, host, gone ? "it is gone" : "it doesn't answer a command in " + MOST_MICROSECONDS / 1_000_000
            + " s; its status is 0x" + Long.toHexString(call.result()), gone ? EfiStatus.DEVICE_ERROR : EfiStatus.TIMEOUT);
      }
      case LEFT_BEHIND + 3 -> {
        return new EfiStep.Go(0);
      }
      default -> {
        return poll(call, host, queue, at, call.step() < LEFT_BEHIND ? 0 : LEFT_BEHIND);
      }
    }
  }

  private EfiStep tell(Call call, long[] host, int queue, int at, int next) {
    return write(call, next, DOORBELLS + 2L * queue * host[NvmeHost.STRIDE], host[at + NvmeHost.TAIL]);
  }

  /** The first of a series of commands that are refused is told. */
  private static EfiStep outcome(Call call, long[] host, int operation) {
    long status = call.get(STATUS);
    if (status != 0 && host[NvmeHost.REFUSED] == 0) {
      call.firmware().report("NVMe controller: command 0x" + Integer.toHexString(operation) + " ends with status 0x" + Long.toHexString(
          status));
    }
    host[NvmeHost.REFUSED] = status == 0 ? 0 : 1;
    return EfiStep.done(status == 0 ? EfiStatus.SUCCESS : EfiStatus.DEVICE_ERROR);
  }

  private EfiStep write(Call call, int next, long register, long value) {
    return EfiStep.call(next, call.firmware().function(layer, "WriteRegister"), call.argument(0), register, value);
  }

  /** @param first of the steps of this kind */
  private EfiStep poll(Call call, long[] host, int queue, int at, int first) {
    if (call.result() < 0 && call.get(WAITED) == 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR); // it couldn't be told: the layer of its bus isn't there
    }
    EfiRam memory = call.firmware().memory();
    long entry = NvmeHost.completion(host, queue) + COMPLETION * host[at + NvmeHost.HEAD];
    int status = memory.get16(entry + 14);
    if ((status & 1) != host[at + NvmeHost.PHASE]) {
      if (call.get(WAITED) > MOST_MICROSECONDS) {
        return new EfiStep.Go(first + 4);
      }
      long pause = Math.max(FIRST_PAUSE, call.get(PAUSE));
      call.set(WAITED, call.get(WAITED) + pause);
      call.set(PAUSE, Math.min(LAST_PAUSE, 2 * pause));
      return new EfiStep.Wait(first + 2, call.firmware().after(pause));
    }
    if (memory.get16(entry + 12) != (host[at + NvmeHost.COUNT] & 0xFFFF)) {
      return broken(call, host, "it says that a command is over which wasn't given", EfiStatus.DEVICE_ERROR);
    }
    call.set(STATUS, status >>> 1 & 0x7FF);
    host[at + NvmeHost.OPEN] = 0;
    host[at + NvmeHost.COUNT]++;
    host[at + NvmeHost.HEAD]++;
    if (host[at + NvmeHost.HEAD] == NvmeHost.SLOTS) {
      host[at + NvmeHost.HEAD] = 0;
      host[at + NvmeHost.PHASE] ^= 1;
    }
    return write(call, first + 3, DOORBELLS + (2L * queue + 1) * host[NvmeHost.STRIDE], host[at + NvmeHost.HEAD]);
  }

  /** A controller that can't be trusted gets no more commands. */
  private static EfiStep broken(Call call, long[] host, String how, EfiStatus status) {
    host[NvmeHost.BROKEN] = 1;
    call.firmware().report("NVMe controller: " + how + "; it is used no more until it is disconnected and connected");
    return EfiStep.done(status);
  }
}
