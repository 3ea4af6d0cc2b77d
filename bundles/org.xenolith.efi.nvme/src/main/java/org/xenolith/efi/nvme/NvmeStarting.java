// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.OnError;

/** A controller from reset to its namespaces (NVM Express 1.4, 7.6.1): the steps of Start behind the first one. */
final class NvmeStarting {
  private static final int CAPABILITIES = 0;
  static final int CONFIGURATION = 0x14;
  static final int STATUS = 0x1C;
  private static final int QUEUE_ATTRIBUTES = 0x24;
  private static final int SUBMISSION = 0x28;
  private static final int COMPLETION = 0x30;
  /** Enabled; entries of 64 bytes for submission and of 16 for completion. */
  private static final long ENABLED = 1 | 6 << 16 | 4 << 20;
  private static final int IDENTIFY = 6;
  private static final int CREATE_COMPLETION = 5;
  private static final int CREATE_SUBMISSION = 1;
  private static final int COMMAND = 64;
  private static final long PAUSE = 1000;
  private static final int EXIT_BOOT_SERVICES = 0x201;
  private static final int TPL_CALLBACK = 8;
  private static final int MOST_NAMESPACES = 16;
  private static final long SIZES = NvmeHost.SLOTS - 1 << 16 | NvmeHost.SLOTS - 1;

  /** Numbers of Start: the controller, memory, half of its capabilities, how long it was waited, the namespace that is next, and the list of them. */
  enum Slot {
    HOST, ROOM, LOW, WAITED, SPACES, LIST
  }

  /** Steps of Start, each with what it does if what was done before has failed. */
  enum Step {
    /** The function's registers can be reached, by its bus's driver. */
    ENABLE(OnError.IGNORE),
    /** What the controller can do, in two halves. */
    READ_CAPABILITIES(OnError.FAIL), READ_CAPABILITIES_HIGH(OnError.FAIL),
    /** It is disabled, and then ready no more. */
    DISABLE(OnError.FAIL), READ_DISABLED(OnError.FAIL), SEE_DISABLED(OnError.FAIL),
    /** Where the admin queues are. */
    WRITE_SUBMISSION(OnError.FAIL), WRITE_SUBMISSION_HIGH(OnError.FAIL), WRITE_COMPLETION(OnError.FAIL), WRITE_COMPLETION_HIGH(
        OnError.FAIL),
    /** It is enabled, and then ready. */
    ENABLE_CONTROLLER(OnError.FAIL), READ_READY(OnError.FAIL), SEE_READY(OnError.FAIL),
    /** What it is, and the queues for blocks. */
    CREATE_COMPLETION(OnError.FAIL), CREATE_SUBMISSION(OnError.FAIL), CREATE_EVENT(OnError.FAIL), MANAGE(OnError.FAIL),
    /** It is in use from here on: each of its namespaces, as far as it says what they are. */
    LIST_NAMESPACES(OnError.FINISH), IDENTIFY_NAMESPACE(OnError.FINISH), ADD_NAMESPACE(OnError.FINISH),
    /** The controller of a Start that failed is disabled before its memory is given back. */
    DISABLE_FAILED(OnError.IGNORE), FAILED(OnError.IGNORE);

    private static final Step[] ALL = values();
    private final OnError onError;

    Step(OnError onError) {
      this.onError = onError;
    }
  }

  private final NvmeBlockLayer layer;

  NvmeStarting(NvmeBlockLayer layer) {
    this.layer = layer;
  }

  private EfiStep read(Call call, Step next, int register) {
    return EfiStep.call(next, call.firmware().function(layer, "ReadRegister"), call.get(Slot.HOST), register);
  }

  private EfiStep write(Call call, Step next, int register, long value) {
    return EfiStep.call(next, call.firmware().function(layer, "WriteRegister"), call.get(Slot.HOST), register, value);
  }

  /** An admin command. @param data address of a page; 0: none */
  private EfiStep admin(Call call, Step next, int operation, long space, long data, long ten, long eleven) {
    EfiRam memory = call.firmware().memory();
    long room = call.get(Slot.ROOM);
    memory.clear(room, COMMAND);
    memory.put8(room, operation);
    memory.put32(room + 4, space);
    memory.put64(room + 24, data);
    memory.put32(room + 40, ten);
    memory.put32(room + 44, eleven);
    return EfiStep.call(next, call.firmware().function(layer, "Submit"), call.get(Slot.HOST), 0, room);
  }

