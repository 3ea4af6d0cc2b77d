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
  /** Numbers of a call: the pause, how long it was waited, what the command ends with. */
  private enum Slot {
    PAUSE, WAITED, STATUS
  }

  private static final long ALL_ONES = 0xFFFF_FFFFL;

  /** Steps; those named LEFT are the same for a command that an earlier call has left behind, whose answer would be taken for that to the next. */
  private enum Step {
    /** The command is given. */
    GIVE,
    /** It is looked whether it is over, as often as it isn't. */
    LOOK, LOOK_AGAIN,
    /** It is. */
    OVER,
    /** There is no answer: why, is read and then told. */
    READ_STATUS, TELL_STATUS,
    /** One that was left behind. */
    LOOK_LEFT, LOOK_LEFT_AGAIN, LEFT_OVER;

    private static final Step[] ALL = values();

    private boolean ofOneLeftBehind() {
      return this == LOOK_LEFT || this == LOOK_LEFT_AGAIN;
    }
  }

  private final NvmeBlockLayer layer;

  NvmeSubmission(NvmeBlockLayer layer) {
    this.layer = layer;
  }

  EfiStep next(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] host = call.firmware().numbers(layer, call.argument(0));
    Step step = call.step(Step.ALL);
    int queue = (int) call.argument(1) & 1;
    int at = NvmeHost.QUEUES + queue * NvmeHost.PER_QUEUE;
    switch (step) {
      case GIVE -> {
        if (host[NvmeHost.BROKEN] != 0 || call.isBusy(0, call.argument(0))) {
          return EfiStep.done(EfiStatus.DEVICE_ERROR);
        }
        if (host[at + NvmeHost.OPEN] != 0) {
          return tell(call, host, queue, at, Step.LOOK_LEFT); // it may not have been told
        }
        if (call.argument(2) == 0) {
          return EfiStep.done();
        }
        long slot = NvmeHost.submission(host, queue) + COMMAND * host[at + NvmeHost.TAIL];
        memory.write(slot, memory.read(call.argument(2), COMMAND));
        memory.put16(slot + 2, host[at + NvmeHost.COUNT] & 0xFFFF);
        host[at + NvmeHost.TAIL] = (host[at + NvmeHost.TAIL] + 1) % NvmeHost.SLOTS;
        host[at + NvmeHost.OPEN] = 1;
        call.set(Slot.PAUSE, FIRST_PAUSE);
        call.set(Slot.WAITED, 0);
        return tell(call, host, queue, at, Step.LOOK);
      }
      case OVER -> {
        return outcome(call, host, memory.get8(call.argument(2)));
      }
      case READ_STATUS -> {
        return EfiStep.call(Step.TELL_STATUS, call.firmware().function(layer, "ReadRegister"), call.argument(0), NvmeStarting.STATUS);
      }
      case TELL_STATUS -> {
        boolean gone = call.result() < 0 || call.result() == ALL_ONES;
        return broken(call, host, gone ? "it is gone" : "it doesn't answer a command in " + MOST_MICROSECONDS / 1_000_000
            + " s; its status is 0x" + Long.toHexString(call.result()), gone ? EfiStatus.DEVICE_ERROR : EfiStatus.TIMEOUT);
      }
      case LEFT_OVER -> {
        return new EfiStep.Go(Step.GIVE);
      }
      default -> {
        return poll(call, host, queue, at, step.ofOneLeftBehind());
      }
    }
  }

  private EfiStep tell(Call call, long[] host, int queue, int at, Step next) {
    return write(call, next, DOORBELLS + 2L * queue * host[NvmeHost.STRIDE], host[at + NvmeHost.TAIL]);
  }

  /** The first of a series of commands that are refused is told. */
  private static EfiStep outcome(Call call, long[] host, int operation) {
    long status = call.get(Slot.STATUS);
    if (status != 0 && host[NvmeHost.REFUSED] == 0) {
      call.firmware().report("NVMe controller: command 0x" + Integer.toHexString(operation) + " ends with status 0x" + Long.toHexString(
          status));
    }
    host[NvmeHost.REFUSED] = status == 0 ? 0 : 1;
    return EfiStep.done(status == 0 ? EfiStatus.SUCCESS : EfiStatus.DEVICE_ERROR);
  }

  private EfiStep write(Call call, Step next, long register, long value) {
    return EfiStep.call(next, call.firmware().function(layer, "WriteRegister"), call.argument(0), register, value);
  }

  /** @param left whether an earlier call has left the command behind */
  private EfiStep poll(Call call, long[] host, int queue, int at, boolean left) {
    if (call.result() < 0 && call.get(Slot.WAITED) == 0) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR); // it couldn't be told: the layer of its bus isn't there
    }
    EfiRam memory = call.firmware().memory();
    long entry = NvmeHost.completion(host, queue) + COMPLETION * host[at + NvmeHost.HEAD];
    int status = memory.get16(entry + 14);
    if ((status & 1) != host[at + NvmeHost.PHASE]) {
      if (call.get(Slot.WAITED) > MOST_MICROSECONDS) {
        return new EfiStep.Go(Step.READ_STATUS);
      }
      long pause = Math.max(FIRST_PAUSE, call.get(Slot.PAUSE));
      call.set(Slot.WAITED, call.get(Slot.WAITED) + pause);
      call.set(Slot.PAUSE, Math.min(LAST_PAUSE, 2 * pause));
      return new EfiStep.Wait(left ? Step.LOOK_LEFT_AGAIN : Step.LOOK_AGAIN, call.firmware().after(pause));
    }
    if (memory.get16(entry + 12) != (host[at + NvmeHost.COUNT] & 0xFFFF)) {
      return broken(call, host, "it says that a command is over which wasn't given", EfiStatus.DEVICE_ERROR);
    }
    call.set(Slot.STATUS, status >>> 1 & 0x7FF);
    host[at + NvmeHost.OPEN] = 0;
    host[at + NvmeHost.COUNT]++;
    host[at + NvmeHost.HEAD]++;
    if (host[at + NvmeHost.HEAD] == NvmeHost.SLOTS) {
      host[at + NvmeHost.HEAD] = 0;
      host[at + NvmeHost.PHASE] ^= 1;
    }
    return write(call, left ? Step.LEFT_OVER : Step.OVER, DOORBELLS + (2L * queue + 1) * host[NvmeHost.STRIDE], host[at + NvmeHost.HEAD]);
  }

  /** A controller that can't be trusted gets no more commands. */
  private static EfiStep broken(Call call, long[] host, String how, EfiStatus status) {
    host[NvmeHost.BROKEN] = 1;
    call.firmware().report("NVMe controller: " + how + "; it is used no more until it is disconnected and connected");
    return EfiStep.done(status);
  }
}