  EfiStep next(Call call, long driver, long controller) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long[] host = firmware.numbers(layer, call.get(Slot.HOST));
    Step step = call.step(Step.ALL);
    if (call.result() < 0 && step.onError == OnError.FINISH) {
      firmware.report("NVMe controller: it doesn't say what its namespaces are; what was found so far is there");
      return EfiStep.done();
    }
    if (call.result() < 0 && step.onError == OnError.FAIL) {
      return failed(call);
    }
    long half = NvmeHost.submission(host, 0);
    switch (step) {
      case READ_CAPABILITIES -> {
        return read(call, Step.READ_CAPABILITIES_HIGH, CAPABILITIES);
      }
      case READ_CAPABILITIES_HIGH -> {
        call.set(Slot.LOW, call.result());
        return read(call, Step.DISABLE, CAPABILITIES + 4);
      }
      case DISABLE -> {
        host[NvmeHost.STRIDE] = 4L << (call.result() & 15);
        host[NvmeHost.PATIENCE] = Math.max(1, call.get(Slot.LOW) >>> 24) * 500_000;
        long least = call.result() >>> 16 & 15;
        return least != 0 || (call.get(Slot.LOW) & 0xFFFF) < NvmeHost.SLOTS - 1 ? failed(call) : write(call, Step.READ_DISABLED,
            CONFIGURATION, 0);
      }
      case READ_DISABLED -> {
        return read(call, Step.SEE_DISABLED, STATUS);
      }
      case SEE_DISABLED -> {
        return (call.result() & 1) != 0 ? again(call, host, Step.READ_DISABLED) : begin(call, host);
      }
      case WRITE_SUBMISSION -> {
        return write(call, Step.WRITE_SUBMISSION_HIGH, SUBMISSION, NvmeHost.submission(host, 0) & 0xFFFF_FFFFL);
      }
      case WRITE_SUBMISSION_HIGH -> {
        return write(call, Step.WRITE_COMPLETION, SUBMISSION + 4, half >>> 32);
      }
      case WRITE_COMPLETION -> {
        return write(call, Step.WRITE_COMPLETION_HIGH, COMPLETION, NvmeHost.completion(host, 0) & 0xFFFF_FFFFL);
      }
      case WRITE_COMPLETION_HIGH -> {
        return write(call, Step.ENABLE_CONTROLLER, COMPLETION + 4, half >>> 32);
      }
      case ENABLE_CONTROLLER -> {
        call.set(Slot.WAITED, 0);
        return write(call, Step.READ_READY, CONFIGURATION, ENABLED);
      }
      case READ_READY -> {
        return read(call, Step.SEE_READY, STATUS);
      }
      case SEE_READY -> {
        return (call.result() & 3) != 1 ? again(call, host, Step.READ_READY) : admin(call, Step.CREATE_COMPLETION, IDENTIFY, 0, NvmeHost
            .identity(host), 1, 0);
      }
      case CREATE_COMPLETION -> {
        int most = memory.get8(NvmeHost.identity(host) + 77);
        host[NvmeHost.MOST_DATA] = most == 0 ? NvmeHost.DATA_PAGES : Math.min(NvmeHost.DATA_PAGES, 1L << Math.min(most, 20));
        return admin(call, Step.CREATE_SUBMISSION, CREATE_COMPLETION, 0, NvmeHost.completion(host, 1), NvmeHost.SLOTS - 1 << 16 | 1, 1);
      }
      case CREATE_SUBMISSION -> {
        return admin(call, Step.CREATE_EVENT, CREATE_SUBMISSION, 0, NvmeHost.submission(host, 1), NvmeHost.SLOTS - 1 << 16 | 1, 1 << 16
            | 1);
      }
      case CREATE_EVENT -> {
        return EfiStep.call(Step.MANAGE, firmware.service(BootService.CREATE_EVENT), EXIT_BOOT_SERVICES, TPL_CALLBACK, firmware.function(
            layer,
            "Quiesce"), call.get(Slot.HOST), call.get(Slot.ROOM));
      }
      case MANAGE -> {
        host[NvmeHost.EVENT] = memory.get64(call.get(Slot.ROOM));
        layer.manage(firmware, controller, call.get(Slot.HOST));
        return admin(call, Step.LIST_NAMESPACES, IDENTIFY, 0, NvmeHost.identity(host), 2, 0);
      }
      case LIST_NAMESPACES -> {
        for (int i = 0; i < MOST_NAMESPACES; i++) {
          call.set(Slot.LIST, i, memory.get32(NvmeHost.identity(host) + 4L * i));
        }
        return new EfiStep.Go(Step.IDENTIFY_NAMESPACE);
      }
      case IDENTIFY_NAMESPACE -> {
        long space = call.get(Slot.SPACES) == MOST_NAMESPACES ? 0 : call.get(Slot.LIST, (int) call.get(Slot.SPACES));
        return space == 0 ? EfiStep.done() : admin(call, Step.ADD_NAMESPACE, IDENTIFY, space, NvmeHost.identity(host), 0, 0);
      }
      case ADD_NAMESPACE -> {
        layer.add(firmware, driver, controller, call.get(Slot.HOST), call.get(Slot.LIST, (int) call.get(Slot.SPACES)));
        call.set(Slot.SPACES, call.get(Slot.SPACES) + 1);
        return new EfiStep.Go(Step.IDENTIFY_NAMESPACE);
      }
      case DISABLE_FAILED -> {
        return write(call, Step.FAILED, CONFIGURATION, 0);
      }
      default -> {
        return EfiStep.done();
      }
    }
  }

  private static EfiStep failed(Call call) {
    call.firmware().report("NVMe controller: it doesn't become ready, or refuses a command that it must know");
    return EfiStep.done(EfiStatus.DEVICE_ERROR);
  }

  private static EfiStep again(Call call, long[] host, Step step) {
    call.set(Slot.WAITED, call.get(Slot.WAITED) + PAUSE);
    return call.get(Slot.WAITED) > host[NvmeHost.PATIENCE] ? failed(call) : new EfiStep.Wait(step, call.firmware().after(PAUSE));
  }

  private EfiStep begin(Call call, long[] host) {
    EfiRam memory = call.firmware().memory();
    host[NvmeHost.PAGES_AT] = call.firmware().pages(NvmeHost.PAGES);
    for (int queue = 0; queue < 2; queue++) {
      host[NvmeHost.QUEUES + queue * NvmeHost.PER_QUEUE + NvmeHost.PHASE] = 1;
    }
    for (int i = 1; i < NvmeHost.DATA_PAGES; i++) {
      memory.put64(NvmeHost.list(host) + 8L * (i - 1), NvmeHost.data(host) + (long) i * NvmeHost.PAGE);
    }
    return write(call, Step.WRITE_SUBMISSION, QUEUE_ATTRIBUTES, SIZES);
  }
}
